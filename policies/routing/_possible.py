"""Stops that no plan could serve, found before planning, so that each has its own reason."""

import numpy as np

from sim.schema.driving import RoutingProblem

NO_VAN_LEFT = "no van has room or time left"


def impossible(problem: RoutingProblem) -> dict[int, str]:
    """Return the reason per stop that an empty van could not serve on a round of its own."""
    alone = problem.duration[0, 1:] + problem.service + problem.duration[1:, 0]
    reasons = {
        "the depot has no van": np.full(problem.n_stops, problem.vans < 1),
        "heavier than a van carries": problem.weight > problem.weight_capacity,
        "larger than a van holds": problem.volume > problem.volume_capacity,
        "too far for one shift": alone > problem.shift,
    }
    found: dict[int, str] = {}
    for reason, stops in reasons.items():
        for stop in np.flatnonzero(stops):
            found.setdefault(int(stop), reason)
    return found


def driven(routes: tuple[tuple[int, ...], ...], problem: RoutingProblem) -> int:
    """Return the metres of all routes, depot to depot."""
    metres = 0
    for route in routes:
        rows = np.concatenate(([0], np.array(route) + 1, [0]))
        metres += int(problem.distance[rows[:-1], rows[1:]].sum())
    return metres
