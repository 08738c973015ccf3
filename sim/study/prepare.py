"""What is known of a run before anything is simulated: that it can run, which result it is, and where that lies."""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sim.errors import PolicyError, ScenarioError
from sim.policy.cast import PolicyCast, cast_policies
from sim.policy.hosts import ANY
from sim.policy.nested import foreign as foreign_kinds
from sim.policy.nested import without_foreign
from sim.policy.seams import CAST
from sim.record.folder import RunFolder
from sim.scenario.load import Loaded
from sim.scenario.policies import Policies, PolicyBlock
from sim.scenario.scenario import Scenario
from sim.scenario.size import check_size
from sim.study.identity import ingredients, run_hash
from sim.study.items import check_items
from sim.study.locate import located
from sim.world.catalogue_table import read_items
from sim.world.order_table import read_orders
from sim.world.population_table import read_homes, read_places

Block = TypeVar("Block", bound=PolicyBlock)
_CLASS = re.compile(r"(?<![\w.:])([A-Za-z_][\w.]*):[A-Za-z_]\w*(?![\w.:])")


@dataclass(frozen=True, slots=True)
class Plan:
    """A run that can be made.

    Attributes
    ----------
    label : str
        What an arm sets; empty outside comparisons.
    trusted : tuple of str
        Modules whose policies may be imported.
    parts : dict
        What determines the result.
    hash : str
        Its digest.
    """

    label: str
    loaded: Loaded
    trusted: tuple[str, ...]
    parts: dict[str, Any]
    hash: str
    folder: RunFolder

    @property
    def scenario(self) -> Scenario:
        """The scenario as it was loaded."""
        return self.loaded.scenario


def prepare(loaded: Loaded, out: Path, trusted: Sequence[str] = (), label: str = "") -> Plan:
    """Check everything that can be checked without a world; nothing is written yet.

    Parameters
    ----------
    out : Path
        The folder of runs' folders.

    Raises
    ------
    SimError
        With file, line and column where a key of the scenario is to blame.
    """
    with located(loaded):
        check_size(loaded.scenario)
        check_items(loaded.scenario)
        cast = _cast(loaded.scenario.policies, trusted)
        parts = ingredients(loaded.scenario, {seam: getattr(cast, seam) for seam in CAST})
    name = run_hash(parts)
    return Plan(label, loaded, tuple(trusted), parts, name, RunFolder.of(out, loaded.scenario.name, name))


def check_out(run: Path) -> None:
    """Refuse a place that a run's folder cannot be made in, before anything is simulated.

    Raises
    ------
    ScenarioError
    """
    there = next(path for path in (run, *run.parents) if os.path.lexists(path))
    if not there.is_dir():
        raise ScenarioError("--out", f"{str(there)!r} is no folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise ScenarioError("--out", f"nothing may be written in {str(there)!r}", "Name another folder with --out.")


def check_without_import(loaded: Loaded) -> list[str]:
    """Check what can be without a world and without anybody's module; return the kinds left unchecked, by their keys.

    The tables that parts are read from are read.
    """
    foreign: list[str] = []
    with located(loaded):
        check_size(loaded.scenario)
        for read in (read_items, read_places, read_homes):
            read(loaded.scenario)
        for number, demand in enumerate(loaded.scenario.demand):
            if demand.from_ is not None:
                read_orders(loaded.scenario, number)
        check_items(loaded.scenario)
        policies = loaded.scenario.policies
        for seam in CAST:
            block = getattr(policies, seam)
            policies = policies.model_copy(update={seam: _own(block, f"policies.{seam}", block.fallback, foreign)})
        shows = policies.recommender
        if shows.bootstrap is not None:
            early = _own(shows.bootstrap, "policies.recommender.bootstrap", shows.fallback, foreign)
            policies = policies.model_copy(update={"recommender": shows.model_copy(update={"bootstrap": early})})
        _cast(policies, (ANY,))  # nobody is talked to
    return foreign


def _own(block: Block, where: str, spare: str, foreign: list[str]) -> Block:
    """Return a policy's block with what ships in place of everybody's own classes, which are noted in ``foreign``."""
    if ":" in block.kind:
        foreign.append(f"{where}.kind {block.kind!r}")
        return block.model_copy(update={"kind": spare, "with_": {}})
    nested = list(foreign_kinds(block.with_, f"{where}.with"))
    foreign += [f"{place} {kind!r}" for place, kind in nested]
    return block.model_copy(update={"with_": without_foreign(block.with_)}) if nested else block


def _cast(policies: Policies, trusted: Sequence[str]) -> PolicyCast:
    try:
        return cast_policies(policies, trusted)
    except PolicyError as error:  # nothing runs yet: it is the scenario that asks for what cannot be
        raise ScenarioError(*error.args) from error


def named_modules(texts: Iterable[str]) -> list[str]:
    """Return the modules whose classes the command line names as ``module:Class``: naming them there is trust."""
    return [found[1] for text in texts for found in _CLASS.finditer(text)]
