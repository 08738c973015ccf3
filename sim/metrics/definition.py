"""What a KPI is: a name, a unit, which way is better, and one line that says how it is computed."""

from dataclasses import dataclass
from typing import Literal

Better = Literal["up", "down", ""]


@dataclass(frozen=True, slots=True)
class Definition:
    """One KPI.

    Attributes
    ----------
    group : str
        The heading it is shown under.
    unit : str
        ``money`` is the scenario's currency in whole units, ``share`` a number between 0 and 1.
    better : str
        ``up``, ``down``, or nothing where neither is better by itself.
    meaning : str
    """

    name: str
    group: str
    unit: str
    better: Better
    meaning: str


def define(group: str, *rows: tuple[str, str, Better, str]) -> tuple[Definition, ...]:
    """Return the definitions of a group from (name, unit, better, meaning)."""
    return tuple(Definition(name, group, unit, better, meaning) for name, unit, better, meaning in rows)
