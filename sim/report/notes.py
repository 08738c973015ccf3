"""What must be known of a table: orders still open, faults at the seams, rows left out, what rests on assumptions."""

from sim.report.figures import count
from sim.scenario.assumptions import by_evidence
from sim.study.run import RunResult

MOST_CHARACTERS = 200


def notes(result: RunResult) -> list[str]:
    """Return the lines that stand under a run's table."""
    parts = (_kept, _alone, _real_time, _twins, _open_orders, faults, _of_tables)
    return [*(line for part in parts for line in part(result)), _evidence(result)]


def faults(result: RunResult) -> list[str]:
    """Return a line for each seam whose policy failed: how often over all replications, and how first."""
    rows = result.rows
    rows = rows[(rows["name"] == "policy_faults") & (rows["dimension"] == "seam") & (rows["value"] > 0)]
    told = []
    for seam, times in rows.groupby("key", sort=True)["value"].sum().items():
        first = next((one["faults"][seam] for one in _replications(result) if seam in one.get("faults", {})), "")
        said = f" (first: {_one_line(first)})" if first else ""
        told.append(f"The {seam} policy failed {count(int(times), 'time')}{said}; its fallback served.")
    return told


def _one_line(text: str) -> str:
    """Return what somebody's code said as one line of bounded length that cannot steer a terminal."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    return line if len(line) <= MOST_CHARACTERS else f"{line[:MOST_CHARACTERS]}..."


def _kept(result: RunResult) -> list[str]:
    kept = result.replications - result.simulated
    return [f"{count(kept, 'replication')} kept from before, {result.simulated} simulated now."] if kept else []


def _real_time(result: RunResult) -> list[str]:
    if result.reproducible:
        return []
    return ["Real time had a say in a policy's answers: another run may give other numbers."]


def _alone(result: RunResult) -> list[str]:
    if result.replications > 1:
        return []
    return ["One replication tells no interval: ask for more with --replications."]


def _twins(result: RunResult) -> list[str]:
    return [f"Held against the {one.label} in {one.folder.path}." for one in result.twins]


def _open_orders(result: RunResult) -> list[str]:
    still = result.kpis.get("open_orders")
    if still is None or not still.sum() > 0:
        return []
    return [f"Still open after the drain: {count(int(still.sum()), 'order')} in all replications together."]


def _of_tables(result: RunResult) -> list[str]:
    return list(dict.fromkeys(note for one in _replications(result) for note in one.get("notes", [])))


def _evidence(result: RunResult) -> str:
    found = by_evidence(result.plan.scenario)
    told = ", ".join(f"{found[kind]} {kind}" for kind in ("assumed", "published", "measured"))
    return f"Of the {sum(found.values())} numbers with evidence in this scenario: {told}."


def _replications(result: RunResult) -> list[dict[str, dict[str, str]]]:
    """Return what the manifest says of each replication, in order."""
    return list(result.plan.folder.manifest().get("replications", {}).values())
