"""Where the tables lie that parts of a scenario are read from: under its folder or ``--data``, nowhere else."""

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from sim.errors import ScenarioError
from sim.scenario.inputs import FromTable, Join
from sim.scenario.parts import parts
from sim.scenario.scenario import Scenario
from sim.scenario.shown import nearest

KINDS = (".csv", ".parquet")
MOST_LISTED = 1000


def find_tables(scenario: Scenario, folder: Path, data: Path | None) -> dict[str, Path]:
    """Return the resolved path of each part's table, by the part's dotted key.

    Parameters
    ----------
    folder : Path
        The scenario's own.
    data : Path or None
        Looked in first.

    Raises
    ------
    ScenarioError
        Where a table does not exist, or lies outside both folders once links are followed.
    """
    if data is not None and not data.is_dir():
        raise ScenarioError("--data", f"there is no folder {str(data)!r}")
    folders = [place.resolve() for place in (data, folder) if place is not None]
    return {
        key: _find(f"{key}.from", part.from_, folders)
        for key, part in parts(scenario)
        if isinstance(part, FromTable | Join) and part.from_ is not None
    }


def _find(where: str, name: str, folders: Sequence[Path]) -> Path:
    if not name.isprintable() or not name.endswith(KINDS):
        raise ScenarioError(where, f"found {name!r}, allowed the name of a {' or '.join(KINDS)} file")
    inside = list(_inside(name, folders))
    if not inside:
        raise ScenarioError(where, f"found {name!r}, allowed a file under the scenario's folder or --data")
    try:
        for path in inside:
            if path.is_file():
                return path
    except OSError as error:  # a folder that may not be looked into
        raise ScenarioError(where, f"{name!r} cannot be read: {error.strerror}") from None
    ask = "Does it lie elsewhere? Say --data." if len(folders) == 1 else ""
    raise ScenarioError(where, f"there is no file {name!r}", nearest(Path(name).name, _beside(inside)) or ask)


def _inside(name: str, folders: Sequence[Path]) -> Iterator[Path]:
    """Yield where the table may lie; what leads out of a folder, by ``..``, by a link or from the root, is not."""
    for folder in folders:
        path = (folder / name).resolve()
        if path.is_relative_to(folder):
            yield path


def _beside(paths: Sequence[Path]) -> list[str]:
    """Return the names of the tables that do exist where one was looked for."""
    folders = [path.parent for path in paths if path.parent.is_dir() and os.access(path.parent, os.R_OK | os.X_OK)]
    beside = [other for folder in folders for other in islice(folder.iterdir(), MOST_LISTED)]
    return [path.name for path in beside if path.suffix in KINDS and path.is_file()]
