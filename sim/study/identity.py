"""Which result this is: the hash of all that determines it."""

import json
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sim
from sim.errors import ScenarioError
from sim.policy.identity import identity
from sim.scenario.scenario import Scenario

LIBRARIES = ("numpy", "numba", "ortools", "scikit-learn", "scipy", "simpy", "pandas", "statsmodels")
NOT_THE_RESULT = frozenset({"question", "replications", "record", "real"})
"""Parts of a scenario that do not change what happens in a replication."""
_DETERMINING = ("schema", "scenario", "world", "behaviour", "policy", "record", "processes", "metrics")
"""The packages a replication's numbers come from; studies and reports only gather and show them."""


def ingredients(scenario: Scenario, guards: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything that determines the replications, as plain values.

    Parameters
    ----------
    guards : mapping of seam to Guard
        The contained policies; each tells its policy and its fallback.
    """
    return {
        "scenario": scenario.model_dump(mode="json", by_alias=True, exclude=set(NOT_THE_RESULT)),
        "inputs": {
            key: _digest_of_table(key, path)
            for key, path in sorted(scenario._inputs.items())
            if key.partition(".")[0] not in NOT_THE_RESULT
        },
        "policies": {
            seam: {"policy": identity(guards[seam].policy), "fallback": identity(guards[seam].fallback)}
            for seam in guards
        },
        "versions": versions(),
        "source": source_digest(),
    }


def _digest_of_table(key: str, path: Path) -> str:
    try:
        return digest([path])
    except OSError as error:
        raise ScenarioError(f"{key}.from", f"{path.name}: cannot be read: {error.strerror}") from error


def run_hash(parts: Mapping[str, Any]) -> str:
    """Return the twelve characters that name a result, from `ingredients`."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, default=str)
    return blake2b(text.encode(), digest_size=6).hexdigest()


def versions() -> dict[str, str]:
    """Return the versions that may change a result's last digit."""
    return {"streamstock": sim.__version__, **{name: version(name) for name in LIBRARIES}}


def source_digest() -> str:
    """Return the digest of the package's own sources that replications run."""
    root = Path(sim.__file__).resolve().parent
    files = [path for folder in _DETERMINING for path in sorted((root / folder).rglob("*.py"))]
    return digest(files, root)


def digest(paths: Iterable[Path], root: Path | None = None) -> str:
    """Return the digest of files' contents; below ``root`` also of their names."""
    total = blake2b(digest_size=16)
    for path in paths:
        if root is not None:
            total.update(f"{path.relative_to(root).as_posix()}:{path.stat().st_size}:".encode())
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                total.update(block)
    return total.hexdigest()
