"""Policies that decide the price of each offer, one file each."""
