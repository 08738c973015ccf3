"""Calls to a service: in order, several at once, over connections that stay open, within their deadline."""

import pickle
import threading
import time

import pytest

from policies.recommenders._wire import Terms, Wire
from tests.service.running import free_port, hang_up, respond, spoken

TERMS = Terms(deadline=5.0, retries=0, most_bytes=1000)


def posted(url, bodies, terms=TERMS, concurrency=4, allowed=lambda: -1):
    """Post bodies and return the replies."""
    replies = []
    wire = Wire(url, dict, concurrency)
    wire.post_all("/recommend", iter(bodies), terms, allowed, replies.append)
    wire.close()
    return replies


def echo(connection, head, body, number):
    respond(connection, body)


def test_replies_are_heard_in_the_order_of_the_bodies_whatever_order_they_arrive_in():
    def slow_first(connection, head, body, number):
        time.sleep(0.1 if body == b"0" else 0.0)
        respond(connection, body)

    with spoken(slow_first) as (url, _):
        replies = posted(url, [str(i).encode() for i in range(12)])
    assert [reply.body for reply in replies] == [str(i).encode() for i in range(12)]


def test_no_more_calls_are_under_way_than_allowed_and_their_connections_are_used_again():
    now, most, connections = [0], [0], set()
    lock = threading.Lock()

    def watch(connection, head, body, number):
        with lock:
            connections.add(connection.getpeername())
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.01)
        with lock:
            now[0] -= 1
        respond(connection, body)

    with spoken(watch) as (url, heard):
        posted(url, [b"x"] * 20, concurrency=3)
    assert (len(heard), most[0], len(connections)) == (20, 3, 3)


def test_a_connection_stays_open_from_one_batch_to_the_next():
    connections = set()

    def watch(connection, head, body, number):
        connections.add(connection.getpeername())
        respond(connection, body)

    with spoken(watch) as (url, _):
        wire = Wire(url, dict, 1)
        for _ in range(3):
            wire.post_all("/recommend", iter([b"x"]), TERMS, lambda: -1, lambda reply: None)
        wire.close()
    assert len(connections) == 1


def test_a_service_that_closed_an_idle_connection_is_called_over_a_new_one():
    def once(connection, head, body, number):
        respond(connection, body, headers="connection: close\r\n")
        hang_up(connection)

    with spoken(once) as (url, _):
        wire, replies = Wire(url, dict, 1), []
        for _ in range(3):
            wire.post_all("/recommend", iter([b"x"]), TERMS, lambda: -1, replies.append)
        wire.close()
    assert [reply.fault for reply in replies] == ["", "", ""]


def test_the_deadline_holds_over_the_whole_answer_however_it_drips():
    def drip(connection, head, body, number):
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        for _ in range(1000):
            connection.sendall(b"x")
            time.sleep(0.02)

    with spoken(drip) as (url, _):
        began = time.monotonic()
        (reply,) = posted(url, [b"x"], Terms(0.3, 2, 10_000))
    assert reply.fault == "timeout"
    assert 0.25 <= time.monotonic() - began < 2.0
    assert 250 <= reply.milliseconds < 2000


def test_the_deadline_holds_over_headers_that_drip_too():
    def drip(connection, head, body, number):
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        for n in range(1000):
            connection.sendall(f"x-{n}: y\r\n".encode())
            time.sleep(0.02)

    with spoken(drip) as (url, _):
        (reply,) = posted(url, [b"x"], Terms(0.2, 0, 10_000))
    assert reply.fault == "timeout"


def test_a_long_answer_is_not_read_to_its_end():
    sent = [0]

    def pour(connection, head, body, number):
        connection.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        for _ in range(2000):  # 200 MB
            connection.sendall(b"186a0\r\n" + b"x" * 100_000 + b"\r\n")
            sent[0] += 1

    with spoken(pour) as (url, _):
        (reply,) = posted(url, [b"x"])
    assert reply.fault == "too_large"
    assert sent[0] < 500


def test_an_answer_that_would_unpack_to_more_is_refused():
    def packed(connection, head, body, number):
        assert head["accept-encoding"] == "identity"
        respond(connection, b"\x1f\x8b", headers="content-encoding: gzip\r\n")

    with spoken(packed) as (url, _):
        (reply,) = posted(url, [b"x"])
    assert reply.fault == "encoding"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
