"""A scenario from its file: read, overridden, validated, its tables found.  The only way in from outside."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import ScenarioError
from sim.scenario.complaint import complaint
from sim.scenario.document import MOST_CHARACTERS, Document, read
from sim.scenario.editor import schema_json
from sim.scenario.overrides import NOTHING, override
from sim.scenario.resolved import to_yaml
from sim.scenario.scenario import Scenario
from sim.scenario.shown import nearest, shown
from sim.scenario.source import Source, overrule
from sim.scenario.starter import starter
from sim.scenario.tables import find_tables
from sim.scenario.variation import Arm, Variation, arms, vary

__all__ = [
    "Arm", "Loaded", "Variation", "arms", "load", "schema_json", "shipped", "starter", "to_yaml", "vary",
]  # fmt: skip

SUFFIXES = (".yaml", ".yml")
MOST_IN_NAME = 4096


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scenario, and where its keys stand: ``source.locate`` puts file and line in front of later errors."""

    scenario: Scenario
    source: Source
    path: Path


def load(
    name_or_path: str | Path,
    *,
    sets: Sequence[str] = (),
    data: Path | None = None,
    called: Mapping[str, str] = NOTHING,
) -> Loaded:
    """Load a scenario.

    Parameters
    ----------
    name_or_path : str or Path
        A file, or the name of a scenario that ships with the package.
    sets : sequence of str
        Overrides, ``a.b=c`` each, in order.
    data : Path or None
        A folder in which tables are looked for before the scenario's own.
    called : mapping of str to str
        What errors call an override that was no ``--set``, by its key.

    Raises
    ------
    ScenarioError
        With file, line, column and key: what was found, what is allowed, the nearest name.
    """
    path = _found(str(name_or_path))
    name = str(name_or_path) if path == Path(name_or_path) else path.name
    document = _read(path, name)
    says, options = override(document.value, sets, called)
    source = overrule(Source(name, document.places), options)
    scenario = validate(says, source)
    try:
        scenario._inputs.update(find_tables(scenario, path.parent, data))
    except ScenarioError as error:
        raise source.locate(error) from None
    return Loaded(scenario, source, path)


def validate(says: Any, source: Source) -> Scenario:
    """Return what a file says as a scenario, as strictly as JSON is read."""
    try:
        return Scenario.model_validate_json(json.dumps(says), strict=True, by_alias=True, by_name=False)
    except ValidationError as error:
        raise complaint(error, says, source) from None


def _found(name: str) -> Path:
    if not 0 < len(name) <= MOST_IN_NAME or "\0" in name:
        raise ScenarioError(shown(name), "is no name of a scenario, nor of its file")
    try:
        return find(name)
    except OSError as error:  # a folder that may not be looked into, a name too long for the file system
        raise ScenarioError(name, f"cannot be read: {error.strerror}") from None


def find(name: str) -> Path:
    """Return the path of a scenario: an existing file, or one that ships under this name."""
    path = Path(name)
    if path.is_file():
        return path
    if os.path.lexists(name):
        raise ScenarioError(name, "is a folder" if path.is_dir() else "is no regular file", "A scenario is a file.")
    if path.suffix in SUFFIXES or path.name != name:
        beside = path.parent.iterdir() if path.parent.is_dir() else ()
        raise ScenarioError(name, "there is no such file", nearest(path.name, _scenarios(beside)))
    if name not in shipped():
        raise ScenarioError(name, "no scenario of this name ships with the package", nearest(name, shipped()))
    return _folder() / f"{name}{SUFFIXES[0]}"


def shipped() -> list[str]:
    """Return the names of the scenarios that ship with the package, sorted."""
    return sorted(name.removesuffix(SUFFIXES[0]) for name in _scenarios(_folder().iterdir()))


def _folder() -> Path:
    return Path(str(files("scenarios")))


def _scenarios(paths: Any) -> list[str]:
    return [path.name for path in paths if path.suffix in SUFFIXES and path.is_file()]


def _read(path: Path, name: str) -> Document:
    """Read at most as much as a scenario may be."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_CHARACTERS + 1)
    except OSError as error:
        raise ScenarioError(name, f"cannot be read: {error.strerror}") from None
    if len(content) > MOST_CHARACTERS:
        raise ScenarioError(name, f"is larger than 1 MB ({MOST_CHARACTERS:,} bytes)")
    try:
        document = read(content.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        raise ScenarioError(name, f"is not UTF-8 text (byte {error.start})") from None
    if not isinstance(document.value, dict):
        raise ScenarioError(name, f"found {shown(document.value)}, allowed a mapping of keys")
    return document
