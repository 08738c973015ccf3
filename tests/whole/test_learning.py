"""A policy learns from what it could have seen, and from nothing else; what it learned makes what it sees next.

Nothing here is statistical: all are equalities.
"""

import numpy as np
import pytest

from policies.recommenders.item_knn import ItemKnn
from policies.recommenders.oracle import Oracle
from policies.recommenders.popularity import Popularity
from policies.recommenders.random import Random
from sim.policy.keyed import KeyedRng
from sim.policy.takeover import Takeover
from sim.schema.kinds import Act, Surface
from sim.schema.recommending import BehaviourLog
from tests.whole.lively import LIVELY, merged
from tests.whole.watched import watch

DAY = 1440.0
SHOP = merged(
    LIVELY,
    {
        "horizon": "4 days",
        "creators": {"count": 0},
        "policies": {"recommender": {"kind": "popularity", "refit": "1 day"}},
        "serving": {"impression_log": 1.0},
    },
)
"""Without livestreams: what may be shown changes only as items are launched."""
RETURNING = merged(
    SHOP,
    {
        "horizon": "9 days",
        "behaviour": {"after_delivery": {"return_delay": "1 day"}},
        "catalogue": {"categories": [{"name": "all", "share": 1, "price_median": 80, "return_rate": 0.5}]},
    },
)
"""Where half of what is bought comes back."""
COLUMNS = ("minute", "act", "consumer", "content", "offer", "session", "surface", "page", "position", "value")


def columns(log, chosen=slice(None)):
    return {name: getattr(log, name)[chosen].tolist() for name in COLUMNS}


def of_acts(acts):
    """Return rows of the record as a fit's columns."""
    return {"minute": (acts["time"] / 65536).tolist(), **{name: acts[name].tolist() for name in COLUMNS[1:]}}


def other_tastes(watched, world, number):
    """Right after the first fit everybody comes to like something else."""
    if number == 0:
        np.random.default_rng(5).shuffle(world.truth.consumers["taste"])


def first_pages(replication, since, until):
    """Return what each session was shown first, of pages asked for in [since, until) (minutes)."""
    rows = replication.slates
    rows = rows[(rows["page"] == 0) & (rows["time"] >= since * 65536) & (rows["time"] < until * 65536)]
    return dict(zip(rows["session"].tolist(), rows["content"].tolist(), strict=True))


@pytest.mark.parametrize("kind", [Popularity, ItemKnn])
def test_tastes_that_change_after_a_fit_change_no_prediction_before_the_next(kind):
    calm, undisturbed = watch(SHOP, kind())
    struck, disturbed = watch(SHOP, kind(), other_tastes)
    until_refit = first_pages(undisturbed, DAY, 2 * DAY)
    assert columns(calm.logs[0]) == columns(struck.logs[0])
    assert until_refit == first_pages(disturbed, DAY, 2 * DAY)
    assert len(until_refit) > 50


def test_tastes_that_change_are_learned_from_what_consumers_do_then():
    calm, undisturbed = watch(SHOP, ItemKnn())
    struck, disturbed = watch(SHOP, ItemKnn(), other_tastes)
    assert columns(calm.logs[1]) != columns(struck.logs[1])
    before, after = (first_pages(one, 2 * DAY, 3 * DAY) for one in (undisturbed, disturbed))
    assert any(before[session] != after[session] for session in before.keys() & after.keys())


def test_only_who_is_told_the_truth_knows_of_new_tastes_at_once():
    """The same perturbation does reach a privileged policy: what it would show everybody changes on the spot."""
    seen = {}

    def before_and_after(watched, world, number):
        if number == 0:
            seen[type(watched.policy)] = watched.everybody(), _changed(watched, world, number)

    for policy in (ItemKnn(), Oracle()):
        watch(SHOP, policy, before_and_after)
    assert np.array_equal(*seen[ItemKnn])
    assert not np.array_equal(*seen[Oracle])


def _changed(watched, world, number):
    other_tastes(watched, world, number)
    return watched.everybody()


@pytest.mark.parametrize("delay", [0.0, 90.0, DAY])
def test_a_fit_sees_all_that_happened_before_it_less_the_delay_and_nothing_else(delay):
    watched, replication = watch(merged(SHOP, {"serving": {"log_delay": f"{delay:.0f} min"}}))
    assert [log.until for log in watched.logs[:3]] == [DAY, 2 * DAY, 3 * DAY]
    for log in watched.logs:
        before = replication.acts[replication.acts["time"] < (log.until - delay) * 65536]
        assert columns(log) == of_acts(before)
        assert (log.minute < log.until - delay).all()
    assert len(watched.logs[-1]) > 500


def test_with_a_day_of_delay_the_model_of_a_day_is_that_of_the_log_a_day_before():
    """Pages are random, so that both worlds behave alike; what they log is the same, a day apart."""
    at_once, _ = watch(SHOP, Random())
    late, _ = watch(merged(SHOP, {"serving": {"log_delay": "1 day"}}), Random())
    assert len(late.logs[0]) == 0
    for before, after in zip(at_once.logs[:3], late.logs[1:4], strict=True):
        assert columns(before) == columns(after)
        assert fitted(before, at_once).tolist() == fitted(after, late).tolist()


