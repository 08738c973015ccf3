"""What goods can be about: latent topics, and which of them a category owns."""

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Single = NDArray[np.float32]
Int = NDArray[np.int32]

TOPICS = (
    "street style", "outdoor", "formal wear", "skin care", "make-up", "fragrance", "snacks", "tea", "fresh food",
    "audio", "phones", "gaming", "kitchen", "bedroom", "toys", "pets",
)  # fmt: skip
"""One latent dimension each."""

# Gamma shapes of an item's mixture: its main topic, the others its category owns, all the rest.
MAIN, OWNED, FOREIGN = 3.0, 0.4, 0.04


def owned_topics(n_categories: int) -> tuple[Int, ...]:
    """Return each category's topics: all are dealt out; from nine categories on each shares two with others."""
    d = len(TOPICS)
    if n_categories <= d // 2:
        return tuple(part.astype(np.int32) for part in np.array_split(np.arange(d), n_categories))
    first = 2 * np.arange(n_categories) % d
    second = (first + 1 + np.arange(n_categories) // (d // 2) % (d - 1)) % d
    return tuple(np.array(pair, np.int32) for pair in zip(first, second, strict=True))


def draw_mixtures(rng: np.random.Generator, category: Int, n_categories: int) -> Single:
    """Return shares of topics, float32[n, d], rows sum to one: mostly one topic that the item's category owns."""
    owned = owned_topics(n_categories)
    table = np.stack([np.resize(topics, max(map(len, owned))) for topics in owned])
    size = np.array([len(topics) for topics in owned])[category]
    main = table[category, (rng.random(len(category)) * size).astype(np.int64)]
    shape = np.full((n_categories, len(TOPICS)), FOREIGN)
    for c, topics in enumerate(owned):
        shape[c, topics] = OWNED
    shapes = shape[category]
    shapes[np.arange(len(category)), main] = MAIN
    mixture = rng.standard_gamma(shapes)
    shares: Single = (mixture / mixture.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


def item_vectors(mixture: Single) -> Single:
    """Return unit vectors of the mixtures less the catalogue's mean: nobody likes all items better than others do."""
    return unit(mixture) - centre_of(mixture)


def unit(mixture: Single) -> Single:
    """Return the mixtures at length one."""
    scaled: Single = mixture / np.sqrt(np.square(mixture).sum(axis=1, keepdims=True))
    return scaled


def centre_of(mixture: Single) -> Single:
    """Return the mean of the mixtures' unit vectors, float32[d]: what a catalogue is about on the whole."""
    centre: Single = unit(mixture).mean(axis=0, dtype=np.float64).astype(np.float32)
    return centre


def taste_scale(vectors: Single, alpha: float) -> float:
    """Return what centred Dirichlet(alpha) tastes are multiplied by, so that a match has standard deviation one.

    Over random items a match t'v has variance t'Ct; over random tastes the mean of that is tr(C E[tt']), in
    closed form for the Dirichlet, so that a consumer's taste does not depend on how many others there are.
    """
    d = len(TOPICS)
    wide = vectors.astype(np.float64)
    trace = np.square(wide).sum() / len(wide)
    total = np.square(wide.sum(axis=1)).sum() / len(wide)
    variance = (trace / d - total / d**2) / (d * alpha + 1)
    return float(1.0 / np.sqrt(variance)) if variance > 1e-12 else 0.0
