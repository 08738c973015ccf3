"""Services that misbehave: each kind is counted, the fallback serves what they spoil, and nothing else."""

import time
from dataclasses import replace

import numpy as np
import pytest

from tests.service.pages import K, answering, by_popularity, contained, feed, good, page
from tests.service.running import free_port, hang_up, respond, spoken

N = 8
SPOILT = 3


def one_row(change):
    """Return a change of one page's list of items."""

    def spoil(results):
        changed = change(results[SPOILT]["itemList"])
        if changed is not None:
            results[SPOILT]["itemList"] = changed

    return spoil


def item(place, **values):
    return one_row(lambda items: items[place].update(values))


BAD_PAGES = {
    "unknown_id": item(2, itemId="nobody"),
    "duplicate": one_row(lambda items: [*items[:4], items[0]]),
    "too_few": one_row(lambda items: items[:-1]),
    "too_many": one_row(lambda items: [*items, *page(50)[:1]]),
    "not_a_number": item(0, score=float("nan")),
    "out_of_range": item(0, score=float("inf")),
    "wrong_type": item(1, itemId=7),
}
WRONG_TYPES = [
    item(1, itemId=None), item(1, score="high"), item(1, score=True), item(1, score=[1]),
    one_row(lambda items: {"itemId": "content-1"}), one_row(lambda items: "content-1"), one_row(lambda items: [1, 2]),
]  # fmt: skip


def served(say, n=N, **parameters):
    """Ask a service for pages of the feed; return slates and counts."""
    with spoken(say) as (url, _):
        guard = contained(url, **parameters)
        slates = guard.recommend(feed(n), K)
        guard.policy._state.wire.close()
    return slates, guard.counts


def later(asked, minutes):
    """Return the requests as they would be made later."""
    return replace(asked, view=replace(asked.view, minute=asked.view.minute + minutes))


def test_a_good_service_is_served_as_it_answers():
    slates, counts = served(answering(good))
    assert counts.served_by_fallback == counts.malformed == counts.raised == counts.late == 0
    assert (slates.content >= 0).all()
    assert len(counts.latency) == 1
    assert not counts.real_time


@pytest.mark.parametrize("kind", BAD_PAGES)
def test_a_bad_page_is_counted_by_its_kind_and_the_fallback_serves_it_alone(kind):
    slates, counts = served(answering(BAD_PAGES[kind]))
    assert counts.kinds == {kind: 1}
    assert (counts.malformed, counts.served_by_fallback) == (1, 1)
    assert counts.first_error == f"malformed: {kind}"
    whole, _ = served(answering(good))
    others = np.arange(N) != SPOILT
    assert np.array_equal(slates.content[others], whole.content[others])
    assert np.array_equal(slates.content[SPOILT], by_popularity(feed(N))[SPOILT])
    assert np.isnan(slates.score[SPOILT]).all()


@pytest.mark.parametrize("change", WRONG_TYPES)
def test_a_page_of_the_wrong_type_is_one_bad_page(change):
    _, counts = served(answering(change))
    assert counts.kinds == {"wrong_type": 1}


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("wrong_count", lambda results: {"results": results[:-1]}),
        ("wrong_count", lambda results: {"results": [*results, results[0]]}),
        ("wrong_type", lambda results: {"results": {"itemList": []}}),
        ("wrong_type", lambda results: {"result": results}),
        ("wrong_type", lambda results: results),
        ("wrong_type", lambda results: b"null"),
        ("not_json", lambda results: b"<html>"),
        ("not_json", lambda results: b""),
        ("not_json", lambda results: b"\xff\xfe"),
        ("not_json", lambda results: b"[" * 100_000),
        ("not_json", lambda results: b'{"results": [' + b"9" * 10_000 + b"]}"),
        ("too_large", lambda results: b"[" + b" " * 3_000_000 + b"]"),
    ],
)
def test_an_answer_of_no_use_leaves_its_whole_call_to_the_fallback(kind, change):
    slates, counts = served(answering(change), most_megabytes=1.0)
    assert counts.kinds == {kind: 1}
    assert (counts.malformed, counts.served_by_fallback, counts.raised) == (N, N, 0)
    assert np.array_equal(slates.content, by_popularity(feed(N)))


def drip(connection, head, body, number):
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    for _ in range(200):
        connection.sendall(b"{")
        time.sleep(0.02)


def silence(connection, head, body, number):
    time.sleep(3)


@pytest.mark.parametrize("say", [drip, silence])
def test_who_is_late_is_counted_as_late_and_the_result_is_no_longer_reproducible(say):
    slates, counts = served(say, deadline_ms=200.0)
    assert counts.kinds == {"timeout": 1}
    assert (counts.late, counts.raised, counts.served_by_fallback) == (1, 0, N)
    assert counts.real_time
    assert counts.latency[0] >= 200
    assert np.array_equal(slates.content, by_popularity(feed(N)))


@pytest.mark.parametrize(
    ("kind", "say"),
    [
        ("connection", lambda connection, head, body, number: hang_up(connection)),
        ("status", lambda connection, head, body, number: respond(connection, b"{}", "500 Oops")),
        ("redirect", lambda connection, head, body, number: respond(connection, b"", "302 Found", "location: /x\r\n")),
    ],
)
def test_who_does_not_answer_is_counted_as_an_error(kind, say):
    _, counts = served(say)
    assert counts.kinds == {kind: 1}
    assert (counts.late, counts.raised, counts.malformed, counts.served_by_fallback) == (0, 1, 0, N)
    assert counts.real_time


def test_one_bad_call_of_many_spoils_its_own_pages_alone():
    def third(connection, head, body, number):
        respond(connection, b"{}", "500 Oops") if b'"sessionId":"4"' in body else answering(good)(
            connection, head, body, number
        )

    _, counts = served(third, n=10, batch_size=2)
    assert (counts.raised, counts.served_by_fallback, len(counts.latency)) == (1, 2, 5)


def test_a_dead_service_is_left_alone_after_five_calls_and_asked_once_after_an_hour():
    asked = feed(40)
    guard = contained(f"http://127.0.0.1:{free_port()}", batch_size=4, concurrency=1, retries=0)
    guard.recommend(asked, K)
    assert (guard.counts.raised, guard.counts.served_by_fallback) == (5, 40)
    assert guard.counts.kinds == {"connection": 5, "left_alone": 20}
    guard.recommend(later(asked, 59), K)
    assert guard.counts.raised == 5
    guard.recommend(later(asked, 60), K)
    assert guard.counts.raised == 6
    guard.policy._state.wire.close()


def test_a_service_that_comes_back_serves_after_its_probe():
    def back(connection, head, body, number):
        respond(connection, b"", "500 Oops") if number < 5 else answering(good)(connection, head, body, number)

    with spoken(back) as (url, heard):
        guard = contained(url, batch_size=1, concurrency=2)
        guard.recommend(feed(20), K)
        down = len(heard)
        guard.recommend(later(feed(20), 60), K)
        guard.policy._state.wire.close()
    assert down == 6  # the sixth was under way when the fifth was heard
    assert len(heard) - down == 20
    assert guard.counts.served_by_fallback == 19
