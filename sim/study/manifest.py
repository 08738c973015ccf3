"""What a run's manifest says: what determined the result, on which machine, at what cost."""

import platform
import resource
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

KIBIBYTE = 1024


@dataclass(frozen=True, slots=True)
class Told:
    """What one replication took, and what there is to say of it beside its KPIs.

    Attributes
    ----------
    seconds : float
        Of real time.
    peak_memory : int, bytes
        Of the process that ran it, so far.
    notes : tuple of str
        What was left out of the tables it was built from.
    faults : dict of str to str
        The first error at each seam that had any, verbatim.
    reproducible : bool
        Whether another run must give the same: not where real time had a say in a policy's answers.
    """

    seconds: float
    peak_memory: int
    notes: tuple[str, ...] = ()
    faults: dict[str, str] = field(default_factory=dict)
    reproducible: bool = True


def manifest(
    name: str, run_hash: str, parts: Mapping[str, Any], told: Mapping[int, Told], before: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the manifest as plain values.

    Parameters
    ----------
    parts : mapping
        The hash's ingredients.
    told : mapping of replication to Told
        Of the replications simulated now.
    before : mapping
        The manifest of an earlier session of the same run, whose replications stand; empty if none.
    """
    all_told = {**before.get("replications", {}), **{str(number): asdict(one) for number, one in told.items()}}
    return {
        "scenario": name,
        "hash": run_hash,
        "seed": parts["scenario"]["seed"],
        "versions": {**parts["versions"], "python": platform.python_version()},
        "policies": parts["policies"],
        "inputs": parts["inputs"],
        "source": parts["source"],
        "reproducible": all(one.get("reproducible", True) for one in all_told.values()),
        "processor": processor(),
        "platform": platform.platform(),
        "wall_seconds": round(sum(one["seconds"] for one in all_told.values()), 3),
        "peak_memory": max((one["peak_memory"] for one in all_told.values()), default=0),
        "replications": dict(sorted(all_told.items(), key=lambda item: int(item[0]))),
    }


def processor() -> str:
    """Return the processor's name: scores may differ in the last bit between kinds of machine."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()


def peak_memory() -> int:
    """Return the most memory this process has held, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if platform.system() == "Darwin" else peak * KIBIBYTE
