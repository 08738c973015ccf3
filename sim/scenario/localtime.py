"""The scenario's start: local time without a zone."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from sim.scenario.refusal import allowed

EXAMPLE = "a local time without a zone, as in 2026-11-01T00:00"


def _read(value: Any) -> datetime:
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    except ValueError:
        raise allowed(EXAMPLE) from None
    if found.tzinfo is not None or (isinstance(value, str) and "-" not in value):
        raise allowed(EXAMPLE)
    return found


LocalTime = Annotated[
    datetime,
    BeforeValidator(_read),
    WithJsonSchema({"type": "string", "examples": ["2026-11-01T00:00", "2026-11-01"]}),
]
