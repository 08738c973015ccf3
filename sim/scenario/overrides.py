"""``--set a.b=c``: values from the command line, put into what the file says before it is validated."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from types import MappingProxyType
from typing import Any

from sim.errors import ScenarioError
from sim.scenario.document import dotted, read
from sim.scenario.shown import shown

NOTHING: Mapping[str, str] = MappingProxyType({})


def split_set(text: str) -> tuple[str, str]:
    """Return the dotted key and the text of the value of ``key=value``."""
    key, equals, value = text.partition("=")
    key = key.strip()
    if not equals or not key or not all(key.split(".")):
        raise ScenarioError(f"--set {dotted((text,))}", "is not of the form key=value", "As in --set stock.amount=7.")
    return key, value


def parameters_of(key: str) -> str:
    """Return the key of the parameters that a new ``kind`` of policy drops; nothing for other keys."""
    policies, _, rest = key.partition(".")
    seam, _, last = rest.partition(".")
    return f"policies.{seam}.with" if policies == "policies" and last == "kind" else ""


def override(
    says: Mapping[str, Any], sets: Sequence[str], called: Mapping[str, str] = NOTHING
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what a file says with the values put in, and the option that gave each key, as errors call it.

    A new ``kind`` of policy drops the parameters of the old one, ``with``.

    Parameters
    ----------
    called : mapping of str to str
        What to call the option where it was no ``--set``: by key, such as ``--vary recommender``.
    """
    changed, options = deepcopy(dict(says)), {}
    for text in sets:
        key, value = split_set(text)
        parts, where = key.split("."), called.get(key, f"--set {dotted((key,))}")
        owner = _owner(changed, parts, where)
        _put(owner, parts, read(value, where, inline=True).value, where)
        if dropped := parameters_of(key):
            owner.pop(dropped.rpartition(".")[2], None)
        options[key] = where
    return changed, options


def _owner(node: Any, parts: list[str], where: str) -> Any:
    """Return the mapping or list that holds the last part, made where the file does not write it."""
    for depth, part in enumerate(parts[:-1]):
        if isinstance(node, list):
            node = node[_index(node, part, where)]
        elif isinstance(node, dict):
            if node.get(part) is None:
                node[part] = _usual(parts[: depth + 1])
            node = node[part]
        else:
            _nothing_below(node, parts[:depth], where)
    return node


def _put(owner: Any, parts: list[str], value: Any, where: str) -> None:
    if isinstance(owner, list):
        owner[_index(owner, parts[-1], where)] = value
    elif isinstance(owner, dict):
        owner[parts[-1]] = value
    else:
        _nothing_below(owner, parts[:-1], where)


def _index(items: list[Any], part: str, where: str) -> int:
    if not part.isdecimal() or int(part) >= len(items):
        there = f"there are {len(items)}, numbered from 0" if items else "the list is empty"
        raise ScenarioError(where, f"found {part!r} for an item's number, {there}")
    return int(part)


def _nothing_below(node: Any, parts: list[str], where: str) -> None:
    raise ScenarioError(where, f"{'.'.join(parts)} is {shown(node)}, nothing lies below it")


def _usual(parts: list[str]) -> Any:
    """Return a fresh default list under a key, so that its items can be numbered, or an empty mapping."""
    node = _defaults()
    for part in parts:
        node = node.get(part) if isinstance(node, dict) else None
    return deepcopy(node) if isinstance(node, list) else {}


@cache
def _defaults() -> Any:
    from sim.scenario.scenario import Scenario

    return Scenario(name="defaults").model_dump(mode="json", by_alias=True)
