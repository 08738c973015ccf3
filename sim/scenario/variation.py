"""``--vary``: what differs between the arms of a comparison."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod

from sim.errors import ScenarioError
from sim.scenario.document import dotted
from sim.scenario.overrides import parameters_of
from sim.scenario.policies import Policies

MOST_ARMS = 1000
_OPENS, _CLOSES, _QUOTES = "[{", "]}", "\"'"


@dataclass(frozen=True, slots=True)
class Variation:
    """One ``--vary``: a seam or a dotted key, and the texts of its values."""

    key: str
    values: tuple[str, ...]

    @property
    def full_key(self) -> str:
        """The key of the scenario; a seam is short for its policy's kind."""
        return f"policies.{self.key}.kind" if self.key in Policies.model_fields else self.key


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm: its label is what it sets; ``sets`` and ``called`` are what `load` takes."""

    label: str
    sets: tuple[str, ...]
    called: dict[str, str] = field(default_factory=dict)


def vary(text: str) -> Variation:
    """Parse ``seam=a,b`` or ``path=v1,v2``; commas inside brackets or quotes belong to a value.

    Raises
    ------
    ScenarioError
        Where there are fewer than two values, or the same twice.
    """
    key, equals, listed = text.partition("=")
    key = key.strip()
    where = f"--vary {dotted((text,))}"
    if not equals or not key or not all(key.split(".")):
        example = "As in --vary recommender=popularity,item_knn."
        raise ScenarioError(where, "is not of the form key=value,value", example)
    values = tuple(value.strip() for value in split_at_commas(listed))
    if "" in values or len(values) < 2:
        raise ScenarioError(where, "needs two values or more, between commas", "One value is for --set.")
    if len(set(values)) < len(values):
        raise ScenarioError(where, "has the same value twice")
    return Variation(key, values)


def arms(variations: Sequence[Variation]) -> list[Arm]:
    """Return every combination of the variations' values, the first values first.

    Raises
    ------
    ScenarioError
        Where two variations have the same key, or there are too many arms.
    """
    keys = [variation.key for variation in variations]
    for key in keys:
        if keys.count(key) > 1:
            raise ScenarioError(f"--vary {key}", "is given twice", "List all values in one.")
    if prod(len(variation.values) for variation in variations) > MOST_ARMS:
        raise ScenarioError("--vary", f"makes more than {MOST_ARMS:,} arms")
    return [_arm(variations, values) for values in product(*(variation.values for variation in variations))]


def _arm(variations: Sequence[Variation], values: Sequence[str]) -> Arm:
    pairs = list(zip(variations, values, strict=True))
    label = ", ".join(f"{variation.key}={value}" for variation, value in pairs)
    sets = [f"{variation.full_key}={value}" for variation, value in pairs]
    sets.sort(key=lambda text: not parameters_of(text.partition("=")[0]))  # a kind drops parameters: it goes first
    called = {variation.full_key: f"--vary {variation.key}" for variation in variations}
    return Arm(label, tuple(sets), called)


def split_at_commas(text: str) -> list[str]:
    """Split at the commas that stand in no brackets and no quotes, as values of the command line are."""
    parts, depth, quote = [""], 0, ""
    for sign in text:
        if sign == "," and not depth and not quote:
            parts.append("")
            continue
        parts[-1] += sign
        if quote:
            quote = "" if sign == quote else quote
        elif sign in _QUOTES and (depth or parts[-1].strip() == sign):  # an apostrophe inside a word opens nothing
            quote = sign
        else:
            depth += (sign in _OPENS) - (sign in _CLOSES)
    return parts
