"""A parameter may be a policy: built, checked, trusted, identified and told like any other."""

import json
import sys

import pytest

from sim.errors import ScenarioError
from sim.policy.identity import identity
from sim.policy.lookup import MOST_DEPTH, build, listing
from sim.policy.nested import block_of, foreign, inside, without_foreign

MINE = '''
from dataclasses import dataclass, field
from policies.recommenders.popularity import Popularity

@dataclass(frozen=True)
class Mine:
    """Show my own."""
    units: int = 1

    def begin(self, rng, catalogue):
        pass

    def fit(self, log, catalogue):
        pass

    def recommend(self, requests, k):
        return None
'''


def refusal(parameters, trusted=(), kind="diversify"):
    with pytest.raises(ScenarioError) as caught:
        build("recommender", kind, parameters, trusted)
    return str(caught.value)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "my_shop.py").write_text(MINE)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    sys.modules.pop("my_shop", None)


def test_a_block_becomes_the_policy_it_names_with_its_parameters():
    policy = build(
        "recommender", "diversify", {"base": {"kind": "item_knn", "with": {"neighbours": 7}}, "balance": 0.5}
    )
    assert type(policy.base).__name__ == "ItemKnn"
    assert (policy.base.neighbours, policy.balance) == (7, 0.5)


def test_a_name_alone_is_short_for_a_policy_that_ships():
    assert build("recommender", "diversify", {"base": "popularity"}) == build(
        "recommender", "diversify", {"base": {"kind": "popularity"}}
    )


def test_several_policies_are_a_list_and_may_hold_others():
    members = ["popularity", {"kind": "diversify", "with": {"base": {"kind": "random"}}}]
    policy = build("recommender", "hybrid", {"members": members})
    assert [type(one).__name__ for one in inside(policy)] == ["Popularity", "Diversify"]
    assert type(policy.members[1].base).__name__ == "Random"


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"base": {"kind": "item_kn"}}, "policies.recommender.with.base.kind: no policy 'item_kn'. Did you mean"),
        (
            {"base": {"kind": "item_knn", "with": {"neighbours": 0}}},
            "policies.recommender.with.base.with.neighbours: found 0, allowed >= 1",
        ),
        (
            {"base": {"kind": "item_knn", "with": {"neighbors": 5}}},
            "policies.recommender.with.base.with.neighbors: ItemKnn has no such parameter. Did you mean 'neighbours'?",
        ),
        ({"base": 3}, "policies.recommender.with.base: found 3, allowed a recommender policy"),
        ({"base": {"with": {}}}, "policies.recommender.with.base: found a mapping, allowed a recommender policy"),
        ({"base": {"kind": "random", "refit": "1 day"}}, "policies.recommender.with.base.refit: "),
        ({"base": {"kind": "random", "with": 3}}, "policies.recommender.with.base.with: found 3, allowed a mapping"),
        ({"base": "my:Mine"}, "policies.recommender.with.base: found 'my:Mine', allowed the name of one that ships"),
        ({"base": {"kind": "reorder_up_to"}}, "policies.recommender.with.base.kind: no policy 'reorder_up_to'"),
    ],
)
def test_a_mistake_inside_is_told_by_its_dotted_key(parameters, said):
    assert refusal(parameters).startswith(said)


def test_a_mistake_in_a_list_is_told_by_its_number():
    said = refusal({"members": ["popularity", {"kind": "item_knn", "with": {"history": 0}}]}, kind="hybrid")
    assert said.startswith("policies.recommender.with.members.1.with.history: found 0")
    assert "allowed a list of recommender policies" in refusal({"members": "popularity"}, kind="hybrid")


def test_a_rule_across_members_is_told():
    assert "members must be two or more" in refusal({"members": ["random"]}, kind="hybrid")
    assert "one number per member" in refusal({"members": ["random"] * 3}, kind="hybrid")


def test_policies_inside_one_another_without_end_are_refused():
    block = {"kind": "popularity"}
    for _ in range(MOST_DEPTH + 1):
        block = {"kind": "diversify", "with": {"base": block}}
    assert "deep" in refusal({"base": block})


def test_foreign_code_inside_needs_trust_too(folder):
    block = {"base": {"kind": "my_shop:Mine", "with": {"units": 3}}}
    said = refusal(block)
    assert said.startswith("policies.recommender.with.base.kind:")
    assert "--trust my_shop" in said
    assert "my_shop" not in sys.modules
    assert build("recommender", "diversify", block, ["my_shop"]).base.units == 3


def test_identity_follows_what_is_inside():
    one, two = (
        identity(build("recommender", "diversify", {"base": {"kind": "item_knn", "with": {"neighbours": n}}}))
        for n in (5, 6)
    )
    assert one["code"] == two["code"]
    assert one["parameters"]["base"]["class"] == "policies.recommenders.item_knn:ItemKnn"
    assert one["parameters"]["base"]["parameters"]["neighbours"] == 5
    assert two["parameters"]["base"]["parameters"]["neighbours"] == 6
    assert one["parameters"]["base"]["code"]
    json.dumps([one, identity(build("recommender", "hybrid"))])


def test_the_listing_tells_the_usual_policy_inside_as_a_scenario_writes_it():
    told = {policy.kind: policy for policy in listing()["recommender"]}
    base = {row.name: row for row in told["diversify"].parameters}["base"]
    members = {row.name: row for row in told["hybrid"].parameters}["members"]
    assert (base.type, base.default, base.allowed) == ("recommender", "item_knn", "a recommender policy")
    assert members.default == ["item_knn", "popularity"]
    assert not told["diversify"].privileged


@pytest.mark.parametrize("kind", ["diversify", "hybrid", "ramp", "shadow"])
def test_a_policy_written_as_a_block_is_built_from_it_again(kind):
    policy = build("recommender", "stock_aware", {"base": {"kind": kind}, "cover_days": 3.0})
    block = block_of(policy)
    assert block == {"kind": "stock_aware", "with": {"base": kind, "cover_days": 3.0}}
    assert build("recommender", block["kind"], block["with"]) == policy


def test_a_policy_is_privileged_where_one_inside_is_and_hands_the_truth_to_that_one_alone():
    policy = build("recommender", "shadow", {"live": "popularity", "candidate": {"kind": "oracle"}})
    assert policy.privileged
    assert not build("recommender", "shadow").privileged
    policy.reveal("the truth")
    assert policy.candidate._state.truth == "the truth"
    assert not hasattr(policy.live._state, "truth")


def test_foreign_blocks_are_found_and_replaced_at_any_depth():
    given = {"members": ["random", {"kind": "diversify", "with": {"base": {"kind": "a.b:C", "with": {"x": 1}}}}]}
    assert list(foreign(given, "policies.recommender.with")) == [
        ("policies.recommender.with.members.1.with.base.kind", "a.b:C")
    ]
    replaced = without_foreign(given, "popularity")
    assert replaced["members"][1]["with"]["base"] == {"kind": "popularity"}
    assert list(foreign(replaced, "")) == []
