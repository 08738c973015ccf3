"""Rows, slates, and nothing but what was handed in."""

import numpy as np
import pytest

from sim.record.recorder import Record
from sim.record.rows import FATES, KINDS
from sim.schema.clock import to_minutes
from sim.schema.kinds import Act, Surface
from sim.schema.recommending import PageRequests, ServingView
from tests.record.handmade import HOUR, acts, world


def example(kind: str) -> dict:
    """Return a row of a kind."""
    return {column.name: column.words[1] if column.words else n for n, column in enumerate(KINDS[kind].columns)}


def requests(consumer: list[int], minutes: list[float], session: list[int]) -> PageRequests:
    n = len(consumer)
    none = np.zeros(0, np.int64)
    return PageRequests(
        consumer=np.array(consumer, np.int32),
        session=np.array(session, np.int64),
        page=np.zeros(n, np.int32),
        surface=np.full(n, Surface.MALL, np.int8),
        minute=np.array(minutes),
        query=np.full(n, -1, np.int32),
        recent=np.full((n, 8), -1, np.int32),
        view=ServingView(0.0, none, none, none, none.astype(np.int32), none),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_comes_back_as_it_was_written(kind):
    record = Record(world(), list)
    record.row(kind, **example(kind))
    record.row(kind, **dict(reversed(example(kind).items())))
    frame = record.tables()[kind]
    assert frame.to_dict("records") == [example(kind)] * 2


def test_a_kind_nobody_wrote_is_empty_with_the_same_columns_and_types():
    silent, busy = Record(world(), list), Record(world(), list)
    for kind in KINDS:
        busy.row(kind, **example(kind))
    for kind, frame in silent.tables().items():
        assert len(frame) == 0
        assert frame.dtypes.to_dict() == busy.tables()[kind].dtypes.to_dict()


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"time": 1, "node": 0, "lines": 2}, "no parcels"),
        ({"time": 1, "node": 0, "lines": 2, "parcels": 1, "colour": 3}, "unknown colour"),
        ({"time": 1, "node": 0, "lines": 2, "parcel": 1}, "no parcels; unknown parcel"),
    ],
)
def test_a_row_with_other_columns_is_a_programming_error(values, why):
    with pytest.raises(TypeError, match=f"a row of kind 'wave' has {why}$"):
        Record(world(), list).row("wave", **values)


def test_a_fraction_or_an_unknown_word_or_kind_is_a_programming_error():
    record = Record(world(), list)
    with pytest.raises(TypeError):
        record.row("wave", time=1.5, node=0, lines=1, parcels=1)
    with pytest.raises(KeyError):
        record.row("return", **(example("return") | {"fate": "eaten"}))
    with pytest.raises(KeyError):
        record.row("nonsense", time=1)


def test_fates_can_be_compared_as_words():
    record = Record(world(), list)
    for fate in FATES:
        record.row("return", **(example("return") | {"fate": fate}))
    assert (record.tables()["return"]["fate"] == "seconds").tolist() == [False, True, False]


def test_tables_taken_in_mid_run_stay_as_they_are():
    record = Record(world(), list)
    record.row("price", time=1, offer=0, price=900)
    early = record.tables()["price"]
    for minute in range(1000):
        record.row("price", time=minute, offer=1, price=800)
    assert early["price"].tolist() == [900]


def test_slates_are_kept_of_logged_consumers_alone():
    record = Record(world(), list)
    record.slates(
        requests([0, 1, 2, 1], [1.0, 2.0, 3.0, 4.5], [5, 6, 7, 8]), np.arange(12, dtype=np.int32).reshape(4, 3)
    )
    kept = record.all_slates()
    assert kept["consumer"].tolist() == [1, 1]
    assert kept["session"].tolist() == [6, 8]
    assert [to_minutes(t) for t in kept["time"]] == [2.0, 4.5]
    assert kept["surface"].tolist() == [Surface.MALL] * 2
    assert kept["content"].tolist() == [[3, 4, 5], [9, 10, 11]]


def test_in_which_batch_a_page_was_served_leaves_no_trace():
    content = np.arange(12, dtype=np.int32).reshape(4, 3)
    consumer, minutes, session = [1] * 4, [3.0, 1.0, 2.0, 1.0], [4, 3, 2, 1]
    at_once, one_by_one = Record(world(), list), Record(world(), list)
    at_once.slates(requests(consumer, minutes, session), content)
    for i in (2, 0, 3, 1):
        one_by_one.slates(requests(consumer[i : i + 1], minutes[i : i + 1], session[i : i + 1]), content[i : i + 1])
    assert at_once.all_slates().tobytes() == one_by_one.all_slates().tobytes()


def test_without_slates_the_log_of_slates_is_empty():
    record = Record(world(), list)
    record.slates(requests([0, 2], [1.0, 1.0], [0, 1]), np.zeros((2, 3), np.int32))
    assert len(record.all_slates()) == 0


def test_the_scenarios_delay_holds_rows_back():
    record = Record(world(log_delay="30 min"), list)
    record.log(Act.RATING, HOUR, consumer=0, offer=1, session=2, value=5.0)
    assert len(record.behaviour_log(90.0)) == 0
    assert len(record.behaviour_log(90.5)) == 1


def test_perturbing_latent_tastes_after_logging_changes_nothing_a_fit_sees():
    small = world()
    pieces = [acts([1, 2, 3], consumer=[0, 1, 2])]
    record = Record(small, lambda: [pieces.pop()] if pieces else [])
    record.log(Act.RATING, 4, consumer=0, offer=1, session=2, value=5.0)
    before = record.behaviour_log(1.0)
    for rows in small.truth[:3]:
        rows["taste" if "taste" in rows.dtype.names else "vector"] = 9.0
    after = record.behaviour_log(1.0)
    for name in ("minute", "act", "consumer", "content", "offer", "value"):
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name))
