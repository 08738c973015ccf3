"""The nearest name to one that does not exist."""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

MOST = 20_000
"""Names compared; a longer list is searched up to here."""
MOST_TOLD = 5


def guess(name: str, names: Iterable[str]) -> str:
    """Return a hint: the nearest of ``names``, whatever their case; the first few where none is near."""
    folded = {other.casefold(): other for other in islice(names, MOST)}
    if found := get_close_matches(name.casefold(), folded, n=1, cutoff=0.6):
        return f"Did you mean {folded[found[0]]!r}?"
    first = list(islice(folded.values(), MOST_TOLD + 1))
    more = ", ..." if len(first) > MOST_TOLD else ""
    return f"There are: {', '.join(map(repr, first[:MOST_TOLD]))}{more or '.'}" if first else ""
