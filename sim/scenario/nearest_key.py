"""What key was meant by one that does not exist: one of those that may stand there, or one from elsewhere."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import cache

from pydantic import BaseModel

from sim.scenario.parts import name_of
from sim.scenario.scenario import Scenario
from sim.scenario.shown import nearest

ALIKE = 0.9
"""How alike a key that belongs elsewhere must be."""
MOST_PLACES = 3


def nearest_key(name: str, known: Sequence[str]) -> str:
    """Return a hint: the nearest of the keys that may stand there; a dotted key where the name belongs elsewhere."""
    elsewhere = {key: places for key, places in _places().items() if key not in known}
    close = get_close_matches(name, [*known, *elsewhere], n=1)
    if not close or close[0] in known or SequenceMatcher(None, close[0], name).ratio() < ALIKE:
        return nearest(name, known)
    return f"Did you mean {' or '.join(map(repr, elsewhere[close[0]]))}?"


@cache
def _places() -> dict[str, list[str]]:
    """Return where each key may stand, those left out that stand in many places."""
    found: dict[str, list[str]] = {}
    for path in _paths(Scenario, ""):
        found.setdefault(path.rpartition(".")[2], []).append(path)
    return {key: places for key, places in found.items() if len(places) <= MOST_PLACES}


def _paths(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        path = f"{prefix}{name_of(name, field)}"
        yield path
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _paths(field.annotation, f"{path}.")
