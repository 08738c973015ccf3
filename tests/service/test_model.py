"""The example's model: small enough to check by hand."""

from types import SimpleNamespace

import pytest

from tests.service.running import EXAMPLE

LIVE = frozenset({"room-1"})


@pytest.fixture
def model(monkeypatch):
    monkeypatch.syspath_prepend(str(EXAMPLE))
    from model import Model

    made = Model()
    made.list_items([
        item("a", category="1", listed=-30.0), item("b", category="2", listed=-20.0),
        item("c", category="1", listed=-10.0), item("later", category="1", listed=500.0),
        item("film", kind="video", listed=-5.0), item("room-1", kind="room", listed=-1.0),
        item("room-2", kind="room", listed=-1.0),
    ])  # fmt: skip
    return made


def item(name, kind="offer", **values):
    return SimpleNamespace(itemId=name, kind=kind, **{"category": None, **values})


def event(session, name, act="click", time=10.0):
    return SimpleNamespace(sessionId=session, itemId=name, offerId=name, eventType=act, time=time)


def ask(model, surface="feed", k=10, page=0, recent=(), candidates=None, **context):
    asked = SimpleNamespace(
        surface=surface, page=page, recent=list(recent), candidates=candidates, context=context, time=100.0
    )
    return [name for name, _ in model.page(asked, k, LIVE)]


def test_before_anything_is_known_the_newest_come_first(model):
    assert ask(model, "mall") == ["c", "b", "a"]


def test_the_feed_shows_rooms_only_when_they_are_live_and_nothing_before_it_is_listed(model):
    assert set(ask(model)) == {"a", "b", "c", "film", "room-1"}


def test_search_shows_offers_of_its_category(model):
    assert ask(model, "search", category="1") == ["c", "a"]


def test_what_was_ordered_comes_before_what_was_clicked(model):
    model.learn([event("s", "a", "click"), event("t", "b", "order"), event("u", "c", "impression")])
    assert ask(model, "mall") == ["b", "a", "c"]


def test_what_was_liked_lately_comes_before_what_was_liked_long_ago(model):
    model.learn([event("s", "a", time=0.0), event("t", "b", time=14 * 1440.0)])
    assert ask(model, "mall")[:2] == ["b", "a"]


def test_what_was_clicked_together_with_the_sessions_clicks_comes_first_and_those_are_left_out(model):
    model.learn([event("s", "c"), event("s", "a"), event("t", "b", "order")])
    assert ask(model, "mall", recent=["c"]) == ["a", "b"]


def test_pages_go_on_where_the_last_one_ended(model):
    whole = ask(model)
    assert ask(model, k=2) + ask(model, k=2, page=1) + ask(model, k=2, page=2) == whole


def test_candidates_are_all_that_is_shown(model):
    model.learn([event("s", "c"), event("s", "a")])
    assert ask(model, recent=["c"], candidates=["b", "a"]) == ["a", "b"]
