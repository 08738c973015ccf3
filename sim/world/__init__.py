"""What is true now, and its laws.  No SimPy, no decisions."""
