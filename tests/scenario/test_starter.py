"""``sim new`` writes a short scenario that is valid, commented, and built from policies that exist."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.policy.cast import cast_policies
from sim.scenario.load import starter
from tests.scenario.files import loaded


def test_the_starter_is_a_scenario_whose_policies_exist(tmp_path):
    scenario = loaded(tmp_path, starter("my_world")).scenario
    assert scenario.name == "my_world"
    cast_policies(scenario.policies)


def test_the_starter_is_short_and_commented():
    lines = starter("my_world").splitlines()
    assert 25 <= len(lines) <= 40
    assert sum("#" in line for line in lines) >= 8
    assert max(map(len, lines)) <= 100


@given(st.text(min_size=1, max_size=70))
def test_only_the_names_of_scenarios_are_names(name):
    valid = len(name) <= 64 and all(sign in "abcdefghijklmnopqrstuvwxyz0123456789_-" for sign in name)
    if valid:
        starter(name)
    else:
        with pytest.raises(ScenarioError, match="allowed 1 to 64 lower-case letters"):
            starter(name)