def test_a_redirect_is_not_followed(status):
    with spoken(echo) as (elsewhere, lured):

        def lead_away(connection, head, body, number):
            respond(connection, b"", status, f"location: {elsewhere}/recommend\r\n")

        with spoken(lead_away) as (url, heard):
            (reply,) = posted(url, [b"x"], Terms(5.0, 3, 1000))
    assert (reply.fault, len(heard), lured) == ("redirect", 1, [])


@pytest.mark.parametrize(("status", "calls"), [("503 Busy", 3), ("429 Slow down", 3), ("500 Oops", 1), ("404 No", 1)])
def test_what_may_pass_is_tried_again_and_what_will_not_is_not(status, calls):
    with spoken(lambda connection, head, body, number: respond(connection, b"", status)) as (url, heard):
        (reply,) = posted(url, [b"x"], Terms(5.0, 2, 1000))
    assert (reply.fault, reply.status, len(heard)) == ("status", int(status[:3]), calls)


def test_a_call_that_goes_well_at_the_second_try_went_well():
    def second(connection, head, body, number):
        if number == 0:
            hang_up(connection)
        else:
            respond(connection, b"fine")

    with spoken(second) as (url, _):
        (reply,) = posted(url, [b"x"], Terms(5.0, 1, 1000))
    assert (reply.fault, reply.body) == ("", b"fine")


def test_retries_do_not_outlast_the_deadline():
    with spoken(lambda connection, head, body, number: respond(connection, b"", "503 Busy")) as (url, _):
        began = time.monotonic()
        (reply,) = posted(url, [b"x"], Terms(0.3, 10, 1000))
    assert reply.fault == "timeout"
    assert time.monotonic() - began < 2.0


def test_nobody_at_the_address_is_told_as_a_fault():
    (reply,) = posted(f"http://127.0.0.1:{free_port()}", [b"x"])
    assert (reply.fault, reply.why) == ("connection", "ConnectError")


HALF = b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf"


@pytest.mark.parametrize("sent", [b"", b"nonsense\r\n\r\n", HALF, b"HTTP/9.9 what\r\n\r\n"])
def test_a_service_that_breaks_off_or_speaks_otherwise_is_told_as_a_fault(sent):
    def say(connection, head, body, number):
        connection.sendall(sent)
        hang_up(connection)

    with spoken(say) as (url, _):
        (reply,) = posted(url, [b"x"])
    assert reply.fault == "connection"


def test_proxies_of_the_environment_are_not_used(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    with spoken(echo) as (url, _):
        (reply,) = posted(url, [b"x"])
    assert reply.body == b"x"


def test_which_calls_are_made_does_not_depend_on_which_reply_comes_first():
    def fail_some(delays):
        def say(connection, head, body, number):
            time.sleep(delays[int(body)])
            respond(connection, body, "200 OK" if body == b"0" else "500 Oops")

        return say

    made = []
    for delays in ([0.06, 0, 0, 0, 0, 0, 0, 0], [0, 0.06, 0, 0.06, 0, 0, 0, 0]):
        faults = []
        with spoken(fail_some(delays)) as (url, heard):
            wire = Wire(url, dict, 3)
            wire.post_all(
                "/recommend", (str(i).encode() for i in range(8)), TERMS,
                lambda faults=faults: 0 if sum(faults) >= 2 else -1,
                lambda reply, faults=faults: faults.append(bool(reply.fault)),
            )  # fmt: skip
            wire.close()
        made.append(sorted(body for _, body in heard))
    assert made[0] == made[1]
    assert len(made[0]) == 5


def test_a_copy_opens_its_own_line():
    with spoken(echo) as (url, _):
        wire, replies = Wire(url, dict, 1), []
        wire.post_all("/recommend", iter([b"one"]), TERMS, lambda: -1, replies.append)
        copy = pickle.loads(pickle.dumps(wire))
        wire.close()
        copy.post_all("/recommend", iter([b"two"]), TERMS, lambda: -1, replies.append)
        copy.close()
    assert [reply.body for reply in replies] == [b"one", b"two"]


def test_no_thread_is_left_when_the_line_is_closed():
    with spoken(echo) as (url, _):
        posted(url, [b"x"])
    assert not [thread for thread in threading.enumerate() if thread.name == "recommender service"]
