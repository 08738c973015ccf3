"""A policy's fields are its YAML parameters: unknown keys, wrong types and impossible values are refused."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from sim.errors import ScenarioError
from sim.policy.parameters import checked, describe, values

WHERE = "policies.inventory.with"


@dataclass(frozen=True)
class Example:
    """Do as an example does.

    More about it.

    Parameters
    ----------
    level : int, units
        How much,
        over two lines.
    share : float
        Of the whole.

    References
    ----------
    nobody : at all
        Not a parameter.
    """

    level: Annotated[int, Field(ge=0, le=9)]
    share: Annotated[float, Field(gt=0, lt=1)] = 0.5
    mode: Literal["a", "b"] = "a"
    steps: tuple[int, ...] = (1, 2)
    _state: dict = field(init=False, default_factory=dict)

    def __post_init__(self):
        if self.level == 9 and self.mode == "b":
            raise ValueError("level 9 needs mode 'a'")


def refusal(given):
    with pytest.raises(ScenarioError) as caught:
        checked(Example, given, WHERE)
    return caught.value.args


@pytest.mark.parametrize(
    ("given", "where", "why"),
    [
        ({"level": True}, ".level", "found true, allowed a whole number"),
        ({"level": 1.5}, ".level", "found 1.5, allowed a whole number"),
        ({"level": "3"}, ".level", "found '3', allowed a whole number"),
        ({"level": -1}, ".level", "found -1, allowed >= 0"),
        ({"level": 10}, ".level", "found 10, allowed <= 9"),
        ({"level": 1, "share": float("nan")}, ".share", "found nan, allowed a finite number"),
        ({"level": 1, "share": True}, ".share", "found true, allowed a number"),
        ({"level": 1, "mode": "c"}, ".mode", "found 'c', allowed 'a' or 'b'"),
        ({"level": 9, "mode": "b"}, "", "level 9 needs mode 'a'"),
        ({}, "", "Example needs 'level'"),
    ],
)
def test_a_wrong_value_is_refused_in_plain_words(given, where, why):
    assert refusal(given)[:2] == (WHERE + where, why)


def test_an_unknown_key_is_refused_with_the_nearest_name():
    assert refusal({"levle": 1}) == (f"{WHERE}.levle", "Example has no such parameter", "Did you mean 'level'?")


def test_what_a_policy_learns_is_no_parameter():
    assert refusal({"level": 1, "_state": {}})[0] == f"{WHERE}._state"


def test_a_list_from_yaml_is_a_tuple_in_the_policy():
    assert checked(Example, {"level": 1, "steps": [3, 4]}, WHERE).steps == (3, 4)


def test_a_whole_number_is_a_float_where_a_float_is_asked():
    @dataclass(frozen=True)
    class Half:
        share: float = 0.5

    assert checked(Half, {"share": 1}, WHERE).share == 1.0


@given(level=st.integers(0, 9), share=st.floats(0.01, 0.99))
def test_what_is_allowed_comes_back_as_given(level, share):
    built = checked(Example, {"level": level, "share": share}, WHERE)
    assert values(built) == {"level": level, "share": share, "mode": "a", "steps": (1, 2)}


def test_a_policy_is_described_from_its_docstring_and_fields():
    told = describe("example", Example)
    rows = {row.name: row for row in told.parameters}
    assert told.summary == "Do as an example does."
    assert list(rows) == ["level", "share", "mode", "steps"]
    assert rows["level"].type == "int, units"
    assert rows["level"].description == "How much, over two lines."
    assert (rows["level"].required, rows["level"].allowed) == (True, ">= 0, <= 9")
    assert (rows["share"].default, rows["share"].allowed) == (0.5, "> 0, < 1")
    assert rows["mode"].allowed == "a | b"
