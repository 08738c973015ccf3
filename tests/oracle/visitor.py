"""A consumer on a visit, as the oracle's plain objects."""

from dataclasses import dataclass, field

import numpy as np

from sim.behaviour.crowd import RECENT_PLACES


@dataclass(slots=True)
class Shown:
    """What a place showed when its page opened: it stays so until the page is left."""

    content: int
    offer: int
    price: int
    sold_out: bool
    utility: float = 0.0


@dataclass(slots=True)
class Slate:
    """A page as the platform served it; -1 = empty place."""

    content: list[int]
    propensity: list[float]


@dataclass(slots=True)
class Waiting:
    """What somebody came too late for, and when they try once more."""

    offer: int
    content: int
    units: int
    at: int


@dataclass(slots=True)
class Visitor:
    """One session.  Instants in ticks."""

    session: int
    number: int
    consumer: int
    key: np.uint64
    started: int
    began: int
    surface: int
    query: int
    page: int = -1
    place: int = 0
    depth: int = 0
    opened: int = 0
    cursor: int = 0
    examined: int = 0
    exposure: int = 0
    ordered: int = 0
    wanted: int = 0
    room: int = -1
    livestream: int = 0
    slot: int = -1
    look: int = 0
    leaving: bool = False
    next: Slate | None = None
    waiting: Waiting | None = None
    places: list[Shown | None] = field(default_factory=list)
    propensity: list[float] = field(default_factory=list)
    recent: list[int] = field(default_factory=lambda: [-1] * RECENT_PLACES)

    @property
    def here(self) -> Shown:
        """What the eyes rest on."""
        shown = self.places[self.place]
        assert shown is not None
        return shown
