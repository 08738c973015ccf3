"""Calls to one service: connections kept open, each call with a deadline over all and a bound on what comes back."""

import asyncio
import contextlib
import threading
import time
import weakref
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sim.errors import PolicyError

T = TypeVar("T")

OK, MOVED = 200, 300
WORTH_ANOTHER_TRY = frozenset({429, 502, 503, 504})
FIRST_PAUSE = 0.02
"""Seconds before the first retry; each later one waits twice as long.  The deadline holds over all of them."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a call.

    Attributes
    ----------
    body : bytes
    milliseconds : float
        From the first try to the last byte, or to giving up.
    fault : str
        ``timeout``, ``connection``, ``status``, ``redirect``, ``too_large``, ``encoding``; empty where all went well.
    status : int
        Of HTTP; 0 where none came.
    why : str
        In words, without anything that was sent or received.
    """

    body: bytes = b""
    milliseconds: float = 0.0
    fault: str = ""
    why: str = ""
    status: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a call is made: seconds over all, further tries, most bytes of an answer."""

    deadline: float
    retries: int
    most_bytes: int


class FaultError(Exception):
    """A call that failed: (fault, why, status)."""


class Wire:
    """Connections to one service, opened at the first call; a copy opens its own.

    Parameters
    ----------
    url : str
        Of the service, without a slash at its end.
    headers : callable
        Returns the headers to send, secrets filled in.
    concurrency : int
        Calls under way at once, at most.
    """

    def __init__(self, url: str, headers: Callable[[], dict[str, str]], concurrency: int) -> None:
        self.url = url
        self.headers = headers
        self.concurrency = concurrency
        self._line: _Line | None = None

    def get(self, path: str, terms: Terms) -> Reply:
        """Return what the service answers to a GET."""
        line = self._open()
        return line.run(_call(line.client, "GET", path, None, terms))

    def post_all(
        self,
        path: str,
        bodies: Iterator[bytes],
        terms: Terms,
        allowed: Callable[[], int],
        heard: Callable[[Reply], None],
    ) -> None:
        """Post bodies, several at once, and hear the replies in the bodies' order.

        Parameters
        ----------
        bodies : iterator
            Each is made when its call begins.
        allowed : callable
            Asked before each call: how many may be under way (-1: as many as `concurrency`; 0: stop here).
        heard : callable
            Told each reply.  A call is begun only when all but the last few before it were heard, so that which
            calls are made does not depend on the order in which replies come.
        """
        line = self._open()
        line.run(_window(line.client, path, bodies, terms, self.concurrency, allowed, heard))

    def close(self) -> None:
        """Hang up; the next call opens the line again."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_line": None}

    def _open(self) -> "_Line":
        if self._line is None:
            self._line = _Line(self.url, self.headers(), self.concurrency)
        return self._line


class _Line:
    """An event loop in a thread of its own, and a client that lives in it."""

    def __init__(self, url: str, headers: dict[str, str], concurrency: int) -> None:
        try:
            from httpx import AsyncClient, Limits
        except ImportError:
            why, hint = "a service needs httpx, which is not installed", "pip install 'streamstock[http]'"
            raise PolicyError("policies.recommender.kind", why, hint) from None
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="recommender service", daemon=True)
        thread.start()
        self._loop = loop
        self.client = AsyncClient(
            base_url=url, headers={**headers, "accept-encoding": "identity"}, timeout=None, follow_redirects=False,
            trust_env=False,  # no proxy, no .netrc: only what the scenario says
            limits=Limits(max_connections=concurrency, max_keepalive_connections=concurrency),
        )  # fmt: skip
        self.close = weakref.finalize(self, _hang_up, loop, thread, self.client)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def _hang_up(loop: asyncio.AbstractEventLoop, thread: threading.Thread, client: Any) -> None:
    with contextlib.suppress(Exception):  # whatever state the other side left it in
        asyncio.run_coroutine_threadsafe(client.aclose(), loop).result(timeout=1)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(timeout=1)
    if not loop.is_running():
        loop.close()


async def _window(
    client: Any, path: str, bodies: Iterator[bytes], terms: Terms, concurrency: int, allowed: Callable[[], int],
    heard: Callable[[Reply], None],
) -> None:  # fmt: skip
    under_way: deque[Awaitable[Reply]] = deque()
    more = True
    while more or under_way:
        may = allowed()
        if more and len(under_way) < (concurrency if may < 0 else may):
            body = next(bodies, None)
            if body is None:
                more = False
            else:
                under_way.append(asyncio.create_task(_call(client, "POST", path, body, terms)))
                await asyncio.sleep(0)  # it is on its way before the next body is made
        elif under_way:
            heard(await under_way.popleft())
        else:
            return


async def _call(client: Any, method: str, path: str, body: bytes | None, terms: Terms) -> Reply:
    """Return the reply to one call; whatever happens is told in it."""
    began = time.perf_counter()
    try:
        async with asyncio.timeout(terms.deadline):
            reply = Reply(await _tries(client, method, path, body, terms), status=OK)
    except TimeoutError:
        reply = Reply(fault="timeout", why=f"no whole answer within {terms.deadline:g} s")
    except FaultError as error:
        fault, why, status = error.args
        reply = Reply(fault=fault, why=why, status=status)
    return replace(reply, milliseconds=(time.perf_counter() - began) * 1000.0)


async def _tries(client: Any, method: str, path: str, body: bytes | None, terms: Terms) -> bytes:
    from httpx import HTTPError

    pause = FIRST_PAUSE
    for left in range(terms.retries, -1, -1):
        try:
            status, found = await _once(client, method, path, body, terms.most_bytes)
        except HTTPError as error:  # its text may hold headers: only its name is told
            if not left:
                raise FaultError("connection", type(error).__name__, 0) from None
        else:
            if status == OK:
                return found
            if not left or status not in WORTH_ANOTHER_TRY:
                fault = "redirect" if MOVED <= status < MOVED + 100 else "status"
                raise FaultError(fault, f"the service answered with status {status}", status)
        await asyncio.sleep(pause)
        pause *= 2
    raise AssertionError("the last try returns or raises")


async def _once(client: Any, method: str, path: str, body: bytes | None, most_bytes: int) -> tuple[int, bytes]:
    """Return status and body; the body is read as it comes, and no further than allowed."""
    kind = {"content-type": "application/json"} if body is not None else None
    async with client.stream(method, path, content=body, headers=kind) as response:
        if response.status_code != OK:
            return response.status_code, b""
        if response.headers.get("content-encoding", "identity") != "identity":
            raise FaultError("encoding", "the answer is compressed, which was not asked for", OK)
        parts, size = [], 0
        async for part in response.aiter_raw():
            size += len(part)
            if size > most_bytes:
                raise FaultError("too_large", f"the answer has more than {most_bytes} bytes", OK)
            parts.append(part)
        return OK, b"".join(parts)