RULES = {
    "impression_log": 0.5,
    "visible_after": {"return": "1 day", "click": "3 h"},
    "late_share": 0.2,
    "late_by": "10 h",
}


def test_a_fit_sees_a_row_once_its_own_delay_is_over_and_not_before():
    """Clicks three hours later, returns a day, the rest at once; a fifth later still, by ten hours on average."""
    watched, replication = watch(merged(RETURNING, {"serving": RULES}))
    acts = replication.acts
    delay = np.select([acts["act"] == Act.CLICK, acts["act"] == Act.RETURN], [180.0, DAY])
    first_seen = np.full(len(acts), np.inf)  # the fit that saw a row first
    place = {row: i for i, row in enumerate(zip(*(of_acts(acts)[name] for name in COLUMNS), strict=True))}
    for log in watched.logs:
        assert (np.diff(log.minute) >= 0).all()
        assert (log.visible < log.until).all()
        rows = [place[row] for row in zip(*(columns(log)[name] for name in COLUMNS), strict=True)]
        first_seen[rows] = np.minimum(first_seen[rows], log.until)
        assert np.isin(np.flatnonzero(first_seen < log.until), rows).all()  # what was seen stays
    own = acts["time"] / 65536 + delay
    assert (first_seen > own).all()
    known = own < watched.logs[-1].until - DAY
    at_once = first_seen[known] == np.ceil(np.nextafter(own[known], np.inf) / DAY) * DAY
    assert 0.8 < at_once.mean() < 0.97  # of the late fifth, some still come before the next fit
    returns = acts["act"] == Act.RETURN
    assert (returns & np.isfinite(first_seen)).sum() > 5


def test_rows_that_are_late_are_the_same_ones_whatever_is_shown():
    """A row that two arms share, here those of the first two days, becomes visible at the same instant in both."""
    policies = Random(), Takeover(Popularity(), Random(), 2 * DAY)
    arms = [watch(merged(SHOP, {"serving": RULES}), policy)[0].logs[-1] for policy in policies]
    seen = [
        dict(zip(zip(*(columns(log)[name] for name in COLUMNS), strict=True), log.visible.tolist(), strict=True))
        for log in arms
    ]
    both = seen[0].keys() & seen[1].keys()
    assert seen[0].keys() != seen[1].keys()
    assert sum(seen[0][row] > row[0] + 180 for row in both) > 100  # by more than any of these acts waits anyway
    assert all(seen[0][row] == seen[1][row] for row in both)


def fitted(log, watched):
    """Return what item_knn, fitted on a log, would show everybody."""
    model = ItemKnn()
    model.begin(KeyedRng(0), watched.catalogue)
    model.fit(log, watched.catalogue)
    watched.policy = model
    return watched.everybody()


def test_before_anything_is_sold_popularity_shows_the_newest_first():
    watched, _ = watch(SHOP)
    listed = watched.catalogue.listed
    checked = 0
    for asked, answer, fits in zip(watched.asked, watched.answered, watched.fits_before, strict=True):
        for i in np.flatnonzero((asked.page == 0) & (asked.surface != Surface.SEARCH) & (fits == 0)):
            newest = np.lexsort((np.arange(len(listed)), -listed))
            assert answer[i].tolist() == newest[listed[newest] <= asked.minute[i]][:10].tolist()
            checked += 1
    assert checked > 50


def test_the_log_of_a_day_is_made_by_the_model_of_the_log_until_that_day():
    """Each page is what a fresh policy, fitted on the record before the last refit, answers the same request."""
    watched, replication = watch(SHOP, ItemKnn())
    models = [ItemKnn() for _ in range(4)]
    for day, model in enumerate(models):
        model.begin(KeyedRng(0), watched.catalogue)
        if day:
            model.fit(_log(replication.acts, day * DAY), watched.catalogue)
    for asked, answer in zip(watched.asked, watched.answered, strict=True):
        days = np.minimum(asked.minute // DAY, 3).astype(int)
        assert len(set(days)) == 1
        assert models[days[0]].recommend(asked, 10).content.tolist() == answer.tolist()


def test_what_is_clicked_on_a_page_is_what_the_model_had_put_there():
    watched, replication = watch(SHOP, ItemKnn())
    shown = {}
    for asked, answer in zip(watched.asked, watched.answered, strict=True):
        shown |= {
            (int(session), int(page)): slate
            for session, page, slate in zip(asked.session, asked.page, answer.tolist(), strict=True)
        }
    clicks = replication.acts[replication.acts["act"] == Act.CLICK]
    for click in clicks:
        assert shown[int(click["session"]), int(click["page"])][click["position"]] == click["content"]
    assert len(clicks) > 200


def _log(acts, until):
    rows = acts[acts["time"] < until * 65536]
    names = [name for name in BehaviourLog.__slots__ if name not in ("minute", "until", "visible", "comments")]
    return BehaviourLog(minute=rows["time"] / 65536, **{name: rows[name] for name in names}, until=until)
