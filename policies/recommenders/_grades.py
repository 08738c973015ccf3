"""How much each consumer likes what it holds, on the scale of stars: what it rated, else what it did."""

import numpy as np
from numpy.typing import NDArray

from policies.recommenders._counts import WEIGHT
from policies.recommenders._neighbours import Lists
from sim.schema.compiled import compiled
from sim.schema.kinds import Act
from sim.schema.recommending import BehaviourLog

Double = NDArray[np.float64]

CLICKED = 3.0
GRADED = (*WEIGHT, Act.RATING)
"""Acts by which a consumer gives a content a grade."""
GRADE = {Act.CLICK: CLICKED, Act.CART: 4.0, Act.ORDER: 5.0, Act.RETURN: 1.0}
"""Stars that an act stands for where the consumer gave none; assumed.  A return says more than the order before it."""


def grades(log: BehaviourLog, held: Lists, n_contents: int) -> Double:
    """Return the grade, 1 to 5, of each entry of consumers' lists.

    The newest rating counts; without one a return, else the strongest act.
    """
    grade = np.zeros(max(Act) + 1)
    grade[list(GRADE)] = list(GRADE.values())
    rows = np.flatnonzero((grade[log.act] > 0) | (log.act == Act.RATING))
    rows = rows[np.argsort(log.consumer[rows], kind="stable")]
    first = np.searchsorted(log.consumer[rows], np.arange(len(held.start)))
    value = np.zeros(len(held.member))
    _grade(
        first, log.act[rows], log.content[rows], log.offer[rows], log.value[rows], grade, held.start, held.member,
        np.zeros(n_contents), np.zeros(n_contents), value,
    )  # fmt: skip
    return value


def centred_by_consumer(held: Lists, value: Double) -> tuple[Double, Double]:
    """Return the values less their consumer's mean, and the means; `CLICKED` for who holds nothing."""
    owner = held.owner
    mean = _means(owner, value, len(held.start) - 1)
    return value - mean[owner], mean


def centred_by_content(held: Lists, value: Double, n_contents: int) -> tuple[Double, Double]:
    """Return the values less their content's mean, and the means; `CLICKED` for what nobody holds."""
    mean = _means(held.member, value, n_contents)
    return value - mean[held.member], mean


def _means(index: NDArray[np.integer], value: Double, n: int) -> Double:
    count = np.bincount(index, minlength=n)
    summed = np.bincount(index, value, minlength=n)
    return np.where(count > 0, summed / np.maximum(count, 1), CLICKED)


RATING, RETURN = int(Act.RATING), int(Act.RETURN)


@compiled
def _grade(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    first, act, content, offer, stars, grade, start, member, acted, rated, value
):
    for u in range(len(start) - 1):
        for row in range(first[u], first[u + 1]):
            for c in (content[row], offer[row]):
                if c < 0:
                    continue
                if act[row] == RATING:
                    rated[c] = stars[row]
                elif act[row] == RETURN:
                    rated[c] = grade[RETURN] if rated[c] == 0.0 else rated[c]
                else:
                    acted[c] = max(acted[c], grade[act[row]])
        for at in range(start[u], start[u + 1]):
            value[at] = rated[member[at]] if rated[member[at]] > 0.0 else acted[member[at]]
        for row in range(first[u], first[u + 1]):
            for c in (content[row], offer[row]):
                if c >= 0:
                    acted[c], rated[c] = 0.0, 0.0
