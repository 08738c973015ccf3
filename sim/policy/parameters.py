"""A policy's parameters: the fields of its dataclass, checked as a scenario gives them, told to readers."""

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from difflib import get_close_matches
from inspect import cleandoc
from typing import Any, get_type_hints

from sim.errors import ScenarioError
from sim.policy.nested import Build, nested, written
from sim.scenario.document import dotted
from sim.scenario.shown import shown

_SHORT = {
    "greater than or equal to": ">=",
    "less than or equal to": "<=",
    "greater than": ">",
    "less than": "<",
    "a valid integer": "a whole number",
    "a valid ": "a ",
    "None": "null",
}


@dataclass(frozen=True, slots=True)
class ParameterInfo:
    """One parameter: ``default`` is None where ``required``; ``allowed`` is its range in words."""

    name: str
    type: str
    default: Any
    required: bool
    allowed: str
    description: str


@dataclass(frozen=True, slots=True)
class PolicyInfo:
    """What can be named under a seam."""

    kind: str
    summary: str
    privileged: bool
    parameters: tuple[ParameterInfo, ...]


def checked(cls: type, given: Mapping[str, Any], where: str, build: Build | None = None) -> Any:
    """Return ``cls(**given)``, keys, types and ranges checked; ``where`` is the dotted key of ``with:``.

    ``build`` makes the parameters that are policies themselves.
    """
    known = {f.name: f for f in _parameters(cls)}
    for name in given:
        if name not in known:
            raise ScenarioError(
                f"{where}.{dotted((name,))}", f"{cls.__name__} has no such parameter", _hint(name, known)
            )
    for name, field in known.items():
        if name not in given and field.default is MISSING and field.default_factory is MISSING:
            raise ScenarioError(where, f"{cls.__name__} needs {name!r}")
    try:
        hints = get_type_hints(cls, include_extras=True)
    except Exception as error:  # an annotation that names nothing
        raise ScenarioError(where, f"{cls.__name__} has an annotation that cannot be read ({error})") from error
    values = {name: _given(hints[name], value, f"{where}.{name}", build) for name, value in given.items()}
    try:
        return cls(**values)
    except Exception as error:  # a rule across fields, from the policy's __post_init__, or a defect there
        rule = isinstance(error, ValueError | TypeError)
        raise ScenarioError(where, str(error) if rule else f"{type(error).__name__}: {error}") from error


def describe(kind: str, cls: type) -> PolicyInfo:
    """Return the kind's first docstring line and parameters, each with its unit from the numpydoc section.

    A parameter of a base class is told in that one's docstring.
    """
    told = {name: it for one in reversed(cls.__mro__) for name, it in _numpydoc(one.__doc__ or "").items()}
    hints = get_type_hints(cls, include_extras=True)
    rows = tuple(_row(field, hints[field.name], told) for field in _parameters(cls))
    summary = cleandoc(cls.__doc__ or "").partition("\n")[0]
    # a policy that holds others has a property there: it knows as much as they do
    return PolicyInfo(kind, summary, getattr(cls, "privileged", False) is True, rows)


def values(policy: Any) -> dict[str, Any]:
    """Return the parameters of a built policy."""
    return {field.name: getattr(policy, field.name) for field in _parameters(type(policy))}


def _parameters(cls: type) -> list[Field[Any]]:
    """Return the fields a scenario may give; what a policy has learned is a field with ``init=False``."""
    return [field for field in fields(cls) if field.init]


def _given(hint: Any, value: Any, where: str, build: Build | None) -> Any:
    """Return a plain value, validated, or the policies that stand there."""
    kind = nested(hint)
    if kind is None or build is None:
        return _value(hint, value, where)
    if not kind.many:
        return build(kind.seam, value, where)
    if not isinstance(value, list | tuple):
        raise ScenarioError(where, f"found {shown(value)}, allowed a list of {kind.in_words}")
    return tuple(build(kind.seam, one, f"{where}.{number}") for number, one in enumerate(value))


def _value(hint: Any, value: Any, where: str) -> Any:
    """Validate as JSON does: ``[1, 2]`` is a tuple, ``True`` is no number, NaN is refused."""
    from pydantic import ConfigDict, PydanticUserError, TypeAdapter, ValidationError

    try:
        adapter = TypeAdapter(hint, config=ConfigDict(strict=True, allow_inf_nan=False))
    except PydanticUserError as error:
        raise ScenarioError(where, f"nothing that a scenario can say is of its type, {hint!r}") from error
    try:
        return adapter.validate_json(json.dumps(value))
    except ValidationError as error:
        wrong = "; or ".join(dict.fromkeys(_words(one["msg"]) for one in error.errors()))
        raise ScenarioError(where, f"found {shown(value)}, allowed {wrong}") from error
    except (TypeError, ValueError) as error:
        raise ScenarioError(where, f"found {shown(value)}, which is not a plain value") from error


def _words(message: str) -> str:
    """Return a library's "Input should be ..." as what is allowed."""
    message = re.sub(r"^(Input should be|Value error,) ?", "", message)
    for long, short in _SHORT.items():
        message = message.replace(long, short)
    return message


def _hint(name: str, known: Mapping[str, Any]) -> str:
    close = get_close_matches(name, list(known), n=1)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"It has: {', '.join(known)}." if known else "It has none."


def _row(field: Field[Any], hint: Any, told: Mapping[str, tuple[str, str]]) -> ParameterInfo:
    kind, description = told.get(field.name, ("", ""))
    default = field.default if field.default is not MISSING else None
    if field.default_factory is not MISSING:
        default = field.default_factory()
    required = field.default is MISSING and field.default_factory is MISSING
    return ParameterInfo(field.name, kind or str(field.type), written(default), required, _range(hint), description)


def _range(hint: Any) -> str:
    """Return the schema's limits in words, such as ``>= 1, <= 500``."""
    from pydantic import TypeAdapter

    if policies := nested(hint):
        return policies.in_words
    signs = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<"}
    schema = TypeAdapter(hint).json_schema()
    options = [schema, *schema.get("anyOf", [])]
    limits = [f"{sign} {one[key]}" for one in options for key, sign in signs.items() if key in one]
    return ", ".join(limits) or " | ".join(map(str, schema.get("enum", [])))


def _numpydoc(text: str) -> dict[str, tuple[str, str]]:
    """Return name -> (type and unit, description) from a numpydoc Parameters section."""
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\w[^\n]*\n-+$|\Z)", cleandoc(text), re.M | re.S)
    found = re.findall(r"^(\w+) : (.*)\n((?:[ ]+.*\n?)*)", section.group(1), re.M) if section else []
    return {name: (kind, " ".join(body.split())) for name, kind, body in found}
