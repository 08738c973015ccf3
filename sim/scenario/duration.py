"""Durations: minutes on the time grid, written with their unit."""

import re
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from math import ceil
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from sim.scenario.refusal import allowed
from sim.schema.clock import MINUTES_PER_DAY, TICKS_PER_MINUTE, to_minutes, to_ticks

_TICKS = {
    "day": Fraction(1440 * TICKS_PER_MINUTE),
    "h": Fraction(60 * TICKS_PER_MINUTE),
    "min": Fraction(TICKS_PER_MINUTE),
    "s": Fraction(TICKS_PER_MINUTE, 60),
    "week": Fraction(10080 * TICKS_PER_MINUTE),
}
_NAMES = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), "s"),
    **dict.fromkeys(("min", "minute", "minutes"), "min"),
    **dict.fromkeys(("h", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "day"),
    **dict.fromkeys(("w", "week", "weeks"), "week"),
}
_PATTERN = re.compile(r"^\s*([0-9]{1,15}(?:\.[0-9]{1,20})?)\s*([a-z]+)\s*$")
JSON_PATTERN = rf"^\s*[0-9]{{1,15}}(\.[0-9]{{1,20}})?\s*({'|'.join(_NAMES)})\s*$"
LONGEST = 36_500 * MINUTES_PER_DAY
EXAMPLE = "'14 days' or '30 min'"


def minutes(text: str) -> float:
    """Return a duration such as ``"14 days"`` or ``"90 s"`` as minutes, rounded up to the grid."""
    found = _PATTERN.match(text)
    if not found or found[2] not in _NAMES:
        raise ValueError(f"{text!r} is no duration: write a number and its unit, as in {EXAMPLE}")
    return to_minutes(ceil(Fraction(found[1]) * _TICKS[_NAMES[found[2]]]))


def format_duration(value: float) -> str:
    """Return a short text that reads back as exactly ``value`` minutes (on the grid)."""
    ticks = to_ticks(value)
    for places in range(4):
        for unit, length in _TICKS.items():
            if unit != "week" and (text := _rounded(ticks, unit, length, places)):
                return text
    return f"{Decimal(to_minutes(ticks)):f} min"


def _rounded(ticks: int, unit: str, length: Fraction, places: int) -> str:
    """Return the duration in a unit with so many decimals, or nothing where that reads back as another."""
    exact = ticks / length
    number = (Decimal(exact.numerator) / exact.denominator).quantize(Decimal(1).scaleb(-places), ROUND_FLOOR)
    text = f"{number} {unit}{'s' if unit == 'day' and number != 1 else ''}"
    return text if ceil(Fraction(number) * length) == ticks else ""


def _read(value: Any) -> float:
    if not isinstance(value, str):
        raise allowed(f"a duration, which carries its unit: {EXAMPLE}")
    try:
        found = minutes(value)
    except ValueError:
        raise allowed(f"a number and its unit, as in {EXAMPLE}") from None
    if found > LONGEST:
        raise allowed("at most 36500 days")
    return found


def _positive(value: float) -> float:
    if value <= 0:
        raise allowed("a duration above zero")
    return value


def _of_day(value: float) -> float:
    if value >= MINUTES_PER_DAY:
        raise allowed("a time of day: less than '24 h' after midnight")
    return value


Duration = Annotated[
    float,
    BeforeValidator(_read),
    PlainSerializer(format_duration, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": JSON_PATTERN, "examples": ["14 days", "30 min", "8 s"]}),
]
Period = Annotated[Duration, AfterValidator(_positive)]
"""A duration after which something happens again: never zero."""
TimeOfDay = Annotated[Duration, AfterValidator(_of_day)]
"""Time after midnight."""
