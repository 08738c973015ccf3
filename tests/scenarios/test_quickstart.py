"""The first world that anybody runs."""

from tests.scenarios.arms import above, gain, played


def test_a_personalised_feed_earns_more_than_bestsellers(tmp_path):
    """Three replications of six days, fixed seed; the differences are 9 or more standard errors."""
    feeds = [
        (f"policies.recommender.kind={kind}", "policies.recommender.with={}") for kind in ("popularity", "item_knn")
    ]
    bestsellers, personal = played(tmp_path, "quickstart", [(*feed, "horizon=6 days") for feed in feeds], 3)
    assert above(gain(bestsellers, personal, "gmv_net"))
    assert above(gain(bestsellers, personal, "ctr"))
