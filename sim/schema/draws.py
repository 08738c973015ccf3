"""Keyed draws: a uniform number as a pure function of a key, so that luck does not depend on the order of asking.

SplitMix64's finaliser (Steele, Lea & Flood, OOPSLA 2014; constants of Stafford's mix 13) applied to a running key.
"""

import numpy as np
from numba import njit, uint64

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)


@njit(uint64(uint64), cache=True, inline="always")
def mix(z):
    """Scramble 64 bits; a bijection."""
    z = (z ^ (z >> np.uint64(30))) * _MIX_A
    z = (z ^ (z >> np.uint64(27))) * _MIX_B
    return z ^ (z >> np.uint64(31))


@njit(uint64(uint64, uint64), cache=True)
def extend(key, word):
    """Return the key one word longer."""
    return mix(key + _GOLDEN * (word + np.uint64(1)))


@njit(cache=True)
def uniform(key, purpose, what):
    """Return a float64 in (0, 1) for (key, purpose, what); 53 bits, never 0 or 1."""
    bits = extend(extend(key, np.uint64(purpose)), np.uint64(what))
    return (np.float64(bits >> np.uint64(11)) + 0.5) * (1.0 / 9007199254740992.0)
