"""What a recommender sees and answers."""

from dataclasses import dataclass, field, fields, replace

import numpy as np
from numpy.typing import NDArray

Int = NDArray[np.int32]
Long = NDArray[np.int64]
Float = NDArray[np.float64]
Single = NDArray[np.float32]
Bool = NDArray[np.bool_]
Small = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class ServingView:
    """What the platform's serving layer knows, as of its last refresh.  Read-only copies.

    Attributes
    ----------
    minute : float
        When the view was taken.
    available : int64[n_offers]
        Units available to promise.
    price : int64[n_offers], cents
    sold : int64[n_offers]
        Units ordered since the start.
    room_offer : int32[n_rooms]
        The offer on show in each creator's room, -1 where nobody is live.
    room_price : int64[n_rooms], cents
    """

    minute: float
    available: Long
    price: Long
    sold: Long
    room_offer: Int
    room_price: Long


@dataclass(frozen=True, slots=True)
class PageRequests:
    """A batch of requests for one page each; row i is one request.

    The arrays are live buffers: a policy must not keep or change them.

    Attributes
    ----------
    consumer : int32[n]
    session : int64[n]
        Session id, unique in the replication.
    page : int32[n]
        0 for a session's first page.
    surface : int8[n]
        `Surface`; never LIVE.
    minute : float64[n]
        When the request was made.
    query : int32[n]
        The category searched for, -1 where the surface is not search.
    recent : int32[n, r]
        Contents clicked in this session, newest first, -1 padded.
    view : ServingView
    """

    consumer: Int
    session: Long
    page: Int
    surface: Small
    minute: Float
    query: Int
    recent: Int
    view: ServingView

    def __len__(self) -> int:
        return len(self.consumer)


@dataclass(frozen=True, slots=True)
class Slates:
    """Content ids, shape (n, k), best first, -1 = empty place, no repeats within a row."""

    content: Int
    score: Single | None = None
    propensity: Single | None = None


@dataclass(frozen=True, slots=True)
class CatalogueView:
    """What is listed: contents, and the offers they name.  Ids are dense.

    Contents are numbered offers first (content id = offer id), then videos, then rooms (one per creator).

    Attributes
    ----------
    n_consumers : int
    kind : int8[n_contents]
        `ContentKind`.
    offer : int32[n_contents]
        The offer a content names; -1 for a room (see ``ServingView.room_offer``).
    creator : int32[n_contents]
        -1 for offers.
    listed : float64[n_contents], minutes
        When it became showable (negative: before the start).
    sku, merchant, category, brand : int32[n_offers]
    list_price, unit_cost : int64[n_offers], cents
    commission : float64[n_offers]
        Share of the price that the creator earns.
    segment, region : int32[n_consumers]
    names : tuple of str
        Stable string id of each content.
    text : tuple of str
        Title and description of each offer.
    tags : tuple of tuple of str
        Tags of each offer.
    """

    n_consumers: int
    kind: Small
    offer: Int
    creator: Int
    listed: Float
    sku: Int
    merchant: Int
    category: Int
    brand: Int
    list_price: Long
    unit_cost: Long
    commission: Float
    segment: Int
    region: Int
    names: tuple[str, ...]
    text: tuple[str, ...]
    tags: tuple[tuple[str, ...], ...]

    @property
    def n_contents(self) -> int:
        return len(self.kind)

    @property
    def n_offers(self) -> int:
        return len(self.sku)


@dataclass(frozen=True, slots=True)
class Comments:
    """What consumers wrote while browsing, oldest first; comment i is about ``offer[i]``.

    Attributes
    ----------
    offer : int32[n]
    text : tuple of str
    """

    offer: Int
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BehaviourLog:
    """What consumers did, in order of time; only rows visible at the fit.  Column i belongs to row i.

    Attributes
    ----------
    minute : float64[n]
    act : int8[n]
        `Act`.
    consumer, content, offer : int32[n]
    session : int64[n]
    surface : int8[n]
    page, position : int32[n]
    value : float64[n]
        Units for ORDER, stars for RATING, else 1.
    propensity : float32[n]
        Of the slate place where the policy gave one, else NaN.
    until : float
        The minute of the fit: nothing at or after it is in the log.
    visible : float64[n] or None, minutes
        After which a fit sees each row, where rows come late: a later fit may see rows between those it saw before.
        None where rows become visible in their own order, so that what is new stands at the end.
    comments : Comments or None
        The words of the comments among the rows, for a policy that declares ``reads_comments = True``.
    """

    minute: Float
    act: Small
    consumer: Int
    content: Int
    offer: Int
    session: Long
    surface: Small
    page: Int
    position: Int
    value: Float
    propensity: Single
    until: float = field(default=0.0)
    visible: Float | None = field(default=None)
    comments: Comments | None = field(default=None)

    def __len__(self) -> int:
        return len(self.minute)

    def rows(self, chosen: slice | Bool) -> "BehaviourLog":
        """Return the log of some rows only; its comments, all of them, stay."""
        names = (part.name for part in fields(self) if part.name not in ("until", "comments"))
        columns = {name: getattr(self, name) for name in names}
        kept = {name: column[chosen] for name, column in columns.items() if column is not None}
        return replace(self, **kept)
