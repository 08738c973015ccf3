"""A model's complaints in the house's words: one line for the first, and how many more there are."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from sim.errors import ScenarioError
from sim.scenario.document import dotted
from sim.scenario.nearest_key import nearest_key
from sim.scenario.parts import name_of
from sim.scenario.refusal import REFUSED
from sim.scenario.scenario import Scenario
from sim.scenario.shown import nearest, shown
from sim.scenario.source import Source

Loc = tuple[str | int, ...]

MOST_LINES = 100
"""Errors that are put into words; of the others only the number is told."""

# What a library's kind of error allows, in words; {names} are the error's own values.
_ALLOWED = {
    "allowed": "{what}",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "finite_number": "a finite number",
    "float_type": "a number",
    "greater_than": "> {gt}",
    "greater_than_equal": ">= {ge}",
    "int_type": "a whole number",
    "less_than": "< {lt}",
    "less_than_equal": "<= {le}",
    "literal_error": "{expected}",
    "model_type": "a mapping",
    "string_pattern_mismatch": "text like {pattern}",
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "at least {min_length} characters",
    "string_type": "text",
    "too_long": "at most {max_length}",
    "too_short": "at least {min_length}",
    "tuple_type": "a list",
    "union_tag_invalid": "{expected_tags}",
}


def complaint(error: ValidationError, says: Any, source: Source) -> ScenarioError:
    """Return the first of a validation's errors in the order of the file, located, with the number of the others.

    What is missing stands nowhere in the file and comes last: it may be there under the wrong name.
    """
    errors = _deepest(error)
    errors.sort(key=lambda one: (one["type"] == "missing", source.line(dotted(_path(one, says)))))
    found = list(_merged([_line(one, says) for one in errors[:MOST_LINES]]))
    others = len(found) - 1 + len(errors[MOST_LINES:])
    where, why, hint = found[0].args
    more = f"And {others:,} more." if others else ""
    return ScenarioError(source.place(where), why, f"{hint} {more}".strip())


def _deepest(error: ValidationError) -> list[Any]:
    """Return the errors without those that only follow from another, deeper one."""
    errors = error.errors(include_url=False)
    above = {one["loc"][:depth] for one in errors for depth in range(len(one["loc"]))}
    return [one for one in errors if one["loc"] not in above]


def _merged(lines: Sequence[ScenarioError]) -> Iterator[ScenarioError]:
    """Join what several alternatives say about one key."""
    by_key: dict[str, ScenarioError] = {}
    for line in lines:
        where, why, hint = line.args
        if earlier := by_key.get(where):
            _, first, first_hint = earlier.args
            joined = f"{first}; or {why.rpartition('allowed ')[2]}"
            by_key[where] = ScenarioError(where, joined, first_hint or hint)
        else:
            by_key[where] = line
    yield from by_key.values()


def _line(error: Any, says: Any) -> ScenarioError:
    path = _path(error, says)
    where, kind, told = dotted(path), error["type"], error.get("ctx", {})
    if kind == REFUSED:
        below = told["where"]
        return ScenarioError(f"{where}.{below}" if where else below, told["why"], told["hint"])
    if kind == "extra_forbidden":
        return ScenarioError(where, "there is no such key", nearest_key(str(path[-1]), _known(error["loc"][:-1])))
    if kind == "missing":
        return _missing(path)
    if kind.startswith("union_tag"):
        return _without_kind(where, says, path, told)
    found = _at(says, path)
    if isinstance(found, dict) and "value" in found and kind == "allowed":  # a number with its evidence
        found, where = found["value"], f"{where}.value"
    hint = nearest(found, re.findall(r"'([^']*)'", told["expected"]), 0) if kind == "literal_error" else ""
    if kind == "model_type" and isinstance(found, str) and path[0] == "policies" and len(path) > 1:
        hint = f"A policy's name goes under kind: {where}.kind."
    return ScenarioError(where, f"found {shown(found)}, allowed {_allowed(kind, told, error['msg'])}", hint)


def _missing(path: Loc) -> ScenarioError:
    *above, last = path
    if isinstance(last, int):  # a list that has a fixed length
        return ScenarioError(dotted(tuple(above)), f"item {last}, counted from 0, is missing")
    return ScenarioError(dotted(path), "is missing")


def _without_kind(where: str, says: Any, path: Loc, told: Any) -> ScenarioError:
    """Return the line for an event whose kind is unknown or left out."""
    key, event = f"{where}.kind", _at(says, path)
    known = [name.strip("' ") for name in told.get("expected_tags", "").split(",") if name]
    if not isinstance(event, dict) or "kind" not in event:
        return ScenarioError(key, "is missing", "")
    kind = event["kind"]
    return ScenarioError(key, f"found {shown(kind)}, allowed {', '.join(known)}", nearest(kind, known, 0))


def _allowed(kind: str, told: Any, message: str) -> str:
    if kind == "model_type" and told.get("class_name") == "Parameter":
        return "a number, or a mapping of value, evidence and source"
    if kind not in _ALLOWED:
        return message.removeprefix("Input should be ").removeprefix("Value error, ")
    return _ALLOWED[kind].format_map({name: _plain(value) for name, value in told.items()})


def _plain(value: Any) -> Any:
    """Return a limit without the decimals that say nothing, a pattern without its anchors."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value.strip("^$") if isinstance(value, str) else value


def _path(error: Any, says: Any) -> Loc:
    """Return the error's path through what the file says, without the library's marks of alternatives."""
    path: list[str | int] = []
    for number, part in enumerate(error["loc"]):
        last = number == len(error["loc"]) - 1
        if _has(says, part):
            says = says[part]
            path.append(part)
        elif last and error["type"] == "missing":
            path.append(part)
    return tuple(path)


def _has(node: Any, part: str | int) -> bool:
    if isinstance(node, dict):
        return part in node
    return isinstance(node, list) and isinstance(part, int) and part < len(node)


def _at(node: Any, path: Loc) -> Any:
    for part in path:
        node = node[part]
    return node


def _known(loc: Loc) -> list[str]:
    """Return the keys that may stand at a place."""
    models: list[type[BaseModel]] = [Scenario]
    for part in (part for part in loc if isinstance(part, str)):
        fields = [field for model in models for name, field in _fields(model) if name == part]
        if fields:
            models = [model for field in fields for model in _models(field.annotation)]
        else:  # the mark of an alternative: the event of this kind
            models = [model for model in models if part in _kinds(model)]
    return [name for model in models for name, _ in _fields(model)]


def _fields(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    return [(name_of(name, field), field) for name, field in model.model_fields.items()]


def _kinds(model: type[BaseModel]) -> tuple[Any, ...]:
    return get_args(model.model_fields["kind"].annotation) if "kind" in model.model_fields else ()


def _models(annotation: Any) -> list[type[BaseModel]]:
    """Return the models that an annotation speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]
