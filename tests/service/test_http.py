"""What is said to a service: pages, what is listed, what consumers did."""

import json

import numpy as np
import pytest

from sim.errors import PolicyError
from sim.schema.kinds import Act, Surface
from sim.testing import toy
from tests.service.pages import ASKED, CATALOGUE, VIEW, K, answering, feed, good, http
from tests.service.running import respond, spoken

LOG = toy.log(CATALOGUE)


def said(heard, path):
    """Return the bodies posted to a path."""
    return [json.loads(body) for head, body in heard if head[""].split()[1] == path]


def accept(connection, head, body, number):
    respond(connection, b"{}")


def pages_of(say, asked, **parameters):
    """Return (slates, what was heard) of one batch."""
    with spoken(say) as (url, heard):
        policy = http(url, **parameters)
        slates = policy.recommend(asked, K)
        policy._state.wire.close()
    return slates, heard


def first(log, n):
    """Return the log's first rows."""
    return log.rows(slice(n))


def test_each_page_is_said_once_in_order_with_what_the_platform_knows_of_it():
    _, heard = pages_of(answering(good), ASKED, batch_size=7, concurrency=1)
    bodies = said(heard, "/recommend")
    told = [one for body in bodies for one in body["requests"]]
    assert {body["numResults"] for body in bodies} == {K}
    assert len(told) == len(ASKED)
    for row, one in enumerate(told):
        surface = Surface(int(ASKED.surface[row]))
        assert one["sessionId"] == str(ASKED.session[row])
        assert one["userId"] == f"consumer-{ASKED.consumer[row]}"
        assert (one["surface"], one["page"], one["time"]) == (
            surface.name.lower(), ASKED.page[row], ASKED.minute[row],
        )  # fmt: skip
        assert one["recent"] == [CATALOGUE.names[c] for c in ASKED.recent[row] if c >= 0]
        assert one["context"] == ({"category": str(ASKED.query[row])} if surface == Surface.SEARCH else {})
        assert "candidates" not in one


def test_rooms_that_are_live_are_told():
    _, heard = pages_of(answering(good), feed(2))
    first_room = CATALOGUE.n_contents - len(VIEW.room_offer)
    live = [CATALOGUE.names[first_room + room] for room in np.flatnonzero(VIEW.room_offer >= 0)]
    assert said(heard, "/recommend")[0]["live"] == live


def test_candidates_are_the_most_popular_that_the_page_may_show():
    _, heard = pages_of(answering(good), ASKED, candidates=12)
    (body,) = said(heard, "/recommend")
    number = {name: c for c, name in enumerate(CATALOGUE.names)}
    for row, one in enumerate(body["requests"]):
        ids = np.array([number[name] for name in one["candidates"]], dtype=int)
        assert len(set(one["candidates"])) == len(ids) <= 12
        assert (CATALOGUE.listed[ids] <= ASKED.minute[row]).all()
        if ASKED.surface[row] == Surface.SEARCH:
            assert (ids < CATALOGUE.n_offers).all()
            assert (CATALOGUE.category[ids] == ASKED.query[row]).all()


def test_a_page_with_less_to_show_than_it_has_places_is_not_too_short():
    last = feed(1)
    last.surface[:], last.query[:], last.page[:] = int(Surface.SEARCH), 0, 0
    n = int(((CATALOGUE.category == 0) & (CATALOGUE.listed[: CATALOGUE.n_offers] <= VIEW.minute)).sum())
    last.page[:] = n // K
    rest = [CATALOGUE.names[c] for c in np.flatnonzero(CATALOGUE.category == 0)[: n % K]]
    assert 0 < len(rest) < K

    def change(results):
        results[0]["itemList"] = [{"itemId": name} for name in rest]

    slates, _ = pages_of(answering(change), last)
    assert slates.account.malformed == 0

    def shorter(results):
        results[0]["itemList"] = [{"itemId": name} for name in rest[:-1]]

    slates, _ = pages_of(answering(shorter), last)
    assert slates.account.kinds == {"too_few": 1}


def test_scores_may_be_left_out():
    def change(results):
        for result in results:
            for item in result["itemList"]:
                del item["score"]

    slates, _ = pages_of(answering(change), feed(3))
    assert (slates.content >= 0).all()
    assert not slates.unserved.any()


def test_what_consumers_did_is_posted_once_in_order_and_goes_on_where_it_was_left():
    with spoken(accept) as (url, heard):
        policy = http(url, rows_per_call=100, concurrency=1)
        policy.fit(first(LOG, 250), CATALOGUE)
        policy.fit(first(LOG, 250), CATALOGUE)
        policy.fit(LOG, CATALOGUE)
        policy._state.wire.close()
    bodies = said(heard, "/events")
    assert [len(body["events"]) for body in bodies[:3]] == [100, 100, 50]
    events = [event for body in bodies for event in body["events"]]
    assert [event["time"] for event in events] == LOG.minute.tolist()
    assert [event["eventType"] for event in events] == [Act(int(act)).name.lower() for act in LOG.act]
    assert [event["itemId"] for event in events] == [CATALOGUE.names[c] for c in LOG.content]
    assert len({body["worldId"] for body in bodies}) == 1


