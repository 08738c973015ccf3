"""Worlds to copy from; each file opens with the question it answers."""
