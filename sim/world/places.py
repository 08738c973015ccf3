"""Where people and merchants are: around the centres of cities."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from sim.scenario.network import City
from sim.world.geography import EARTH_METRES

Float = NDArray[np.float64]
Long = NDArray[np.int64]
KM_PER_DEGREE = np.pi * EARTH_METRES / 180_000.0


def around(rng: np.random.Generator, cities: Sequence[City], city: Long) -> tuple[Float, Float]:
    """Return latitudes and longitudes around the given cities' centres.

    Gaussian with a standard deviation of half the city's radius, nobody beyond the radius: the distance is drawn
    from the Rayleigh law cut off there.
    """
    radius = np.array([c.radius_km for c in cities])[city]
    inside = 1.0 - np.exp(-2.0)  # share of a two-dimensional Gaussian within two standard deviations
    km = radius / 2 * np.sqrt(-2.0 * np.log1p(-inside * rng.random(len(city))))
    angle = 2 * np.pi * rng.random(len(city))
    centre = np.array([c.latitude for c in cities])[city]
    latitude = np.clip(centre + km * np.cos(angle) / KM_PER_DEGREE, -90.0, 90.0)
    east = km * np.sin(angle) / (KM_PER_DEGREE * np.cos(np.radians(centre)))
    longitude = np.array([c.longitude for c in cities])[city] + east
    return latitude, (longitude + 180.0) % 360.0 - 180.0


def nearest(latitude: Float, longitude: Float, to_latitude: Float, to_longitude: Float, k: int = 1) -> Long:
    """Return the ``k`` nearest of some places on the globe per point, int64[n, k], nearest first."""
    tree = cKDTree(_on_sphere(to_latitude, to_longitude))
    found = tree.query(_on_sphere(latitude, longitude), k=np.arange(1, k + 1))[1]
    return np.asarray(found, np.int64).reshape(len(latitude), k)


def _on_sphere(latitude: Float, longitude: Float) -> Float:
    a, b = np.radians(latitude), np.radians(longitude)
    return np.stack((np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)), axis=1)
