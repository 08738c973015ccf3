"""What can stand on a page: the offers, creators' short videos, and one room per creator."""

import numpy as np
from numpy.typing import NDArray

from sim.scenario.scenario import Scenario
from sim.schema.clock import MINUTES_PER_DAY, to_ticks
from sim.schema.kinds import ContentKind
from sim.world.creators import Creators
from sim.world.distinct import pick
from sim.world.state import Rows, content_rows
from sim.world.streams import Stream
from sim.world.topics import TOPICS

Long = NDArray[np.int64]
Float = NDArray[np.float64]
Single = NDArray[np.float32]

PROPOSALS = 24
"""A video is about the offer that fits best of so many met by popularity."""
FIT = 6.0
"""Logit units per unit of fit between creator and offer."""
CREATOR_SHARE = 0.2
"""Part of a video that is about the creator's topic rather than the offer's."""
CRAFT_SPREAD = 0.3
"""Standard deviation of what a video's making adds to the offer's appeal, in utility."""
VIDEO_DAYS = 30.0
"""Videos made in so many days before the start are still shown."""
CHUNK = 1 << 14
LEAST = 1e-9
"""Popularity that everything has: where nothing sells, all are alike."""


def make_contents(scenario: Scenario, stream: Stream, offers: Rows, creators: Creators, popularity: Float) -> Rows:
    """Return offers (content id = offer id), then videos by creator, then one room per creator.

    Parameters
    ----------
    popularity : float64[n_offers]
        Relative; creators show what sells, among what fits them.
    """
    owner = _video_creators(scenario, stream, len(creators.names))
    n_offers, n_videos, n_rooms = len(offers), len(owner), len(creators.names)
    rows = content_rows(n_offers + n_videos + n_rooms, len(TOPICS))
    rows["room"] = rows["creator"] = rows["offer"] = -1
    _fill_offers(rows[:n_offers], offers)
    _fill_videos(rows[n_offers : n_offers + n_videos], scenario, stream, offers, creators.topic[owner], popularity)
    rows["creator"][n_offers : n_offers + n_videos] = owner
    _fill_rooms(rows[n_offers + n_videos :], creators.topic)
    return rows


def content_names(offer_names: tuple[str, ...], contents: Rows) -> tuple[str, ...]:
    """Return each content's stable name: the offer's, ``video-<creator>-<n>``, ``room-<creator>``."""
    owner = contents["creator"][contents["kind"] == ContentKind.VIDEO]
    number = np.arange(len(owner)) - np.searchsorted(owner, owner)
    videos = (f"video-{i}-{n}" for i, n in zip(owner.tolist(), number.tolist(), strict=True))
    n_rooms = int(np.count_nonzero(contents["kind"] == ContentKind.ROOM))
    return (*offer_names, *videos, *(f"room-{i}" for i in range(n_rooms)))


def _video_creators(scenario: Scenario, stream: Stream, n_creators: int) -> Long:
    """Return the creator of each video, ascending."""
    counts = stream("contents.videos").poisson(scenario.creators.videos, n_creators)
    return np.repeat(np.arange(n_creators), counts)


def _fill_offers(rows: Rows, offers: Rows) -> None:
    rows["kind"] = ContentKind.OFFER
    rows["offer"] = np.arange(len(rows))
    for name in ("vector", "appeal", "listed"):
        rows[name] = offers[name]


def _fill_videos(
    rows: Rows, scenario: Scenario, stream: Stream, offers: Rows, topic: Single, popularity: Float
) -> None:
    n = len(rows)
    parts = [topic[start : start + CHUNK] for start in range(0, n, CHUNK)]  # in pieces: memory
    about = np.concatenate(
        [np.zeros(0, np.int64), *(_fitting(stream, part, offers["vector"], popularity) for part in parts)]
    )
    rows["kind"] = ContentKind.VIDEO
    rows["offer"] = about
    rows["vector"] = (1 - CREATOR_SHARE) * offers["vector"][about] + CREATOR_SHARE * topic
    rows["appeal"] = offers["appeal"][about] + CRAFT_SPREAD * stream("contents.craft").standard_normal(n)
    first = -to_ticks(VIDEO_DAYS * MINUTES_PER_DAY)
    made = stream("contents.made").integers(first, to_ticks(scenario.horizon), n)
    rows["listed"] = np.maximum(made, offers["listed"][about])


def _fitting(stream: Stream, topic: Single, vectors: Single, popularity: Float) -> Long:
    """Return the offer each video is about."""
    met = pick(stream("contents.met"), popularity + LEAST, len(topic) * PROPOSALS).reshape(len(topic), PROPOSALS)
    fit = FIT * np.einsum("nd,npd->np", topic, vectors[met])
    best = np.argmax(fit + stream("contents.chosen").gumbel(size=met.shape), axis=1)
    chosen: Long = met[np.arange(len(met)), best]
    return chosen


def _fill_rooms(rows: Rows, topic: Single) -> None:
    rows["kind"] = ContentKind.ROOM
    rows["room"] = rows["creator"] = np.arange(len(rows))
    rows["vector"] = topic
    rows["listed"] = -to_ticks(VIDEO_DAYS * MINUTES_PER_DAY)
