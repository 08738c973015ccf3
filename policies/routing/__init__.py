"""Policies that decide the rounds of a depot's vans, one file each."""
