"""What a scenario resolves to is written out whole, and reads back as the same scenario."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario.document import read
from sim.scenario.duration import LONGEST, format_duration, minutes
from sim.scenario.load import to_yaml, validate
from sim.scenario.source import Source
from sim.schema.clock import to_minutes, to_ticks
from tests.scenario.random_scenarios import scenarios


def again(text):
    """Return the scenario that a text says."""
    return validate(read(text, "x.yaml").value, Source("x.yaml"))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_a_resolved_scenario_reads_back_equal(says):
    scenario = validate(says, Source("x.yaml"))
    text = to_yaml(scenario)
    assert again(text) == scenario


def test_json_is_yaml_too():
    scenario = again(json.dumps({"name": "x", "horizon": "3 days", "start": "2026-01-02T03:04"}))
    assert again(to_yaml(scenario)) == scenario


def test_defaults_are_written_out_with_units_and_evidence():
    text = to_yaml(again("name: x"))
    assert "horizon: 14 days" in text
    assert (
        "  next_page: {value: 0.6, evidence: assumed, source: assumption of this package, low: 0.3, high: 0.9}" in text
    )
    assert "cut_off: [9 h, 15 h]" in text


@given(st.integers(0, to_ticks(LONGEST)))
def test_every_duration_on_the_grid_reads_back_exactly(ticks):
    assert to_ticks(minutes(format_duration(to_minutes(ticks)))) == ticks


@pytest.mark.parametrize(
    "text", ["1 day", "14 days", "36 h", "90 min", "8 s", "0 days", "0.5 s", "7 days", "61 min", "12 h", "1.5 s"]
)
def test_a_plain_duration_is_written_as_it_was(text):
    assert format_duration(minutes(text)) == text


@pytest.mark.parametrize(("text", "ticks"), [("60 s", 65536), ("0.000001 s", 1), ("1 s", 1093), ("1 week", 660602880)])
def test_a_duration_is_rounded_up_to_the_grid(text, ticks):
    assert to_ticks(minutes(text)) == ticks


@pytest.mark.parametrize("text", ["14", "", "day", "1e3 s", "-1 s", "1 Day", "1,5 s", "1 fortnight", "٣ days"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="is no duration"):
        minutes(text)
