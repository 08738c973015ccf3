"""A world with one page: consumers who come once, look at the same places, and differ in nothing but luck."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.behaviour.coefficients import coefficients
from sim.behaviour.consumers import Consumers, Pause
from sim.behaviour.crowd import ARRIVAL_ROW
from sim.scenario.scenario import Scenario
from sim.schema.clock import to_ticks
from sim.schema.counters import Counter
from sim.schema.recommending import ServingView
from sim.world.state import Rows, Truth, consumer_rows, content_rows, offer_rows, room_rows
from sim.world.topics import TOPICS

DAY = to_ticks(1440.0)
PLACES, N_TOPICS = 10, len(TOPICS)
"""As everywhere by default: kernels are compiled anew for other shapes."""
FLAT = {
    "browsing": {"attention": 0, "next_page": 0, "repeat": 1, "look_seconds": 4},
    "click": {"base": 0, "taste": 0, "price": 0, "discount": 0, "social": 0, "followed": 0, "sold_out": 0},
    "cart": {"base": 0, "taste": 0, "price": 0, "discount": 0},
    "buy": {
        "base": 0, "taste": 0, "price": 0, "discount": 0, "social": 0, "rating": 0, "promise": 0, "trust": 0,
        "more_units": 0,
    },
    "social": {"like": 0, "comment": 0, "follow": 0, "share": 0},
}  # fmt: skip
"""Every choice is a coin until a test says otherwise."""


def flat(**changes: dict[str, float]) -> Rows:
    """Return coefficients in which nothing matters but what is given, by part of the behaviour."""
    behaviour = {part: {**values, **changes.get(part, {})} for part, values in FLAT.items()}
    return coefficients(Scenario.model_validate({"name": "shelf", "warm_up": "0 min", "behaviour": behaviour}))


@dataclass
class Shelf:
    """Offers at 1,000 cents, their reference and list price, with stock for everybody.

    Attributes
    ----------
    appeal : list of float
        Of each offer, in logit units.
    paid : structured array or None
        Visits that advertisements bring besides.
    """

    appeal: list[float]
    c: Rows = field(default_factory=flat)
    n: int = 20_000
    key: int = 11
    price: int = 1000
    paid: Rows | None = None

    def __post_init__(self) -> None:
        offers = offer_rows(len(self.appeal), N_TOPICS)
        offers["appeal"], offers["price"], offers["list_price"] = self.appeal, self.price, 1000
        offers["reference"] = np.log(1000.0)
        offers["available"] = offers["position"] = 10**9
        offers["purchase_limit"] = 100
        contents = content_rows(len(offers), N_TOPICS)
        contents["appeal"], contents["offer"] = self.appeal, np.arange(len(offers))
        contents["creator"] = contents["room"] = -1
        people = consumer_rows(self.n, N_TOPICS)
        people["sensitivity"], people["trust"], people["budget_left"], people["logged"] = 1, 0.7, 10**12, 1
        self.truth = Truth(people, offers, contents, room_rows(0), np.full((1, 1), 3.0))

    def visit(self, slate: list[int], every: int = 2 * DAY, look: Callable[[Consumers], None] | None = None) -> Rows:
        """Let everybody come once and look at ``slate``; return the acts, unless ``look`` takes them every so often.

        What was ordered is then in ``orders``.
        """
        self.consumers = Consumers(self.truth, self.c, self.key, days=2, buckets=2, places=PLACES)
        self.consumers.come(self._arrivals())
        if self.paid is not None:
            self.consumers.flock(self.paid.copy())
        taken: list[Rows] = []
        nothing = np.zeros(0, np.int64)
        view = ServingView(0.0, nothing, nothing, nothing, nothing.astype(np.int32), nothing)
        page = np.array(slate + [-1] * (PLACES - len(slate)), np.int32)
        limit = every
        while True:
            pause = self.consumers.advance(limit)
            if pause is Pause.NEED_SLATES:
                asked = self.consumers.asked(view, DAY)
                self.consumers.answer(np.tile(page, (len(asked), 1)), None)
            elif self.consumers.now < limit:
                taken.append(self.consumers.take_orders())
            elif look and limit < 2 * DAY:
                look(self.consumers)
                limit += every
            else:
                self.orders = np.concatenate([*taken, self.consumers.take_orders()])
                return np.concatenate(self.consumers.take_acts())

    def count(self, counter: Counter) -> int:
        """Return a counter's total."""
        return int(self.consumers.crowd.daily[..., counter].sum())

    def _arrivals(self) -> Rows:
        arrivals = np.zeros(self.n, ARRIVAL_ROW)
        arrivals["time"] = np.arange(self.n) * (DAY // self.n)
        arrivals["consumer"] = np.arange(self.n)
        arrivals["room"] = arrivals["query"] = -1
        return arrivals


def which(acts: Rows, act: int, **where: Any) -> Rows:
    """Return the acts of a kind, where columns have given values."""
    chosen = acts["act"] == act
    for name, value in where.items():
        chosen &= acts[name] == value
    return acts[chosen]
