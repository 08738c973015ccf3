"""The model: what consumers liked of late, and items that were clicked in the same sessions."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

WEIGHT = {"click": 1.0, "cart": 3.0, "order": 10.0}
HALF_LIFE = 7 * 1440.0
"""Minutes after which an event counts half."""
MOST_NEIGHBOURS = 50
LONGEST_SESSION = 20


class Model:
    """Ranks first what goes with the session's clicks, then what is popular, then what is new."""

    def __init__(self) -> None:
        self.items: dict[str, Any] = {}
        self.popularity: defaultdict[str, float] = defaultdict(float)
        self.together: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.sessions: dict[str, list[str]] = {}
        self.shelves: dict[tuple[str, str], list[str]] = {}

    def list_items(self, items: Iterable[Any]) -> None:
        """Take in what there is to show."""
        self.items.update((item.itemId, item) for item in items)
        self.shelves.clear()

    def learn(self, events: Iterable[Any]) -> None:
        """Take in what consumers did."""
        for event in events:
            weight = WEIGHT.get(event.eventType)
            if weight is not None and event.itemId is not None:
                # counted in the weight of minute 0, which grows with time: old events fade beside new ones
                weight *= 2.0 ** (event.time / HALF_LIFE)
                for item in {event.itemId, event.offerId} - {None}:
                    self.popularity[item] += weight
                self._joins(event.sessionId, event.itemId)
        self.shelves.clear()

    def page(self, asked: Any, k: int, live: frozenset[str]) -> list[tuple[str, float]]:
        """Return (item, score) for one page: page n holds the next k."""
        return list(islice(self._in_order(asked, live), asked.page * k, (asked.page + 1) * k))

    def _in_order(self, asked: Any, live: frozenset[str]) -> Iterator[tuple[str, float]]:
        """Go through all that the page may show, best first."""
        category = asked.context.get("category", "")
        near = self._near(asked.recent)
        if asked.candidates is not None:  # the platform has chosen: only their order is asked
            for item in sorted(asked.candidates, key=lambda item: -near.get(item, 0.0)):
                yield item, near.get(item, 0.0)
            return
        for item, score in near.items():
            if self._fits(item, asked.surface, category) and self._showable(item, asked.time, live):
                yield item, score
        for item in self._shelf(asked.surface, category):
            if item not in near and item not in asked.recent and self._showable(item, asked.time, live):
                yield item, 0.0

    def _near(self, recent: list[str]) -> dict[str, float]:
        """Return what was clicked in the same sessions as what was clicked just now, the most often first."""
        found: Counter[str] = Counter()
        for item in recent[:LONGEST_SESSION]:
            found.update(dict(self.together[item].most_common(MOST_NEIGHBOURS)) if item in self.together else {})
        return {item: float(times) for item, times in found.most_common() if item not in recent}

    def _shelf(self, surface: str, category: str) -> list[str]:
        """Return what a surface may show, the most popular first, then the newest."""
        key = (surface, category)
        if key not in self.shelves:
            fitting = (item for item in self.items if self._fits(item, surface, category))
            self.shelves[key] = sorted(fitting, key=lambda item: (-self.popularity[item], -self.items[item].listed))
        return self.shelves[key]

    def _fits(self, item: str, surface: str, category: str) -> bool:
        known = self.items.get(item)
        if known is None or surface == "feed":
            return known is not None
        return known.kind == "offer" and (surface != "search" or known.category == category)

    def _showable(self, item: str, time: float, live: frozenset[str]) -> bool:
        """Tell whether an item is listed, and a room live."""
        known = self.items[item]
        return known.listed <= time and (known.kind != "room" or item in live)

    def _joins(self, session: str, item: str) -> None:
        """Count an item beside those that were clicked before it in the session."""
        before = self.sessions.setdefault(session, [])
        if item not in before and len(before) < LONGEST_SESSION:
            for other in before:
                self.together[item][other] += 1
                self.together[other][item] += 1
            before.append(item)
