"""What consumers write: short comments and reviews, in Latin or Chinese letters.

A text is a function of how pleased its writer is (1 to 5), of whether the parcel was late, of the words that the
thing's own text is made of, and of luck; nothing else of the truth goes into it.  Tastes therefore show only as far
as a rating or a match of five grades shows them.  Luck is keyed by the occasion, so that in every policy arm the
same occasion is put in the same words, and no text depends on which others are written.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.schema.compiled import compiled
from sim.schema.draws import extend, uniform
from sim.world.phrases import ARRIVAL, CHINESE, LATE, LATIN, ON_TIME, OPENING, REMARK, SOMETHING, VERDICT, Phrases
from sim.world.text import TOPIC_WORDS

Numbers = NDArray[np.integer[Any]]
Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

MOOD_BY_STARS = np.array(
    [[0.90, 0.09, 0.01], [0.70, 0.26, 0.04], [0.20, 0.60, 0.20], [0.04, 0.26, 0.70], [0.01, 0.09, 0.90]]
)
"""Share of phrases that are displeased, even, pleased, for one star to five (assumed: people are not of one mind)."""
MATCH_CUTS = np.array([-1.5, -0.5, 0.5, 1.5])
"""Standard deviations of match between the five grades of a comment."""
CHINESE_SHARE = 0.3
"""Share of consumers who write Chinese, always."""
OPENS = 0.6
"""Share of reviews that begin with an opinion on the whole."""
MENTIONS_ARRIVAL = np.array([0.25, 0.75])
"""Share of reviews that say so when a parcel was on time, late."""
LONGEST_WORD = 24
"""Letters; what a thing is called comes from texts that anybody may have written."""

_WORD, _MOOD, _PHRASE, _OPENS, _OPENING_MOOD, _OPENING, _MENTIONS, _ARRIVAL = range(8)
_DRAWS = 8
_WRITER, _REVIEW, _COMMENT = range(3)
"""What luck is for."""


def review_texts(
    root: int, occasion: Numbers, consumer: Numbers, stars: Numbers, late: Bool, offer: Numbers, texts: Sequence[str]
) -> list[str]:
    """Return a review per row.

    Parameters
    ----------
    root : int
        64 bits.
    occasion : int[n, m]
        What tells the row from all others, the same in every arm.
    consumer : int[n]
        Whose language it is in.
    stars : int[n], 1 to 5
    late : bool[n]
        After the promised time.
    offer : int[n]
        -1 = none.
    texts : sequence of str
        Of each offer, title and description.
    """
    luck, language = _luck(root, _REVIEW, occasion), _languages(root, consumer)
    thing = _called(texts, offer, luck[:, _WORD])
    opening = _pick(OPENING, language, _moods(stars, luck[:, _OPENING_MOOD]), luck[:, _OPENING])
    verdict = _pick(VERDICT, language, _moods(stars, luck[:, _MOOD]), luck[:, _PHRASE])
    when = np.where(late, LATE, ON_TIME)
    arrival = _pick(ARRIVAL, language, when, luck[:, _ARRIVAL])
    opening[luck[:, _OPENS] >= OPENS] = ""
    arrival[luck[:, _MENTIONS] >= MENTIONS_ARRIVAL[when]] = ""
    said = zip(opening.tolist(), verdict.tolist(), thing.tolist(), arrival.tolist(), strict=True)
    return [f"{first} {about.replace('{}', what)} {last}".strip() for first, about, what, last in said]


def comment_texts(
    root: int, occasion: Numbers, consumer: Numbers, match: Float, offer: Numbers, texts: Sequence[str]
) -> list[str]:
    """Return a comment per row; ``match`` is the writer's with the thing, in standard deviations.

    The other parameters are those of `review_texts`.
    """
    luck, language = _luck(root, _COMMENT, occasion), _languages(root, consumer)
    thing = _called(texts, offer, luck[:, _WORD])
    mood = _moods(1 + np.searchsorted(MATCH_CUTS, match, side="right"), luck[:, _MOOD])
    remark = _pick(REMARK, language, mood, luck[:, _PHRASE])
    return [about.replace("{}", what) for about, what in zip(remark.tolist(), thing.tolist(), strict=True)]


def _languages(root: int, consumer: Numbers) -> Numbers:
    """Return the language of each writer."""
    drawn = _luck(root, _WRITER, consumer[:, None])[:, 0]
    return np.where(drawn < CHINESE_SHARE, CHINESE, LATIN)


def _moods(stars: Numbers, luck: Float) -> Numbers:
    """Return the mood of a phrase by somebody who gives so many stars."""
    limits = np.cumsum(MOOD_BY_STARS, axis=1)[stars - 1]
    return np.asarray((luck[:, None] >= limits[:, :-1]).sum(axis=1))


def _pick(phrases: Phrases, language: Numbers, mood: Numbers, luck: Float) -> Phrases:
    place = (luck * phrases.shape[2]).astype(np.int64)
    picked: Phrases = phrases[language, mood, place]
    return picked


def _called(texts: Sequence[str], offer: Numbers, luck: Float) -> Phrases:
    """Return what each row calls its thing: a word of the offer's text."""
    occurs, place = np.unique(offer, return_inverse=True)
    words = [_words_of(texts[i]) if i >= 0 else [SOMETHING] for i in occurs.tolist()]
    size = np.array([len(some) for some in words], np.int64)
    first = np.cumsum(size) - size
    flat = np.array([word for some in words for word in some], object)
    called: Phrases = flat[first[place] + (luck * size[place]).astype(np.int64)]
    return called


def _words_of(text: str) -> list[str]:
    """Return the words that tell what a text is about; of a text without any that we know, all its words."""
    words = [bare[:LONGEST_WORD] for word in text.split() if (bare := word.strip(".,;:!?()\"'"))]
    return [word for word in words if word in TOPIC_WORDS] or words or [SOMETHING]


def _luck(root: int, purpose: int, occasion: Numbers) -> Float:
    """Return uniform numbers in (0, 1) per occasion, shape (n, _DRAWS)."""
    drawn = np.empty((len(occasion), _DRAWS))
    _fill(np.uint64(root), purpose, np.ascontiguousarray(occasion, np.int64), drawn)
    return drawn


@compiled
def _fill(root, purpose, occasion, drawn):  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    for i in range(len(occasion)):
        key = extend(root, np.uint64(purpose))
        for j in range(occasion.shape[1]):
            key = extend(key, np.uint64(occasion[i, j]))
        for j in range(drawn.shape[1]):
            drawn[i, j] = uniform(key, j, 0)
