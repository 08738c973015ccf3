"""What will be wanted: one method per file."""
