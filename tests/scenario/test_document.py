"""The reader of YAML takes the core schema of YAML 1.2, and nothing that could grow or run."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.document import MOST_DEPTH, read

FINITE = st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.text(st.characters(exclude_categories=["Cs"]))
KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)  # YAML has keys of at most 1024 characters
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**50), 10**50) | FINITE | PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
def test_json_is_read_as_itself(value):
    assert read(json.dumps(value), "x").value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("TRUE", True),
        ("~", None),
        ("014", 14),
        ("0o14", 12),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("1.", 1.0),
        ("-.5e1", -5.0),
        ("'1'", "1"),
        ("2026-11-01T00:00", "2026-11-01T00:00"),
        ("9" * 200, "9" * 200),
    ],
)
def test_plain_text_means_what_yaml_1_2_says(text, value):
    found = read(f"a: {text}", "x").value["a"]
    assert (found, type(found)) == (value, type(value))


def test_every_key_and_item_knows_its_place():
    places = read("a: 1\nb:\n  - {c: 2}\n  - 3\n", "x").places
    assert places == {"": "1:1", "a": "1:1", "b": "2:1", "b.0": "3:5", "b.0.c": "3:6", "b.1": "4:5"}


@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ("{a: ", "}")])
def test_depth_is_allowed_up_to_the_limit(opens, closes):
    read(opens * MOST_DEPTH + closes * MOST_DEPTH, "x")
    with pytest.raises(ScenarioError, match="more than 50 levels deep"):
        read(opens * (MOST_DEPTH + 1) + closes * (MOST_DEPTH + 1), "x")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_one_line(text):
    said = ""
    try:
        read(text, "x")
    except ScenarioError as error:
        said = str(error)
    assert said.isprintable()
