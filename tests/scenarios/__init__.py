"""The scenarios that ship: what they say is true, and what they gave when last recorded."""
