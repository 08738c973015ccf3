"""How a model says no, in words that the loader turns into one line."""

from collections.abc import Sequence
from typing import NoReturn

from pydantic_core import PydanticCustomError

ALLOWED, REFUSED = "allowed", "refused"


def allowed(what: str) -> PydanticCustomError:
    """Return the error for a value of the wrong form: the line says what was found, and that ``what`` is allowed."""
    return PydanticCustomError("allowed", "allowed {what}", {"what": what})


def refuse(where: str, why: str, hint: str = "") -> NoReturn:
    """Refuse what keys say together.

    Parameters
    ----------
    where : str
        Dotted key below the model that raises.
    """
    line = {"where": where, "why": why, "hint": hint}
    raise PydanticCustomError("refused", "{where}: {why}. {hint}", line)


def check_weights(where: str, weights: Sequence[float], count: int) -> None:
    """Refuse relative weights that are not ``count``, or of which any is negative, or none positive."""
    if len(weights) != count:
        refuse(where, f"found {len(weights)} weights, allowed {count}")
    if min(weights) < 0 or sum(weights) <= 0:
        refuse(where, f"needs {count} weights, none negative, not all zero")


def check_distinct(where: str, names: Sequence[str]) -> None:
    """Refuse a list in which two parts have the same name."""
    seen: dict[str, int] = {}
    for number, name in enumerate(names):
        if name in seen:
            refuse(f"{where}.{number}.name", f"{name!r} is also the name of {where}.{seen[name]}")
        seen[name] = number
