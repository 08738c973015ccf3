"""Arms are compared pair by pair, and the sentence says no more than the interval allows."""

import pytest

from sim.errors import ScenarioError
from sim.report.answer import answers, check_kpi, short_labels
from sim.study.compare import Comparison, compare
from sim.study.run import run
from sim.study.statistics import Estimate, Paired, estimate, holm, paired
from tests.study.worlds import made_up, planned


def two_arms(folder):
    kinds = ("popularity", "item_knn")
    plans = [
        planned(folder, [f"policies.recommender.kind={kind}", "replications=6"], f"recommender={kind}")
        for kind in kinds
    ]
    return run(plans, perform=made_up)


def compared(kpi, base, mean, half_width, p, p_holm=0.5, n=5):
    return Comparison(kpi, "a", "b", Paired(Estimate(mean, half_width, n, 1.0), base, p, 2.0), p_holm)


def test_differences_are_paired_by_replication(tmp_path):
    a, b = two_arms(tmp_path)
    (one,) = (found for found in compare([a, b]) if found.kpi == "gmv_net")
    assert (one.a, one.b) == ("recommender=popularity", "recommender=item_knn")
    assert one.paired == paired(a.kpis["gmv_net"], b.kpis["gmv_net"])
    assert one.paired.difference == estimate(b.kpis["gmv_net"] - a.kpis["gmv_net"])


def test_the_same_luck_in_both_arms_is_told_as_variance_gained(tmp_path):
    (one,) = (found for found in compare(two_arms(tmp_path)) if found.kpi == "gmv_net")
    assert one.paired.variance_ratio > 1 or one.paired.difference.sd == 0


def test_replications_that_one_arm_lacks_are_left_out(tmp_path):
    a, b = two_arms(tmp_path)
    short = type(b)(b.plan, b.rows, b.kpis.iloc[:4], b.simulated)
    assert {one.paired.difference.n for one in compare([a, short]) if one.kpi == "gmv_net"} == {4}


def test_p_values_are_adjusted_over_the_tests_of_a_pair_and_no_others(tmp_path):
    found = {one.kpi: one for one in compare(two_arms(tmp_path), tested=["gmv_net", "ctr"])}
    expected = holm([found["gmv_net"].paired.p_value, found["ctr"].paired.p_value])
    assert [found["gmv_net"].p_holm, found["ctr"].p_holm] == pytest.approx(expected.tolist())
    assert found["open_orders"].p_holm != found["open_orders"].p_holm


def test_every_arm_is_compared_with_the_first(tmp_path):
    a, b = two_arms(tmp_path)
    assert {(one.a, one.b) for one in compare([b, a, a])} == {("recommender=item_knn", "recommender=popularity")}


@pytest.mark.parametrize(
    ("comparison", "sentence"),
    [
        (
            compared("gmv_net", 1000.0, 31.0, 6.0, 0.0001),
            "b earns 3.1 % ± 0.6 % more gmv_net than a (p < 0.001).",
        ),
        (
            compared("gmv_net", 1000.0, -31.0, 16.0, 0.012),
            "b earns 3.1 % ± 1.6 % less gmv_net than a (p = 0.012).",
        ),
        (
            compared("fill_rate", 0.9, 0.018, 0.009, 0.02),
            "b has 2.0 % ± 1.0 % higher fill_rate than a (p = 0.02).",
        ),
        (
            compared("profit_merchants", -500.0, 120.0, 30.0, 0.001),
            "b earns 120 ± 30 more profit_merchants than a (p = 0.001).",
        ),
        (
            compared("gmv_net", 1000.0, 4.0, 9.0, 0.3),
            "Whether b or a has the higher gmv_net cannot be told from 5 replications: the difference is "
            "0.4 % ± 0.9 % (p = 0.30), and the interval contains zero.",
        ),
        (
            compared("gmv_net", 1000.0, 4.0, float("nan"), float("nan"), n=1),
            "One replication tells nothing about the difference in gmv_net between a and b: ask for more.",
        ),
        (
            compared("gmv_net", float("nan"), float("nan"), float("nan"), float("nan"), n=0),
            "gmv_net is missing in a or in b: nothing to compare.",
        ),
    ],
)  # fmt: skip
def test_the_sentence_says_what_the_interval_allows(comparison, sentence):
    assert answers(comparison.kpi, [comparison]) == [sentence]


def test_the_sentence_says_where_nothing_differs_at_all():
    alike = Comparison("ctr", "a", "b", paired([0.1, 0.2], [0.1, 0.2]), 1.0)
    assert answers("ctr", [alike]) == ["b and a have the very same ctr in 2 replications."]


def test_the_sentence_names_the_price_of_a_gain():
    pair = [
        compared("gmv_net", 1000.0, 31.0, 6.0, 0.0001),
        compared("fill_rate", 0.9, -0.09, 0.01, 0.001, p_holm=0.01),
        compared("ctr", 0.1, 0.05, 0.01, 0.001, p_holm=0.01),
        compared("on_time_rate", 0.9, -0.3, 0.5, 0.4, p_holm=1.0),
    ]
    assert answers("gmv_net", pair) == [
        "b earns 3.1 % ± 0.6 % more gmv_net than a (p < 0.001), at 10 % lower fill_rate."
    ]


def test_the_sentence_names_what_a_loss_looks_like_at_first():
    pair = [
        compared("profit_platform", 1000.0, -31.0, 6.0, 0.0001),
        compared("ctr", 0.1, 0.02, 0.01, 0.001, p_holm=0.01),
    ]
    assert answers("profit_platform", pair) == [
        "b earns 3.1 % ± 0.6 % less profit_platform than a (p < 0.001), although its ctr is 20 % higher."
    ]


@pytest.mark.parametrize(
    ("labels", "short"),
    [
        (["recommender=popularity", "recommender=item_knn"], ["popularity", "item_knn"]),
        (["stock.amount=7", "stock.amount=14"], ["7", "14"]),
        (["a=1, b=2", "a=1, b=3"], ["a=1, b=2", "a=1, b=3"]),
        ([""], [""]),
    ],
)
def test_labels_are_short_where_one_key_varies(labels, short):
    assert short_labels(labels) == short


def test_a_kpi_that_does_not_exist_is_refused_with_the_nearest():
    with pytest.raises(ScenarioError) as caught:
        check_kpi("gmv_nett")
    assert str(caught.value) == "--kpi: no KPI 'gmv_nett'. Did you mean 'gmv_net'?"
