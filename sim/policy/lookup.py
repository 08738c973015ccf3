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
from sim.policy.identity import identity
from sim.policy.parameters import PolicyInfo, checked, describe
from sim.policy.seams import SEAMS

__all__ = ["SEAMS", "PolicyInfo", "build", "find", "identity", "kinds", "listing"]


def find(seam: str, kind: str, trusted: Sequence[str] = (), key: str = "kind") -> type:
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
        Of the seam's block: ``kind`` or ``fallback``; a fallback is one that ships.

    Raises
    ------
    ScenarioError
        Where no such policy exists, or its module is not trusted.
    """
    if seam not in SEAMS:
        raise ScenarioError("policies", f"no seam {seam!r}", nearest(seam, list(SEAMS)))
    return _foreign(seam, kind, trusted) if ":" in kind and key == "kind" else _shipped(seam, kind, key)


def build(
    seam: str, kind: str, parameters: Mapping[str, Any] | None = None, trusted: Sequence[str] = (), key: str = "kind"
) -> Any:
    """Return the policy with its parameters checked: unknown keys, types and ranges."""
    return checked(find(seam, kind, trusted, key), parameters or {}, f"policies.{seam}.with")


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


def _shipped(seam: str, kind: str, key: str) -> type:
    known = kinds(seam)
    if kind not in known:
        raise ScenarioError(f"policies.{seam}.{key}", f"no policy {kind!r}", nearest(kind, known))
    module = importlib.import_module(f"policies.{SEAMS[seam].folder}.{kind}")
    found: type = getattr(module, class_name(kind))
    return found


def _foreign(seam: str, kind: str, trusted: Sequence[str]) -> type:
    where = f"policies.{seam}.kind"
    module, _, name = kind.partition(":")
    if not all(part.isidentifier() for part in [*module.split("."), name]):
        raise ScenarioError(where, f"{kind!r} is not of the form package.module:Class")
    if not any(module == it or module.startswith(f"{it}.") for it in trusted):
        why = f"{kind!r} would import code from {module!r}, which is not trusted"
        raise ScenarioError(where, why, f"If you trust it, say --trust {module}.")
    found = getattr(_import(where, module), name, None)
    method = SEAMS[seam].method
    if not isinstance(found, type) or not is_dataclass(found) or not hasattr(found, method):
        raise ScenarioError(where, f"{kind!r} is not a dataclass with a method {method!r}")
    return found


def _import(where: str, module: str) -> Any:
    with _current_folder_last():
        try:
            return importlib.import_module(module)
        except Exception as error:  # anybody's module: whatever it raises is told in one line
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
