"""Scenario files for tests, and what is said about bad ones."""

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import Loaded, load


def write(folder: Path, text: str, name: str = "x.yaml") -> Path:
    """Write a scenario's file; return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def loaded(folder: Path, text: str, *sets: str) -> Loaded:
    """Return what a text loads as."""
    return load(write(folder, text), sets=sets)


def refusal(folder: Path, text: str, *sets: str) -> str:
    """Return the one line that refuses a text, without the folder in front of the file."""
    with pytest.raises(ScenarioError) as caught:
        load(write(folder, text), sets=sets)
    line = str(caught.value)
    assert "\n" not in line
    return line.removeprefix(f"{folder}/")
