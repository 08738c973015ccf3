"""What ships can be run, and gives what it gave when it was last recorded."""

import json

import pytest

from sim.scenario.load import load, shipped
from tests.scenarios.short import RECORDED, SHORT, TABLES, lacking, libraries, outcome
from tests.world.worlds import SHARED

ANEW = "where results are meant to change: python -m tests.scenarios.record"


def there(name):
    """Leave a scenario out where the tables it reads are not there."""
    if lacking(name):
        pytest.skip(f"the tables that {name} reads ({', '.join(TABLES[name])}) are not beside the project")


def test_every_shipped_scenario_is_recorded():
    assert shipped() == sorted(SHORT) == sorted(path.stem for path in RECORDED.glob("*.json"))


@pytest.mark.parametrize("name", SHORT)
def test_a_shipped_scenario_opens_with_the_question_it_answers(name):
    there(name)
    loaded = load(name, data=SHARED if name in TABLES else None)
    question = loaded.scenario.question
    assert loaded.scenario.name == name
    assert question.endswith("?")
    assert loaded.path.read_text(encoding="utf-8").splitlines()[0] == f"# {question}"


@pytest.mark.parametrize("name", SHORT)
def test_a_short_run_gives_exactly_what_was_recorded(name):
    there(name)
    recorded = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    if recorded["libraries"] != libraries():
        pytest.skip(f"recorded with other versions of the libraries: {recorded['libraries']}")
    assert outcome(name) == recorded, ANEW
