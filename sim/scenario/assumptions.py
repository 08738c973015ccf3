"""What a scenario's numbers rest on: every one that carries its evidence."""

from dataclasses import dataclass

from sim.scenario.parameter import Parameter
from sim.scenario.parts import parts
from sim.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Assumption:
    """One number: ``low`` and ``high`` are its plausible range where one is given."""

    key: str
    value: float
    evidence: str
    source: str
    low: float | None
    high: float | None


def assumptions(scenario: Scenario) -> list[Assumption]:
    """Return every number with evidence, by dotted key in the order of the models."""
    return [
        Assumption(key, part.value, part.evidence, part.source, part.low, part.high)
        for key, part in parts(scenario)
        if isinstance(part, Parameter)
    ]


def by_evidence(scenario: Scenario) -> dict[str, int]:
    """Return how many numbers are measured, published and assumed."""
    counts = dict.fromkeys(("measured", "published", "assumed"), 0)
    for one in assumptions(scenario):
        counts[one.evidence] += 1
    return counts
