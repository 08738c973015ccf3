"""What is written down while a world runs, and the run's folder."""
