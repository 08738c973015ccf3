"""What a scenario would simulate, before anything is."""

from typing import Any

from sim.report.figures import count, size
from sim.scenario.scenario import Scenario
from sim.scenario.size import estimate_bytes
from sim.schema.clock import MINUTES_PER_DAY


def summary(scenario: Scenario) -> dict[str, Any]:
    """Return the scenario's measures as plain values; numbers that a table decides are null."""
    population, catalogue = scenario.population, scenario.catalogue
    return {
        "scenario": scenario.name,
        "question": scenario.question,
        "consumers": None if population.from_ else population.consumers,
        "items": None if catalogue.from_ else catalogue.items,
        "days": scenario.horizon / MINUTES_PER_DAY,
        "warm_up_days": scenario.warm_up / MINUTES_PER_DAY,
        "replications": scenario.replications,
        "memory_bytes": estimate_bytes(scenario),
        "policies": {seam: block["kind"] for seam, block in scenario.policies.model_dump().items()},
    }


def summary_line(about: dict[str, Any]) -> str:
    """Return the summary in one line that begins with OK."""
    consumers, items = about["consumers"], about["items"]
    parts = (
        "consumers from a table" if consumers is None else count(consumers, "consumer"),
        "items from a table" if items is None else count(items, "item"),
        f"{about['days']:g} days ({about['warm_up_days']:g} of them warm-up)",
        count(about["replications"], "replication"),
        f"about {size(about['memory_bytes'])} each",
    )
    return f"OK {about['scenario']}: {', '.join(parts)}"
