"""A recommender that learns may let another one serve first; then it takes over, knowing what that one's log tells."""

import numpy as np
import pytest
from numpy.lib.recfunctions import repack_fields

from policies.recommenders.item_knn import ItemKnn
from policies.recommenders.random import Random
from sim.errors import ScenarioError
from sim.policy.keyed import KeyedRng
from sim.policy.takeover import Takeover
from sim.processes.story import play
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.study.prepare import check_without_import, prepare
from tests.scenario.files import refusal
from tests.whole.lively import LIVELY, merged
from tests.whole.watched import Watched, watch

DAY = 1440.0
UNTIL = 1.5 * DAY
"""Between two of the daily fits."""
SHOP = merged(LIVELY, {"horizon": "4 days", "serving": {"impression_log": 1.0}})


def served(kind, bootstrap=None):
    """Return the acts of a world, and what was shown in it."""
    block = {"kind": kind, "refit": "1 day", **({"bootstrap": bootstrap} if bootstrap else {})}
    replication = play(Scenario.model_validate(merged(SHOP, {"policies": {"recommender": block}})), 0)
    return replication.acts, replication.slates


def before(rows, minute):
    return rows[rows["time"] < minute * 65536]


def packed(rows):
    """Return the bytes of rows, without those between their fields."""
    return repack_fields(rows).tobytes()


def test_until_the_takeover_the_world_is_that_of_the_policy_that_serves_first():
    """Three worlds, the same bytes until 36 hours; after that no two are alike."""
    first = {"kind": "popularity", "for": "36 h"}
    arms = [served("popularity"), served("item_knn", first), served("random", first)]
    early = [tuple(packed(before(rows, UNTIL)) for rows in arm) for arm in arms]
    assert len(before(arms[0][0], UNTIL)) > 1000
    assert early[0] == early[1] == early[2]
    assert len({packed(acts) for acts, _ in arms}) == 3


def test_whoever_takes_over_is_first_asked_and_fitted_then_on_the_log_of_the_other():
    first, then = Watched(Random()), Watched(ItemKnn())
    takeover = Takeover(then, first, UNTIL)
    _, replication = watch(
        merged(SHOP, {"policies": {"recommender": {"refit": "1 day", "bootstrap": {"kind": "random", "for": "36 h"}}}}),
        takeover,
    )
    assert [log.until for log in first.logs] == [DAY]
    assert [log.until for log in then.logs] == [UNTIL, 2 * DAY, 3 * DAY, 4 * DAY]
    assert max(asked.view.minute for asked in first.asked) < UNTIL <= min(asked.view.minute for asked in then.asked)
    assert len(then.logs[0]) == len(before(replication.acts, UNTIL))
    model = ItemKnn()
    model.begin(KeyedRng(0), then.catalogue)
    model.fit(then.logs[0], then.catalogue)
    asked, answer = then.asked[0], then.answered[0]
    assert np.array_equal(model.recommend(asked, 10).content, answer)


def test_who_served_first_is_part_of_the_run(tmp_path):
    """Its code and its parameters are told, and change the run's name."""
    sets = ("policies.recommender.bootstrap={kind: popularity, for: 2 days}",)
    more = ("policies.recommender.bootstrap={kind: popularity, for: 2 days, with: {half_life_days: 3.0}}",)
    alone, early, other = (prepare(load("quickstart", sets=s), tmp_path) for s in ((), sets, more))
    assert len({plan.hash for plan in (alone, early, other)}) == 3
    told = other.parts["policies"]["recommender"]["policy"]
    assert told["class"].endswith(":ItemKnn")
    assert told["bootstrap"]["parameters"]["half_life_days"] == 3.0


@pytest.mark.parametrize(
    ("block", "line"),
    [
        ("{kind: popularity}", "x.yaml:2:26: policies.recommender.bootstrap.for: is missing."),
        (
            "{for: 14 days}",
            "policies.recommender.bootstrap.for: found 14 days, allowed less than the horizon, 14 days.",
        ),
    ],
)
def test_a_period_that_is_missing_or_never_ends_is_refused(tmp_path, block, line):
    assert line in refusal(tmp_path, f"name: x\npolicies: {{recommender: {{bootstrap: {block}}}}}")


@pytest.mark.parametrize(
    ("block", "line"),
    [
        ("{kind: popularty, for: 1 day}", "bootstrap.kind: no policy 'popularty'. Did you mean 'popularity'?"),
        ("{kind: popularity, for: 1 day, with: {half_life: 3}}", "bootstrap.with.half_life: "),
    ],
)
def test_a_first_policy_that_does_not_exist_is_refused_where_it_stands(tmp_path, block, line):
    loaded = load("quickstart", sets=(f"policies.recommender.bootstrap={block}",))
    with pytest.raises(ScenarioError) as refused:
        prepare(loaded, tmp_path)
    assert line in str(refused.value)


@pytest.mark.parametrize(
    "block",
    [
        "{kind: 'mine.own:Mine', for: 1 day}",
        "{kind: shadow, for: 1 day, with: {live: popularity, candidate: {kind: 'mine.own:Mine'}}}",
    ],
    ids=["itself", "inside"],
)
def test_a_first_policy_of_somebodys_own_is_left_unchecked_without_importing_it(block):
    unchecked = check_without_import(load("quickstart", sets=(f"policies.recommender.bootstrap={block}",)))
    assert len(unchecked) == 1
    assert unchecked[0].startswith("policies.recommender.bootstrap.")
    assert unchecked[0].endswith("kind 'mine.own:Mine'")
