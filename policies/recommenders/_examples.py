"""What a learned ranker learns from: looks that led to a click, and looks that did not."""

from typing import NamedTuple

import numpy as np

from policies.recommenders._counts import inverse
from policies.recommenders._features import columns, rows
from policies.recommenders._known import Known, before, known
from policies.recommenders._personal import profile_of
from policies.recommenders._tastes import Double, Long
from sim.schema.compiled import allocating, inner
from sim.schema.kinds import Act, Surface
from sim.schema.recommending import BehaviourLog, Bool, CatalogueView, Int, Single

IMPRESSION, CLICK = int(Act.IMPRESSION), int(Act.CLICK)
LATEST = 0.5
"""Share of the looks, the latest, that are learned from; what came before them tells what was known by then."""
UNSEEN = 4
"""Contents drawn as not clicked per click, where no impressions are logged."""
FEWEST = 30
"""Examples of either kind without which nothing is learned."""
N_RECENT = 8


class Examples(NamedTuple):
    """Rows to learn from: float32[n, features], bool[n], float64[n]."""

    features: Single
    clicked: Bool
    weight: Double


def examples(
    log: BehaviourLog, catalogue: CatalogueView, most: int, n_profile: int, half_life_days: float, near: int,
    inverse_propensity: bool, rng: np.random.Generator,
) -> Examples | None:  # fmt: skip
    """Return at most about ``most`` examples, None where there are too few.

    A look is an impression of a consumer whose impressions are logged; it is judged by what was known at the first
    of them and by the session's earlier clicks.  Where no impressions are logged, each click stands against contents
    drawn from what others clicked.
    """
    late = looks(log)
    logged = len(late) > 0
    if not logged:
        late = np.flatnonzero((log.act == CLICK) & (log.content >= 0))
    late = late[len(late) - min(int(len(late) * LATEST), most if logged else most // (1 + UNSEEN)) :]
    if len(late) == 0:
        return None
    then = known(before(log, log.minute[late[0]]), catalogue, half_life_days, near)
    label, recent = of_sessions(log, late)
    weight = _weight(log, late, inverse_propensity)
    content, offer = log.content[late], log.offer[late]
    if not logged:
        late, content, offer, recent, label = _drawn(log, late, recent, rng)
        weight = np.ones(len(late))
    if min(label.sum(), (~label).sum()) < FEWEST:
        return None
    features = _features(log, late, content, offer, recent, n_profile, catalogue, then)
    return Examples(features, label, weight)


def looks(log: BehaviourLog) -> Long:
    """Return the rows that are logged impressions of a content."""
    return np.flatnonzero((log.act == IMPRESSION) & (log.content >= 0))


def _weight(log: BehaviourLog, looks: Long, inverse_propensity: bool) -> Double:
    """Return what each look counts."""
    if not inverse_propensity:
        return np.ones(len(looks))
    return inverse(log.propensity[looks])


def of_sessions(log: BehaviourLog, late: Long) -> tuple[Bool, Int]:
    """Return whether each look led to a click, and the session's clicks before it, newest first."""
    asked = np.zeros(len(log), bool)
    asked[late] = True
    part = np.flatnonzero(np.isin(log.act, (IMPRESSION, CLICK)) & (log.content >= 0))
    part = part[np.argsort(log.session[part], kind="stable")]
    place = np.full(len(log), -1, np.int64)
    place[late] = np.arange(len(late))
    label = np.zeros(len(late), bool)
    recent = np.full((len(late), N_RECENT), -1, np.int32)
    _walk(part, log.session, log.act, log.content, place, label, recent)
    return label, recent


@allocating
def _walk(part, session, act, content, place, label, recent):  # type: ignore[no-untyped-def]  # numba
    """Go through each session in order of time."""
    clicked = np.full(recent.shape[1], -1, np.int32)
    first = 0
    for at in range(len(part)):
        row = part[at]
        if at == 0 or session[row] != session[part[at - 1]]:
            first = at
            clicked[:] = -1
        if place[row] >= 0:
            recent[place[row]] = clicked
        if act[row] != CLICK:
            continue
        if place[row] >= 0:
            label[place[row]] = True
        for earlier in range(at - 1, first - 1, -1):
            it = part[earlier]
            if act[it] == IMPRESSION and content[it] == content[row]:
                if place[it] >= 0:
                    label[place[it]] = True
                break
        for j in range(len(clicked) - 1, 0, -1):
            clicked[j] = clicked[j - 1]
        clicked[0] = content[row]


def _drawn(log: BehaviourLog, clicks: Long, recent: Int, rng: np.random.Generator) -> tuple[Long, Int, Int, Int, Bool]:
    """Return (rows of the occasion, contents, offers, recent clicks, labels): each click, then what was drawn."""
    occasion = np.concatenate((clicks, np.repeat(clicks, UNSEEN)))
    other = np.concatenate((clicks, rng.choice(clicks, UNSEEN * len(clicks))))
    label = np.arange(len(other)) < len(clicks)
    content = log.content[other]
    real = label | (content != log.content[occasion])
    recent = np.concatenate((recent, np.repeat(recent, UNSEEN, axis=0)))
    return occasion[real], content[real], log.offer[other][real], recent[real], label[real]


def _features(
    log: BehaviourLog,
    looks: Long,
    content: Int,
    offer: Int,
    recent: Int,
    n_profile: int,
    catalogue: CatalogueView,
    then: Known,
) -> Single:
    consumer = log.consumer[looks]
    profile, affinity = profiles(consumer, recent, content, n_profile, then)
    price = np.where(offer >= 0, catalogue.list_price[offer], 0).astype(float)
    surface = np.where(log.surface[looks] < 0, int(Surface.FEED), log.surface[looks])
    made = columns(
        profile, content[:, None], offer[:, None], price[:, None], affinity[:, None], consumer, log.minute[looks],
        surface, then,
    )  # fmt: skip
    return rows(made)


@allocating
def profiles(consumer, recent, content, n_profile, known):  # type: ignore[no-untyped-def]  # as above
    n = len(consumer)
    profile = np.full((n, n_profile), -1, np.int32)
    affinity = np.zeros(n)
    for i in range(n):
        own = known.held[known.held_start[consumer[i]] : known.held_start[consumer[i] + 1]]
        size = profile_of(recent[i], own, profile[i])
        affinity[i] = _affinity(profile[i, :size], content[i], known)
    return profile, affinity


@inner
def _affinity(profile, content, known):  # type: ignore[no-untyped-def]  # as above
    total = 0.0
    for c in profile:
        for at in range(known.near_start[c], known.near_start[c + 1]):
            if known.near[at] == content:
                total += known.similarity[at]
    return total
