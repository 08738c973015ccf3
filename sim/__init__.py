"""Streamstock: a discrete-event simulator of a livestream-commerce supply chain."""

__version__ = "0.1.0"
