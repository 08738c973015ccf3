"""Durations: minutes on the time grid, written with their unit."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from sim.schema.clock import to_minutes, to_ticks

UNITS = {"s": 1 / 60, "min": 1.0, "h": 60.0, "day": 1440.0, "week": 10080.0}
_NAMES = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), "s"),
    **dict.fromkeys(("min", "minute", "minutes"), "min"),
    **dict.fromkeys(("h", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "day"),
    **dict.fromkeys(("w", "week", "weeks"), "week"),
}
_PATTERN = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$")


def minutes(text: str) -> float:
    """Return a duration such as ``"14 days"`` or ``"90 s"`` as minutes on the grid."""
    found = _PATTERN.match(text)
    if not found or found[2] not in _NAMES:
        raise ValueError(f"{text!r} is no duration: write a number and its unit, as in '14 days' or '30 min'")
    return to_minutes(to_ticks(float(found[1]) * UNITS[_NAMES[found[2]]]))


def format_duration(value: float) -> str:
    """Return the shortest text that reads back as exactly ``value`` minutes."""
    for unit in ("day", "h", "min", "s"):
        number = value / UNITS[unit]
        text = f"{number:.10g} {unit}{'s' if unit == 'day' and number != 1 else ''}"
        if number == round(number, 4) and minutes(text) == value:
            return text
    return f"{value!r} min"


def _read(value: Any) -> float:
    if isinstance(value, str):
        return minutes(value)
    raise ValueError("a duration carries its unit: write '14 days' or '30 min'")


Duration = Annotated[
    float,
    BeforeValidator(_read),
    PlainSerializer(format_duration, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": _PATTERN.pattern, "examples": ["14 days", "30 min", "8 s"]}),
]
