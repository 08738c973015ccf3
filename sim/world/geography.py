"""Distances on the globe."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_METRES = 6_371_008.8


def metres_between(
    latitude: ArrayLike, longitude: ArrayLike, to_latitude: ArrayLike, to_longitude: ArrayLike
) -> NDArray[np.float64]:
    """Return great-circle distances by the haversine formula, broadcast over degrees."""
    a, b, c, d = (np.radians(x) for x in (latitude, longitude, to_latitude, to_longitude))
    h = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return np.asarray(2 * EARTH_METRES * np.arcsin(np.sqrt(np.minimum(1.0, h))))
