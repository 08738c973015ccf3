"""Policies that decide what is shown, one file each."""