def test_what_could_not_be_posted_is_posted_next_time():
    def third_fails(connection, head, body, number):
        respond(connection, b"{}", "200 OK" if number != 2 else "500 Oops")

    with spoken(third_fails) as (url, heard):
        policy = http(url, rows_per_call=100, concurrency=1)
        with pytest.raises(ConnectionError, match="status"):
            policy.fit(first(LOG, 500), CATALOGUE)
        policy.fit(first(LOG, 500), CATALOGUE)
        policy._state.wire.close()
    taken = [body for at, body in enumerate(said(heard, "/events")) if at != 2]
    assert [event["time"] for body in taken for event in body["events"]] == LOG.minute[:500].tolist()


def test_without_feedback_nothing_is_posted():
    with spoken(accept) as (url, heard):
        http(url, feedback=False).fit(LOG, CATALOGUE)
    assert heard == []


def test_what_is_listed_is_told_at_the_start():
    with spoken(accept) as (url, heard):
        policy = http(url, catalogue=True, rows_per_call=50)
        policy._state.wire.close()
    items = {item["itemId"]: item for body in said(heard, "/items") for item in body["items"]}
    assert sorted(items) == sorted(CATALOGUE.names)
    for c, name in enumerate(CATALOGUE.names):
        offer = CATALOGUE.offer[c]
        assert items[name]["listed"] == CATALOGUE.listed[c]
        assert items[name]["category"] == (str(CATALOGUE.category[offer]) if offer >= 0 else None)


def test_a_service_that_takes_no_catalogue_is_not_told_again_and_one_that_failed_is():
    def never(connection, head, body, number):
        respond(connection, b"{}", "404 Not Found" if "/items" in head[""] else "200 OK")

    def later(connection, head, body, number):
        respond(connection, b"{}", "500 Oops" if number == 0 else "200 OK")

    for say, calls in ((never, 1), (later, 2)):
        with spoken(say) as (url, heard):
            policy = http(url, catalogue=True)
            policy.fit(LOG, CATALOGUE)
            policy._state.wire.close()
        assert len(said(heard, "/items")) == calls
        assert len(said(heard, "/events")) > 0


def test_two_worlds_are_told_apart():
    with spoken(answering(good)) as (url, heard):
        for _ in range(2):
            policy = http(url)
            policy.recommend(feed(1), K)
            policy._state.wire.close()
    one, other = said(heard, "/recommend")
    assert one["worldId"] != other["worldId"]


def test_secrets_are_sent_and_told_to_nobody(monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "hidden-47")

    def tell(connection, head, body, number):
        respond(connection, b"{}", "500 hidden-47")

    headers = {"authorization": "Bearer ${SECRET_TOKEN}"}
    slates, heard = pages_of(tell, feed(2), headers=headers)
    assert heard[0][0]["authorization"] == "Bearer hidden-47"
    assert "hidden-47" not in repr(slates.account)
    with spoken(tell) as (url, _), pytest.raises(PolicyError) as refused:
        http(url, headers=headers).artefact()
    assert "hidden-47" not in str(refused.value)


def test_the_model_that_serves_is_part_of_what_the_policy_is():
    def health(connection, head, body, number):
        assert head[""].startswith("GET /v2/health ")
        respond(connection, b'{"status": "ok", "modelVersion": "ranker-12"}')

    with spoken(health) as (url, _):
        assert http(f"{url}/v2/").artefact() == {"model": "ranker-12"}


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"modelVersion": 3}'])
def test_a_service_that_does_not_say_which_model_it_serves_is_refused(body):
    with (
        spoken(lambda connection, head, text, number: respond(connection, body)) as (url, _),
        pytest.raises(PolicyError, match="modelVersion"),
    ):
        http(url).artefact()


# -- slow pages ----------------------------------------------------------------------------------------------


def test_a_declared_latency_loses_its_share_of_pages_by_the_requests_own_luck():
    asked = feed(20_000)
    parameters = {"latency": "declared", "latency_median_ms": 200.0, "latency_p95_ms": 201.0, "lost_per_100_ms": 0.1}
    slates, _ = pages_of(answering(good), asked, **parameters, batch_size=5000, most_megabytes=100.0)
    lost = (slates.content < 0).all(axis=1)
    # two steps of 100 ms lose 0.19; by Hoeffding 20,000 pages are further off than 0.017 once in 20,000 seeds
    assert abs(lost.mean() - 0.19) < 0.017
    assert not slates.unserved.any()
    assert not slates.account.real_time
    again, _ = pages_of(answering(good), toy.rows(asked, np.arange(3000)), **parameters, batch_size=64)
    assert np.array_equal((again.content < 0).all(axis=1), lost[:3000])


def test_a_measured_latency_loses_pages_and_is_not_reproducible():
    slates, _ = pages_of(answering(good), feed(500), latency="measured", lost_per_100_ms=0.999)
    assert slates.account.real_time
    assert (slates.content < 0).all(axis=1).any()


def test_who_has_left_is_not_served_by_the_fallback_either():
    def fail(connection, head, body, number):
        respond(connection, b"{}", "500 Oops")

    asked = feed(1000)
    slates, _ = pages_of(
        fail, asked, latency="declared", latency_median_ms=500.0, latency_p95_ms=600.0, lost_per_100_ms=0.5,
        batch_size=1000,
    )  # fmt: skip
    assert 0 < slates.unserved.sum() < 200
