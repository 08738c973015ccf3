"""Policies by name.

``kind: item_knn`` under ``recommender`` is the class ItemKnn in policies/recommenders/item_knn.py;
``kind: package.module:Class`` is anybody's class, imported only from a module that the user trusts.
"""

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import is_dataclass
from difflib import get_close_matches
from keyword import iskeyword
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError
from sim.policy.hosts import ANY, check_hosts
from sim.policy.identity import identity
from sim.policy.nested import STAND_IN
from sim.policy.parameters import PolicyInfo, checked, describe
from sim.policy.seams import SEAMS
from sim.scenario.document import dotted
from sim.scenario.shown import shown

MOST_DEPTH = 8
"""Policies inside policies inside policies."""

__all__ = ["SEAMS", "PolicyInfo", "build", "find", "identity", "kinds", "listing"]


def find(seam: str, kind: str, trusted: Sequence[str] = (), key: str = "kind", block: str = "") -> type:
    """Return the class that ``kind`` names under ``seam``.

    Parameters
    ----------
    seam : str
        A key of `SEAMS`.
    kind : str
        A shipped name, or ``module:Class``.
    trusted : sequence of str
        Modules (or packages of them) that the user allows to be imported.
    key : str
        Of the block: ``kind`` or ``fallback``; a fallback is one that ships.
    block : str
        The dotted key of the block; by default the seam's own.

    Raises
    ------
    ScenarioError
        Where no such policy exists, or its module is not trusted.
    """
    if seam not in SEAMS:
        raise ScenarioError("policies", f"no seam {seam!r}", nearest(seam, list(SEAMS)))
    where = f"{block or f'policies.{seam}'}.{key}"
    return _foreign(seam, kind, trusted, where) if ":" in kind and key == "kind" else _shipped(seam, kind, where)


def build(
    seam: str,
    kind: str,
    parameters: Mapping[str, Any] | None = None,
    trusted: Sequence[str] = (),
    key: str = "kind",
    block: str = "",
) -> Any:
    """Return the policy with its parameters checked: unknown keys, types and ranges.

    Policies among the parameters are built alike, and trusted no further.  ``block`` is the dotted key that errors
    name; by default the seam's own.
    """
    return _built(seam, kind, parameters or {}, trusted, key, block or f"policies.{seam}", 0)


def kinds(seam: str) -> list[str]:
    """Return the names that ship for a seam, sorted."""
    package = importlib.import_module(f"policies.{SEAMS[seam].folder}")
    return sorted(m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_"))


def listing() -> dict[str, list[PolicyInfo]]:
    """Return what ships, per seam: names, first lines, parameters with units, defaults and ranges."""
    return {seam: [describe(kind, find(seam, kind)) for kind in kinds(seam)] for seam in SEAMS}


def nearest(name: str, known: Sequence[str]) -> str:
    """Return a hint: the nearest known name, or all of them."""
    close = get_close_matches(name, known, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(known)}."


def class_name(kind: str) -> str:
    """Return ``ItemKnn`` for ``item_knn``; ``NonePolicy`` for ``none``, which is a Python keyword."""
    name = "".join(part.capitalize() for part in kind.split("_"))
    return f"{name}Policy" if iskeyword(name) else name


def _built(
    seam: str, kind: str, parameters: Mapping[str, Any], trusted: Sequence[str], key: str, block: str, depth: int
) -> Any:
    def build_inside(seam: str, given: Any, where: str) -> Any:
        if depth == MOST_DEPTH:
            raise ScenarioError(where, f"policies lie inside one another more than {MOST_DEPTH} deep")
        kind, parameters = _block(seam, given, where)
        if kind == STAND_IN and ANY in trusted:
            kind = SEAMS[seam].spare
        return _built(seam, kind, parameters, trusted, "kind", where, depth + 1)

    policy = checked(find(seam, kind, trusted, key, block), parameters, f"{block}.with", build_inside)
    check_hosts(policy, trusted, f"{block}.with")
    return policy


def _block(seam: str, given: Any, where: str) -> tuple[str, Mapping[str, Any]]:
    """Return kind and parameters of a policy that is a parameter."""
    if isinstance(given, str):
        if ":" in given:
            raise ScenarioError(
                where, f"found {given!r}, allowed the name of one that ships", "Say {kind: ...} for yours."
            )
        return given, {}
    if not isinstance(given, Mapping) or not isinstance(given.get("kind"), str):
        raise ScenarioError(where, f"found {shown(given)}, allowed a {seam} policy", "As in {kind: name, with: {...}}.")
    for name in given:
        if name not in ("kind", "with"):
            raise ScenarioError(f"{where}.{dotted((name,))}", "a policy inside another has but kind and with")
    parameters = given.get("with")
    if not isinstance(parameters, Mapping | None):
        raise ScenarioError(f"{where}.with", f"found {shown(parameters)}, allowed a mapping")
    return given["kind"], parameters or {}


def _shipped(seam: str, kind: str, where: str) -> type:
    known = kinds(seam)
    if kind not in known:
        raise ScenarioError(where, f"no policy {kind!r}", nearest(kind, known))
    module = importlib.import_module(f"policies.{SEAMS[seam].folder}.{kind}")
    found: type = getattr(module, class_name(kind))
    return found


def _foreign(seam: str, kind: str, trusted: Sequence[str], where: str) -> type:
    module, _, name = kind.partition(":")
    if not all(part.isidentifier() for part in [*module.split("."), name]):
        raise ScenarioError(where, f"{kind!r} is not of the form package.module:Class")
    if not any(module == it or module.startswith(f"{it}.") for it in trusted):
        why = f"{kind!r} would import code from {module!r}, which is not trusted"
        raise ScenarioError(where, why, f"If you trust it, say --trust {module}.")
    there = _import(where, module)
    found, method = getattr(there, name, None), SEAMS[seam].method
    if found is None:
        classes = [name for name, what in vars(there).items() if isinstance(what, type) and hasattr(what, method)]
        hint = nearest(name, classes) if classes else ""
        raise ScenarioError(where, f"module {module!r} has no class {name!r}", hint)
    if not isinstance(found, type) or not is_dataclass(found) or not hasattr(found, method):
        raise ScenarioError(where, f"{kind!r} is not a dataclass with a method {method!r}")
    return found


def _import(where: str, module: str) -> Any:
    with _current_folder_last():
        try:
            return importlib.import_module(module)
        except (Exception, SystemExit) as error:  # anybody's module: whatever it raises is told in one line
            why = f"module {module!r} cannot be imported ({type(error).__name__}: {error})"
            raise ScenarioError(where, why) from error


@contextmanager
def _current_folder_last() -> Any:
    """Let the current folder be imported from, behind everything that is installed."""
    here = str(Path.cwd())
    sys.path.append(here)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        # the last one is ours; an import may have put others in front
        del sys.path[len(sys.path) - 1 - sys.path[::-1].index(here)]
