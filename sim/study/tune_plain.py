"""The search that needs no extra: spread out, keep the better half with twice the worlds, then walk downhill."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product
from math import ceil, log2

import numpy as np

from sim.study.tune_space import Setting, Space, places
from sim.study.tune_trials import Trial, Trials

FEWEST_WORLDS = 2
SCREENED_IN = 8
"""Settings are first played in this part of the worlds."""
DRAWN = 16
"""Points drawn for each setting that is wanted: the scenario may refuse some."""


def search(trials: Trials, budget: int, replications: int, given: Setting | None, seed: int) -> None:
    """Try at most ``budget`` settings, the promising ones in all ``replications`` worlds.

    Parameters
    ----------
    given : tuple of int or None
        The scenario's own setting, tried too.
    seed : int
        Of the points that are spread out.

    References
    ----------
    Jamieson & Talwalkar (2016), Non-stochastic best arm identification: successive halving.  Torczon (1997), On the
    convergence of pattern search algorithms.
    """
    opening = _opening(trials, budget, given, seed)
    if not opening:
        return
    best = _halve(trials, opening, replications)
    _walk(trials, best, budget, replications, spread=len(opening))


def _opening(trials: Trials, budget: int, given: Setting | None, seed: int) -> list[Setting]:
    """Return every setting where there are few; else half the budget, spread evenly."""
    space = trials.space
    if places(space) <= budget:
        everything = product(*(range(len(one.values)) for one in space))
        return [setting for setting in everything if trials.accepts(setting)]
    wanted = max(min(2, budget), budget // 2)
    found: dict[Setting, None] = {given: None} if given is not None and trials.accepts(given) else {}
    for setting in _spread(space, DRAWN * wanted, seed):
        if len(found) == wanted:
            break
        if trials.accepts(setting):
            found[setting] = None
    return list(found)


def _spread(space: Space, n: int, seed: int) -> Iterator[Setting]:
    """Yield points of Sobol's sequence, all moved by the same random step (Cranley & Patterson 1976)."""
    from scipy.stats import qmc

    points = qmc.Sobol(len(space), scramble=False).random_base2(ceil(log2(n)))
    points = (points + np.random.default_rng(seed).random(len(space))) % 1.0
    sizes = np.array([len(one.values) for one in space])
    yield from map(tuple, np.floor(points * sizes).astype(int).tolist())


def _halve(trials: Trials, settings: Sequence[Setting], replications: int) -> Trial:
    """Play all in few worlds, half of them in twice as many, and so on; return the best of those played in all."""
    worlds = min(replications, max(FEWEST_WORLDS, replications // SCREENED_IN))
    alive = list(settings)
    while True:
        ranked = trials.ranked(trials.play(alive, worlds, "screened"), worlds)
        if worlds == replications:
            return ranked[0]
        alive = [trial.setting for trial in ranked[: max(2, ceil(len(ranked) / 2))]]
        worlds = min(replications, 2 * worlds)


def _walk(trials: Trials, best: Trial, budget: int, replications: int, spread: int) -> None:
    """Go on to the best neighbour while there is a better one; where there is none, look half as far away."""
    space = trials.space
    per_side = spread ** (1 / len(space))
    steps = [max(1, round(len(one.values) / (2 * per_side))) if one.ordered else 0 for one in space]
    while True:
        found = best
        for ring in (_straight(space, best.setting, steps), _slanted(space, best.setting, steps)):
            found = _better(trials, best, ring, budget, replications)
            if found is not best:
                break
        if found is not best:
            best = found
        elif max(steps) > 1:
            steps = [max(1, step // 2) if step else 0 for step in steps]
        else:
            return


def _better(trials: Trials, best: Trial, ring: Iterable[Setting], budget: int, replications: int) -> Trial:
    """Return the best of a setting and its neighbours, as far as the budget goes."""
    known = {trial.setting for trial in trials.tried}
    left = budget - len(known)
    settings = []
    for setting in ring:
        if setting not in known:
            if left <= 0 or not trials.accepts(setting):
                continue
            left -= 1
        settings.append(setting)
    return trials.ranked([best, *trials.play(settings, replications, "refined")], replications)[0]


def _straight(space: Space, setting: Setting, steps: Sequence[int]) -> Iterator[Setting]:
    """Yield the neighbours that differ in one parameter; of texts every other is a neighbour."""
    for place, one in enumerate(space):
        there = setting[place]
        others = (there - steps[place], there + steps[place]) if one.ordered else range(len(one.values))
        yield from _moved(space, setting, ({place: number} for number in others))


def _slanted(space: Space, setting: Setting, steps: Sequence[int]) -> Iterator[Setting]:
    """Yield the neighbours that differ in two numbers: along a bound one rises as another falls."""
    lines = [place for place, one in enumerate(space) if one.ordered]
    for a, b in combinations(lines, 2):
        signs = product((-1, 1), repeat=2)
        moves = ({a: setting[a] + i * steps[a], b: setting[b] + j * steps[b]} for i, j in signs)
        yield from _moved(space, setting, moves)


def _moved(space: Space, setting: Setting, moves: Iterable[dict[int, int]]) -> Iterator[Setting]:
    """Yield the settings that moves lead to, those inside the ranges."""
    for move in moves:
        to = tuple(move.get(place, number) for place, number in enumerate(setting))
        inside = all(0 <= number < len(one.values) for number, one in zip(to, space, strict=True))
        if inside and to != setting:
            yield to
