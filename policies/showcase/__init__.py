"""Policies that decide what creators show, one file each."""
