"""Studies: a world run with replications, worlds compared under different policies."""
