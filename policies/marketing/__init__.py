"""Policies that decide what the marketing budget is spent on, one file each."""
