"""The scenario's start: local time without a zone."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from sim.scenario.refusal import allowed

EXAMPLE = "a local time without a zone, as in 2026-11-01T00:00"
YEARS = range(1900, 2201)
"""Later ones, and earlier, overflow the nanoseconds that tables count in."""


def _read(value: Any) -> datetime:
    found = value if isinstance(value, datetime) else _parsed(value)
    if found.tzinfo is not None:
        raise allowed(EXAMPLE)
    if found.year not in YEARS:
        raise allowed(f"the years {YEARS[0]} to {YEARS[-1]}")
    return found


def _parsed(value: Any) -> datetime:
    """Return a text such as ``2026-11-01`` or ``2026-11-01T08:30`` as a time."""
    if not isinstance(value, str) or "-" not in value:
        raise allowed(EXAMPLE)
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        raise allowed(EXAMPLE) from None


LocalTime = Annotated[
    datetime,
    BeforeValidator(_read),
    WithJsonSchema({"type": "string", "examples": ["2026-11-01T00:00", "2026-11-01"]}),
]
