"""The parts of a scenario by their dotted keys."""

from collections.abc import Iterator
from typing import Any

from pydantic.fields import FieldInfo

from sim.scenario.parameter import Base


def parts(model: Base, prefix: str = "") -> Iterator[tuple[str, Base]]:
    """Yield every part below a model with its dotted key, outermost first."""
    for name, field in type(model).model_fields.items():
        yield from _below(getattr(model, name), f"{prefix}{name_of(name, field)}")


def name_of(name: str, field: FieldInfo) -> str:
    """Return what a field is called in the file."""
    return field.alias or name


def _below(value: Any, key: str) -> Iterator[tuple[str, Base]]:
    if isinstance(value, Base):
        yield key, value
        yield from parts(value, f"{key}.")
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _below(item, f"{key}.{number}")
