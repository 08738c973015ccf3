"""The words spoken with a recommender service: requests and events out, answers in.

See docs/recommender_service.md.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Any

import numpy as np

from sim.schema.kinds import Act, ContentKind, Surface
from sim.schema.recommending import BehaviourLog, CatalogueView, Int, PageRequests, Single

SURFACES = [surface.name.lower() for surface in Surface]
MOST_CHARACTERS = 200
KINDS = [kind.name.lower() for kind in ContentKind]
CENTS = 100
ACTS = [act.name.lower() for act in Act]


class MalformedError(Exception):
    """An answer of no use as a whole: (kind, why)."""


@dataclass(frozen=True, slots=True)
class Names:
    """Contents by their stable string ids, which is how a service knows them.

    Attributes
    ----------
    content : tuple of str
    number : dict of str to int
    category : list of str
        Of the offer each content names; empty where it names none.
    """

    content: tuple[str, ...]
    number: Mapping[str, int]
    category: list[str]

    @classmethod
    def of(cls, catalogue: CatalogueView) -> "Names":
        """Read the catalogue once."""
        category = np.append(catalogue.category, -1)[catalogue.offer]
        said = [str(c) if c >= 0 else "" for c in category.tolist()]
        return cls(catalogue.names, {name: i for i, name in enumerate(catalogue.names)}, said)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered to a batch.

    Attributes
    ----------
    content : int32[n, k]
        -1 where a place is empty.
    score : float32[n, k]
        NaN where there is none.
    faults : dict of int to str
        Rows whose answer is nonsense, and the kind of it.
    """

    content: Int
    score: Single
    faults: dict[int, str]


def said_requests(asked: PageRequests, rows: slice, k: int, world: str, names: Names, candidates: Int | None) -> bytes:
    """Return the body of ``POST /recommend`` for some of the requests."""
    columns = (asked.consumer, asked.session, asked.page, asked.surface, asked.minute, asked.query, asked.recent)
    said = []
    for consumer, session, page, surface, minute, query, recent in zip(
        *(c[rows].tolist() for c in columns), strict=True
    ):
        said.append({
            "userId": f"consumer-{consumer}",
            "sessionId": str(session),
            "surface": SURFACES[surface],
            "page": page,
            "time": minute,
            "recent": [names.content[c] for c in recent if c >= 0],
            "context": {"category": str(query)} if query >= 0 else {},
        })  # fmt: skip
    if candidates is not None:
        for one, some in zip(said, candidates[rows].tolist(), strict=True):
            one["candidates"] = [names.content[c] for c in some if c >= 0]
    first_room = len(names.content) - len(asked.view.room_offer)
    live = [names.content[first_room + room] for room in np.flatnonzero(asked.view.room_offer >= 0).tolist()]
    return _dump({"worldId": world, "numResults": k, "live": live, "requests": said})


def said_items(catalogue: CatalogueView, first: int, size: int, world: str, names: Names) -> Iterator[bytes]:
    """Return bodies of ``POST /items``: the contents from ``first`` on, ``size`` in each."""
    columns = (catalogue.kind, catalogue.offer, catalogue.creator, catalogue.listed)
    for begin in range(first, catalogue.n_contents, size):
        items = []
        values = (column[begin : begin + size].tolist() for column in columns)
        for content, (kind, offer, creator, listed) in enumerate(zip(*values, strict=True), begin):
            items.append({
                "itemId": names.content[content],
                "kind": KINDS[kind],
                "offerId": names.content[offer] if offer >= 0 else None,
                "creatorId": f"creator-{creator}" if creator >= 0 else None,
                "merchantId": f"merchant-{catalogue.merchant[offer]}" if offer >= 0 else None,
                "category": names.category[content] or None,
                "price": int(catalogue.list_price[offer]) / CENTS if offer >= 0 else None,
                "listed": listed,
                "text": catalogue.text[offer] if offer >= 0 else "",
                "tags": list(catalogue.tags[offer]) if offer >= 0 else [],
            })  # fmt: skip
        yield _dump({"worldId": world, "items": items})


