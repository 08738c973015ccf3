"""``--param``: which values of which keys a search may try, as a grid that every search walks alike."""

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from sim.errors import ScenarioError
from sim.scenario.document import dotted
from sim.scenario.load import Arm, Variation
from sim.scenario.overrides import parameters_of
from sim.scenario.variation import split_at_commas

Value = int | float | str
Setting = tuple[int, ...]
"""One place of the grid: the number of each parameter's value."""

FINE = 1000
"""Steps of a range of numbers whose step is not given."""
MOST_STEPS = 1_000_000
NOT_TUNED = (
    "name", "question", "start", "horizon", "warm_up", "drain", "seed", "replications", "currency", "record", "real",
)  # fmt: skip
_EXAMPLE = "As in --param policies.inventory.with.order_up_to=10:200."
_WHOLE = re.compile(r"[+-]?\d{1,15}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A key of the scenario, and the values it may take.

    Attributes
    ----------
    key : str
        As it was asked for: a dotted key, or a seam for its policy's kind.
    values : sequence of int, float or str
        Numbers ascend; of texts none is nearer to one than to another.
    """

    key: str
    values: Sequence[Value]

    @property
    def ordered(self) -> bool:
        """Whether values lie on a line: what steps and neighbours need."""
        return not isinstance(self.values[0], str)

    @property
    def full_key(self) -> str:
        """The key of the scenario."""
        return Variation(self.key, ()).full_key

    def nearest(self, given: object) -> int | None:
        """Return the number of the value nearest to what a scenario has; None where that lies outside."""
        if not self.ordered:
            texts = [str(value) for value in self.values]
            return texts.index(str(given)) if str(given) in texts else None
        if isinstance(given, bool) or not isinstance(given, int | float):
            return None
        numbers = cast(Sequence[float], self.values)
        if not numbers[0] <= given <= numbers[-1]:
            return None
        above = bisect_left(numbers, given)
        return above if above == 0 or numbers[above] - given < given - numbers[above - 1] else above - 1


Space = Sequence[Parameter]


def parameter(text: str) -> Parameter:
    """Parse ``key=low:high``, ``:step`` and ``:log`` after it, or ``key=a,b,c``.

    Two whole numbers make a range of whole numbers.

    Raises
    ------
    ScenarioError
    """
    key, equals, listed = (part.strip() for part in text.partition("="))
    where = f"--param {dotted((text,))}"
    if not equals or not key or not all(key.split(".")):
        raise ScenarioError(where, "is not of the form key=low:high or key=a,b,c", _EXAMPLE)
    if key in NOT_TUNED:
        raise ScenarioError(where, f"{key} is nothing to be tuned: no world is better or worse for it")
    texts = [value.strip() for value in split_at_commas(listed)]
    if len(texts) == 1:
        return Parameter(key, _range(where, listed.split(":")))
    if "" in texts:
        raise ScenarioError(where, "has a comma with no value beside it")
    if len(set(texts)) < len(texts):
        raise ScenarioError(where, "has the same value twice")
    return Parameter(key, tuple(texts))


def space(texts: Sequence[str]) -> list[Parameter]:
    """Parse every ``--param``.

    Raises
    ------
    ScenarioError
        Where there is none, or two have the same key.
    """
    found = [parameter(text) for text in texts]
    if not found:
        raise ScenarioError("--param", "there is nothing to tune", _EXAMPLE)
    keys = [one.full_key for one in found]
    for one in found:
        if keys.count(one.full_key) > 1:
            raise ScenarioError(f"--param {one.key}", "is given twice")
    return found


def places(space: Space) -> int:
    """Return how many settings there are."""
    return math.prod(len(one.values) for one in space)


def values_at(space: Space, setting: Setting) -> dict[str, Value]:
    """Return each parameter's value."""
    return {one.key: one.values[number] for one, number in zip(space, setting, strict=True)}


def arm_at(space: Space, setting: Setting, more: Sequence[str] = ()) -> Arm:
    """Return the arm that sets a setting's values, and ``more`` overrides; errors name each value."""
    pairs = [(one, one.values[number]) for one, number in zip(space, setting, strict=True)]
    label = ", ".join(f"{one.key}={value}" for one, value in pairs)
    sets = [f"{one.full_key}={value}" for one, value in pairs]
    sets.sort(key=lambda text: not parameters_of(text.partition("=")[0]))  # a kind drops parameters: it goes first
    return Arm(label, (*sets, *more), {one.full_key: f"--param {one.key}={value}" for one, value in pairs})


def _range(where: str, parts: Sequence[str]) -> Sequence[Value]:
    log = parts[-1].strip() == "log"
    texts = [part.strip() for part in (parts[:-1] if log else parts)]
    if not 2 <= len(texts) <= 3 or (log and len(texts) == 3):
        raise ScenarioError(where, "allowed low:high, low:high:step, low:high:log, or values between commas", _EXAMPLE)
    low, high, *step = (_number(where, text) for text in texts)
    if not low < high:
        raise ScenarioError(where, f"the low end, {low}, is not below the high end, {high}")
    if log and low <= 0:
        raise ScenarioError(where, f"a logarithmic range begins above 0, found {low}")
    if step and not 0 < step[0] <= high - low:
        raise ScenarioError(where, f"found a step of {step[0]}, allowed above 0 and up to {high - low}")
    if step and (high - low) / step[0] > MOST_STEPS:
        raise ScenarioError(where, f"a step of {step[0]} makes more than {MOST_STEPS:,} values")
    whole = all(isinstance(number, int) for number in (low, high, *step))
    if log:
        return _logarithmic(low, high, whole)
    return _whole_numbers(low, high, step) if whole else _numbers(low, high, step)


def _number(where: str, text: str) -> int | float:
    if _WHOLE.fullmatch(text):
        return int(text)
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ScenarioError(where, f"found {text!r}, allowed a number")
    return number


def _whole_numbers(low: float, high: float, step: Sequence[float]) -> Sequence[int]:
    """Return every whole number of the range, or every so many."""
    return range(int(low), int(high) + 1, int(step[0]) if step else 1)


def _numbers(low: float, high: float, step: Sequence[float]) -> Sequence[float]:
    """Return numbers evenly apart, without digits that tell nothing."""
    each = step[0] if step else (high - low) / FINE
    count = math.floor((high - low) / each + 1e-9) + 1
    digits = max(0, 4 - math.floor(math.log10(each)))
    return tuple(dict.fromkeys(round(low + number * each, digits) for number in range(count)))


def _logarithmic(low: float, high: float, whole: bool) -> Sequence[Value]:
    """Return numbers of even ratios, each once."""
    numbers = np.geomspace(low, high, FINE + 1)
    if whole:
        return tuple(dict.fromkeys(round(number) for number in numbers.tolist()))
    return tuple(dict.fromkeys(float(f"{number:.4g}") for number in numbers.tolist()))
