"""What a slow page costs: some consumers have left before it is there."""

import numpy as np
from numpy.typing import NDArray

from sim.policy.keyed import KeyedRng
from sim.schema.recommending import Bool, Float, PageRequests

_P95 = 1.6448536269514722
"""Standard deviations from the median of a normal distribution to its 95th percentile."""
_STEP = 100.0


def declared(asked: PageRequests, rng: KeyedRng, median: float, p95: float) -> Float:
    """Return milliseconds per request: log-normal, drawn by the request's own key."""
    from scipy.special import ndtri

    sigma = np.log(p95 / median) / _P95
    drawn = rng.uniform(asked.session, asked.page, 2)[:, 1]
    return np.asarray(median * np.exp(sigma * ndtri(drawn)))


def lost(asked: PageRequests, rng: KeyedRng, latency: NDArray[np.float64], per_100_ms: float) -> Bool:
    """Tell who has left: each 100 ms lose a share ``per_100_ms`` of those still there."""
    stay = (1.0 - per_100_ms) ** (latency / _STEP)
    return np.asarray(rng.uniform(asked.session, asked.page, 2)[:, 0] >= stay)
