"""What the examples show, works."""
