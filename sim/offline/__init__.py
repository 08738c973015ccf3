"""Judging recommenders on a log, without simulating."""
