"""Comments and reviews as tables: every one of them, named, in order of time, the same bytes each time."""

from dataclasses import replace

import numpy as np
import pandas as pd

from sim.record.event_tables import act_table, event_tables
from sim.record.parquet import to_parquet
from sim.record.replication import Replication
from sim.record.word_tables import comment_table, review_table
from sim.schema.kinds import Act
from sim.schema.rows import ORDER_ROW
from tests.record.handmade import DAY, HOUR, acts, replication, world


def table(made: Replication, kind: str) -> pd.DataFrame:
    found: pd.DataFrame = dict(event_tables(made, "orders"))[kind].to_pandas()
    return found


def some_acts() -> np.ndarray:
    """A click, and four comments: one twice by one consumer, one in the room."""
    rows = acts([HOUR, HOUR + 1, 2 * HOUR, DAY, DAY + 1], consumer=[0, 0, 1, 0, 3], act=Act.COMMENT)
    rows["act"][0] = Act.CLICK
    rows["content"], rows["offer"] = [0, 0, 1, 0, 3], [0, 0, 1, 0, -1]
    rows["surface"][4] = 1
    return rows


def test_comments_are_all_comments_with_names():
    found = comment_table(world(), some_acts()).to_pandas()
    assert found["time"].tolist() == [60 + 2**-16, 120.0, 1440.0, 1440 + 2**-16]
    assert found["consumer"].tolist() == ["consumer-0", "consumer-1", "consumer-0", "consumer-3"]
    assert found["session"].tolist() == [1, 2, 3, 4]
    assert found["surface"].tolist() == ["feed", "feed", "feed", "live"]
    assert found["content"].tolist() == ["ada/cup", "bo/hat", "ada/cup", "star/room"]
    assert found["offer"].tolist()[:3] == ["ada/cup", "bo/hat", "ada/cup"]
    assert pd.isna(found["offer"].iloc[3])
    assert "hoodie" in found["text"].iloc[1]
    assert "thing" in found["text"].iloc[3]


def test_a_comment_keeps_its_words_when_another_arm_shows_it_later_and_elsewhere():
    here = comment_table(world(), some_acts())["text"].to_pylist()
    rows = some_acts()[1:]
    rows["time"] += DAY
    rows["session"] += 17
    rows["page"] += 2
    assert comment_table(world(), rows)["text"].to_pylist() == here


def test_the_acts_carry_likes_comments_follows_and_shares_beside_the_rest():
    rows = acts(list(range(len(Act))))
    rows["act"] = list(Act)
    made = act_table(replace(replication(), acts=rows), everybody=True)
    assert made["act"].to_pylist() == [act.name.lower() for act in Act]


def test_the_second_comment_on_the_same_content_has_its_own_luck():
    rows = acts(list(range(40)), consumer=2, act=Act.COMMENT)
    assert len(set(comment_table(world(), rows)["text"].to_pylist())) > 3


def test_reviews_are_the_lines_with_stars():
    found = table(replication(), "reviews")
    assert found[["order", "stars", "late"]].values.tolist() == [[0, 4, True]]
    assert found["consumer"].tolist() == ["consumer-0"]
    assert found["offer"].tolist() == ["ada/cup"]
    assert found["time"].tolist() == [1500.0]
    assert any(word in found["text"].iloc[0] for word in ("leaf", "teapot"))


def test_two_lines_of_one_offer_in_a_session_have_reviews_of_their_own():
    made = many(40)
    made.orders.rows[["consumer", "number", "offer"]] = (0, 0, 0)
    made.orders.rows["stars"], made.orders.rows["delivered"] = 5, HOUR
    assert len(set(review_table(made)["text"].to_pylist())) > 3


def test_a_review_keeps_its_words_when_another_arm_delivers_in_another_order():
    made, other = many(60), many(60)
    other.orders.rows["delivered"] = 14 * DAY - other.orders.rows["delivered"] // 30
    other.orders.rows["promised"] = np.where(made.orders.rows["delivered"] > made.orders.rows["promised"], 0, 15 * DAY)
    by_order = [review_table(one).sort_by("order")["text"] for one in (made, other)]
    assert by_order[0] == by_order[1]


def test_reviews_say_nothing_of_tastes_beyond_the_stars():
    made = replication()
    before = review_table(made.world)
    made.world.truth.consumers["taste"] += 3.0
    made.world.orders.rows["match"] += 3.0
    assert review_table(made.world).equals(before)


def test_reviews_come_in_order_of_delivery():
    made = many(200)
    found = review_table(made).to_pandas()
    assert found["time"].is_monotonic_increasing
    assert sorted(found["order"]) == list(range(200))


def test_an_empty_record_has_empty_tables():
    empty = world()
    assert len(review_table(empty)) == len(comment_table(empty, acts([]))) == 0


def test_many_reviews_take_few_bytes_each_and_the_same_ones_each_time():
    kept = to_parquet(review_table(many(20_000)))
    assert kept.size < 32 * 20_000
    assert kept.equals(to_parquet(review_table(many(20_000))))


def many(n: int):
    """Return a world with ``n`` reviewed orders."""
    made, rng = world(), np.random.default_rng(2)
    lines = np.zeros(n, ORDER_ROW)
    lines["consumer"], lines["offer"] = rng.integers(0, 4, n), rng.integers(0, 3, n)
    lines["number"], lines["units"] = np.arange(n), 1
    made.orders.place(lines)
    rows = made.orders.rows
    rows["delivered"], rows["promised"] = rng.integers(0, 30 * DAY, n), 15 * DAY
    rows["stars"] = rng.integers(1, 6, n)
    return made
