"""How consumers decide: array functions and compiled kernels.  No SimPy, no I/O, no global randomness."""
