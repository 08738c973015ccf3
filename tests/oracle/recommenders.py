"""Recommenders that show any fault in serving: what they answer hangs on everything they may see."""

from hashlib import blake2b

import numpy as np

from sim.policy.keyed import KeyedRng
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates


class BySales:
    """Live rooms first, then what the view says has sold most, whatever is sold out; page n shows the next k."""

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Keep what there is."""
        self._catalogue = catalogue

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Learn nothing."""

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return each page's stretch of the view's ranking."""
        kind, offer = self._catalogue.kind, self._catalogue.offer
        first_room = len(kind) - len(requests.view.room_offer)
        score = np.where(offer >= 0, requests.view.sold[offer], -1)
        score[first_room:] = np.where(requests.view.room_offer >= 0, 1_000_000, -1)
        ranking = np.argsort(-score, kind="stable")
        ranking = ranking[score[ranking] >= 0]
        content = np.full((len(requests), k), -1, np.int32)
        for i, page in enumerate(requests.page.tolist()):
            shown = ranking[page * k : page * k + k]
            content[i, : len(shown)] = shown
        return Slates(content)


class Moody:
    """A page that is another one as soon as anything in the request or in its view is.

    Contents are drawn at random (some places stay empty), keyed by context, minute, stock, prices and what it
    learned; propensities are the draws.
    """

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Know nothing yet."""
        self._mood = str(rng.key).encode()
        self._n = catalogue.n_contents

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Let the log move every later page."""
        self._mood = _digest(self._mood, log.minute, log.act, log.consumer, log.content, log.session, log.position)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return one draw of contents per request."""
        view = requests.view
        minute = np.array([view.minute])
        mood = _digest(self._mood, minute, view.available, view.price, view.sold, view.room_offer, view.room_price)
        content = np.full((len(requests), k), -1, np.int32)
        propensity = np.full((len(requests), k), np.nan, np.float32)
        for i in range(len(requests)):
            row = slice(i, i + 1)
            mine = _digest(
                mood, requests.consumer[row], requests.surface[row], requests.query[row], requests.minute[row],
                requests.recent[row],
            )  # fmt: skip
            rng = KeyedRng(int.from_bytes(mine, "little"))
            draws = rng.uniform(requests.session[row], requests.page[row], self._n)[0]
            content[i] = np.argsort(draws, kind="stable")[:k]
            propensity[i] = draws[content[i]]
            content[i, propensity[i] > 0.7 * k / self._n] = -1
        return Slates(content, propensity=propensity)


def _digest(before: bytes, *arrays: np.ndarray) -> bytes:
    digest = blake2b(before, digest_size=8)
    for array in arrays:
        digest.update(array.tobytes())
    return digest.digest()
