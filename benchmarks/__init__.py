"""How fast: `python -m benchmarks` (or `make bench`) prints a table of CPU seconds and of ratios within one run."""
