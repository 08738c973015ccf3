"""What a scenario itself has at the keys that are tuned, defaults included."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.study.prepare import Plan
from sim.study.tune_space import Setting, Space

MOST_PLACES = 3
"""Keys that a hint names."""


def given_values(plan: Plan, space: Space) -> list[Any]:
    """Return the value at each parameter's key; None where there is nothing."""
    says = _says(plan)
    return [_at(says, one.full_key) for one in space]


def given_setting(space: Space, given: Sequence[Any]) -> Setting | None:
    """Return the setting nearest to what a scenario has; None where that lies outside the ranges."""
    found = [one.nearest(value) for one, value in zip(space, given, strict=True)]
    return tuple(number for number in found if number is not None) if None not in found else None


def where_it_is(plan: Plan, name: str) -> str:
    """Return a hint that tells at which dotted keys the scenario has a name; empty where at none, or at many."""
    places = [path for path in _paths(_says(plan)) if path.rpartition(".")[2] == name]
    return f"Did you mean {' or '.join(map(repr, places))}?" if 0 < len(places) <= MOST_PLACES else ""


def _says(plan: Plan) -> dict[str, Any]:
    """Return the scenario as plain values, policies' parameters and numbers with their evidence among them."""
    says: dict[str, Any] = plan.scenario.model_dump(mode="json", by_alias=True)
    for seam, who in plan.parts["policies"].items():
        block = says["policies"][seam]
        block["with"] = {**who["policy"]["parameters"], **block["with"]}
    return says


def _at(says: Any, key: str) -> Any:
    for part in key.split("."):
        if isinstance(says, list):
            says = says[int(part)] if part.isdecimal() and int(part) < len(says) else None
        else:
            says = says.get(part) if isinstance(says, Mapping) else None
    return says["value"] if isinstance(says, Mapping) and "evidence" in says else says


def _paths(says: Any, prefix: str = "") -> Iterator[str]:
    if isinstance(says, Mapping) and "evidence" not in says:
        for key, value in says.items():
            yield f"{prefix}{key}"
            yield from _paths(value, f"{prefix}{key}.")
