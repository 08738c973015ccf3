"""The kinds of rows that processes write down: their columns, units and meaning, as data.

What consumers do and order is not among them: it comes from the kernel and the order book, as do the tables made of
it (``orders``, ``acts``, ``slates``, ``comments``, ``reviews``; see `sim.record.event_tables`).
"""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["ticks", "span", "id", "order", "units", "count", "cents", "metres", "seconds", "grams", "flag", "word"]
"""``ticks`` an instant (-1 = never), ``span`` a length of time in ticks, ``id`` a dense id (-1 = nobody or
nothing), ``order`` a row of the order book, ``flag`` 0 or 1, ``word`` one of a few words."""

FATES = ("restocked", "seconds", "written_off")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a kind: int64 in frames; a word is a categorical of ``words``."""

    name: str
    unit: Unit
    meaning: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row."""

    name: str
    meaning: str
    columns: tuple[Column, ...]


def _kind(name: str, meaning: str, *columns: Column) -> Kind:
    return Kind(name, meaning, columns)


_NODE = Column("node", "id", "where")
_OFFER = Column("offer", "id", "of what")
_KEY = Column("key", "id", "ledger key (owner, SKU, node)")
_CONTENT = Column("content", "id", "what it was for: an offer, or a room")
_CREATOR = Column("creator", "id", "whose room")

_FULFILMENT = (
    _kind(
        "wave",
        "allocated lines that a warehouse picks together",
        Column("time", "ticks", "when it began"),
        _NODE,
        Column("lines", "count", "order lines"),
        Column("parcels", "count", "parcels they make"),
    ),
    _kind(
        "packing",
        "a parcel that was packed",
        Column("time", "ticks", "when packing began"),
        _NODE,
        Column("parcel", "order", "its first line"),
        Column("waited", "span", "from the queue's end to the station"),
        Column("took", "span", "at the station"),
    ),
    _kind(
        "route",
        "a van's round, as planned and driven",
        Column("time", "ticks", "departure"),
        _NODE,
        Column("van", "id", "of the node's vans"),
        Column("stops", "count", "doors"),
        Column("parcels", "count", "parcels"),
        Column("metres", "metres", "on the road, back to the depot"),
        Column("seconds", "seconds", "of driving and at the doors"),
        Column("grams", "grams", "loaded"),
    ),
    _kind(
        "return",
        "an order line that came back",
        Column("time", "ticks", "when it was back"),
        _NODE,
        Column("order", "order", "the line"),
        _OFFER,
        Column("units", "units", "that came back"),
        Column("fate", "word", "what became of the goods", FATES),
        Column("freight", "cents", "of the way back"),
    ),
)

_SUPPLY = (
    _kind(
        "purchase",
        "an order to a brand",
        Column("time", "ticks", "when it was ordered"),
        _KEY,
        _OFFER,
        _NODE,
        Column("merchant", "id", "who ordered"),
        Column("brand", "id", "from whom"),
        Column("units", "units", "ordered"),
        Column("cents", "cents", "what they cost"),
        Column("due", "ticks", "agreed arrival"),
    ),
    _kind(
        "receipt",
        "an order to a brand that came in",
        Column("time", "ticks", "when it came in"),
        _KEY,
        _OFFER,
        _NODE,
        Column("brand", "id", "from whom"),
        Column("units", "units", "that came"),
        Column("ordered", "ticks", "when it was ordered"),
        Column("due", "ticks", "agreed arrival"),
        Column("ran_out", "flag", "the offer had nothing available at some time since the key's last receipt"),
    ),
    _kind(
        "stock_day",
        "the stock of a node over a day",
        Column("time", "ticks", "the day's end"),
        _NODE,
        Column("on_hand", "units", "there"),
        Column("on_order", "units", "ordered and not there yet"),
        Column("backorders", "units", "owed to customers who wait"),
        Column("value", "cents", "at cost, averaged over the day"),
        Column("bare", "count", "ledger keys with nothing on hand"),
        Column("keys", "count", "ledger keys"),
    ),
    _kind(
        "demand_day",
        "what was wanted, ordered and made over a day",
        Column("time", "ticks", "the day's end"),
        Column("wanted", "units", "demanded, of all offers"),
        Column("ordered", "units", "merchants ordered from brands"),
        Column("made", "units", "brands put into production"),
    ),
    _kind(
        "unmet",
        "demand from outside that found nothing",
        Column("time", "ticks", "when"),
        _OFFER,
        Column("units", "units", "lost"),
        Column("value", "cents", "lost"),
    ),
    _kind(
        "backorder",
        "demand from outside that found nothing and waits for stock",
        Column("time", "ticks", "when"),
        _OFFER,
        Column("units", "units", "owed from then on"),
        Column("value", "cents", "of these"),
    ),
)

_SHOWS = (
    _kind(
        "livestream",
        "a livestream that ended",
        Column("time", "ticks", "its end"),
        _CREATOR,
        Column("began", "ticks", "its beginning"),
        Column("entries", "count", "who came in"),
        Column("peak", "count", "most viewers at once"),
        Column("watched", "span", "by all viewers together"),
        Column("slots", "count", "in the run of show"),
        Column("sold", "units", "of the allotments"),
        Column("allotted", "units", "set aside for it"),
        Column("revenue", "cents", "of the allotments"),
        Column("followers_gained", "count", "while it ran"),
    ),
    _kind(
        "slot",
        "a slot of a run of show that ended",
        Column("time", "ticks", "its end"),
        _CREATOR,
        Column("slot", "id", "unique in the replication; orders name it"),
        _OFFER,
        Column("price", "cents", "flash price of a unit"),
        Column("allotted", "units", "set aside for it"),
        Column("sold", "units", "of these"),
        Column("sold_out_at", "ticks", "when none was left"),
    ),
    _kind(
        "room_minute",
        "a room at a whole minute while it is live",
        Column("time", "ticks", "when"),
        _CREATOR,
        Column("viewers", "count", "in the room"),
        Column("left", "units", "of the slot's allotment"),
        Column("slot", "id", "on air"),
    ),
    _kind(
        "price",
        "a price that changed",
        Column("time", "ticks", "from when on"),
        _OFFER,
        Column("price", "cents", "of a unit"),
    ),
)

_MARKETING = (
    _kind(
        "marketing_day",
        "what a day's marketing money was spent on",
        Column("time", "ticks", "the day's end"),
        _CONTENT,
        Column("bought", "count", "visits bought"),
        Column("came", "count", "of these, those that came and were paid for"),
        Column("cents", "cents", "paid for them"),
        Column("coupons", "count", "sent at the day's beginning"),
    ),
    _kind(
        "redemption",
        "a coupon whose order was paid",
        Column("time", "ticks", "when it was paid"),
        Column("order", "order", "the line"),
        _CONTENT,
        Column("cents", "cents", "that the platform paid of it"),
    ),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in (*_FULFILMENT, *_SUPPLY, *_SHOWS, *_MARKETING)}
