"""Policies that decide what is ordered, one file each."""
