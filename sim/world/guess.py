"""The nearest name to one that does not exist."""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

MOST = 20_000
"""Names compared; a longer list is searched up to here."""


def guess(name: str, names: Iterable[str]) -> str:
    """Return a hint with the nearest of ``names``, or nothing."""
    found = get_close_matches(name, list(islice(names, MOST)), n=1, cutoff=0.6)
    return f"Did you mean {found[0]!r}?" if found else ""
