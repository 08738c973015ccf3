"""The seams: what a policy must offer, how it is found by name, and how its faults are contained."""
