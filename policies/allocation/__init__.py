"""Policies that decide which node serves an order line, one file each."""
