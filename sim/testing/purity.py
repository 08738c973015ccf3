"""What every policy must keep to, whatever its seam: inputs stay as they were, and the same gives the same."""

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def frozen(value: Any) -> Any:
    """Make every array in a view read-only, in place, and return it: a policy that writes to one raises."""
    for array in _arrays(value):
        array.flags.writeable = False
    return value


def same(one: Any, other: Any, what: str) -> None:
    """Fail unless two answers are equal to the bit."""
    equal = np.array_equal(one, other) if isinstance(one, np.ndarray) else one == other
    assert equal, f"{what}: {one!r} is not {other!r}"


def is_policy(policy: Any, method: str) -> None:
    """Fail unless it is a frozen dataclass with the seam's method."""
    name = type(policy).__name__
    assert is_dataclass(policy), f"{name} is not a dataclass"
    assert vars(type(policy))["__dataclass_params__"].frozen, f"{name} is not frozen"
    assert callable(getattr(policy, method, None)), f"{name} has no method {method!r}"


def _arrays(value: Any) -> list[np.ndarray]:
    if isinstance(value, np.ndarray):
        return [value]
    if not is_dataclass(value):
        return []
    return [array for field in fields(value) for array in _arrays(getattr(value, field.name))]