def said_events(log: BehaviourLog, first: int, size: int, world: str, names: Names) -> Iterator[bytes]:
    """Return bodies of ``POST /events``: rows in the order they became visible, from ``first`` on, ``size`` in each."""
    order = np.arange(len(log)) if log.visible is None else np.argsort(log.visible, kind="stable")
    columns = ("minute", "act", "consumer", "content", "offer", "session", "surface", "page", "position", "value")
    for begin in range(first, len(log), size):
        rows = (getattr(log, name)[order[begin : begin + size]].tolist() for name in columns)
        events = []
        for minute, act, consumer, content, offer, session, surface, page, position, value in zip(*rows, strict=True):
            events.append({
                "userId": f"consumer-{consumer}",
                "sessionId": str(session),
                "eventType": ACTS[act],
                "eventValue": value,
                "itemId": names.content[content] if content >= 0 else None,
                "offerId": names.content[offer] if offer >= 0 else None,
                "category": names.category[offer] if offer >= 0 else None,
                "surface": SURFACES[surface] if surface >= 0 else None,
                "page": page if page >= 0 else None,
                "position": position if position >= 0 else None,
                "time": minute,
            })  # fmt: skip
        yield _dump({"worldId": world, "events": events})


def heard_answer(body: bytes, fewest: Sequence[int], k: int, names: Names) -> Answer:
    """Read the body of an answer.

    Parameters
    ----------
    fewest : sequence of int
        How many items each row must have at least.

    Raises
    ------
    MalformedError
        Where no row can be told from another.
    """
    results = _results(body)
    n = len(fewest)
    if len(results) != n:
        raise MalformedError("wrong_count", f"{len(results)} results for {n} requests")
    answer = Answer(np.full((n, k), -1, np.int32), np.full((n, k), np.nan, np.float32), {})
    for row, (result, least) in enumerate(zip(results, fewest, strict=True)):
        items = result.get("itemList") if isinstance(result, dict) else None
        fault = _read_row(items, least, k, names.number, answer.content[row], answer.score[row])
        if fault:
            answer.content[row], answer.score[row] = -1, np.nan
            answer.faults[row] = fault
    return answer


def model_version(body: bytes) -> str:
    """Return what the body of ``GET /health`` says of the model; empty where it says nothing."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    version = found.get("modelVersion") if isinstance(found, dict) else None
    return version[:MOST_CHARACTERS] if isinstance(version, str) else ""


def _results(body: bytes) -> list[Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:  # no UTF-8 is a ValueError too
        raise MalformedError("not_json", f"the answer is not JSON ({type(error).__name__})") from None
    results = found.get("results") if isinstance(found, dict) else None
    if not isinstance(results, list):
        raise MalformedError("wrong_type", "the answer has no list 'results'")
    return results


def _read_row(items: Any, least: int, k: int, number: Mapping[str, int], content: Int, score: Single) -> str:
    """Fill a row; return the kind of its first fault, or nothing."""
    if not isinstance(items, list):
        return "wrong_type"
    if len(items) > k:
        return "too_many"
    seen = set()
    for place, item in enumerate(items):
        name = item.get("itemId") if isinstance(item, dict) else None
        if not isinstance(name, str):
            return "wrong_type"
        c = number.get(name)
        if c is None:
            return "unknown_id"
        if c in seen:
            return "duplicate"
        seen.add(c)
        value = item.get("score")
        if value is not None:
            fault = _score_fault(value)
            if fault:
                return fault
            score[place] = value
        content[place] = c
    if len(items) < least:
        return "too_few"
    return ""


def _score_fault(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "wrong_type"
    if isinstance(value, float) and isnan(value):
        return "not_a_number"
    return "" if abs(value) < 1e38 and isfinite(value) else "out_of_range"


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
