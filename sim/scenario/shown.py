"""Values as an error's one line shows them."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

LONGEST = 60
MOST_NAMES = 8


def shown(value: Any) -> str:
    """Return a value in one short line, as YAML has it; mappings and lists only by what they are."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if value is None:
        return "nothing"
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def nearest(name: object, known: Iterable[str], most: int = MOST_NAMES) -> str:
    """Return a hint: the nearest known name, or all that are known where they are at most so many."""
    names = list(known)
    close = get_close_matches(str(name), names, n=1)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Known: {', '.join(names)}." if 0 < len(names) <= most else ""
