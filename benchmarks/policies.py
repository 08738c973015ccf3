"""What each recommender takes to fit and to serve, without a world around it.

`python -m benchmarks.policies` prints the table, `... popularity item_knn` the rows of these; each is measured in
a process of its own on one thread: 100,000 consumers, 20,000 items, 2,000,000 acts, pages of 10 places asked for
1,000 at a time.  Acts are the log that is harder for the method: clicks, carts and orders alone, or, for who learns
from what was looked at, impressions and what followed them.
"""

import resource
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks import habits
from benchmarks.alone import measure
from sim.policy.keyed import KeyedRng
from sim.policy.lookup import build, kinds
from sim.policy.protocols import Recommender
from sim.schema.recommending import PageRequests
from sim.testing import toy

CONSUMERS, ITEMS, ACTS = 100_000, 20_000, 2_000_000
PLACES, BATCH, PAGES = 10, 1000, 100_000
MOST_SECONDS = 20.0
"""CPU time after which no further batch is asked for."""
SMALL = (500, 300, 3000)

FROM_LOOKS = frozenset(
    ["logistic_ranker", "forest_ranker", "boosting_ranker", "neural_ranker", "epsilon_greedy", "thompson", "linucb"]
)
NOT_HERE = {"http", "onnx", "oracle"}
"""A service, an exported model, and latent truth: they need what is not here."""
NEEDS = {"sequence_gru": "torch"}
VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    "matrix_factorisation, bpr": ("matrix_factorisation", {"method": "bpr"})
}


def labels() -> list[str]:
    """Return what is measured: the kinds that can be here, and variants of them."""
    here = [k for k in kinds("recommender") if k not in NOT_HERE and find_spec(NEEDS.get(k, "numpy"))]
    return sorted([*here, *VARIANTS])


def measured(label: str) -> dict[str, Any]:
    """Return CPU seconds of a fit, pages per CPU second, and the most memory that the process took.

    The same is done on a small scale first, so that no compilation is timed.
    """
    kind, given = VARIANTS.get(label, (label, {}))
    _timed(build("recommender", kind, given), kind, SMALL, PAGES // 50)
    fit_s, pages_per_s = _timed(build("recommender", kind, given), kind, (CONSUMERS, ITEMS, ACTS), PAGES)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"fit_s": fit_s, "peak_mb": peak, "pages_per_s": pages_per_s}


def _timed(policy: Recommender, kind: str, size: tuple[int, int, int], pages: int) -> tuple[float, float]:
    consumers, items, acts = size
    shop = habits.Habits.of(habits.shop(consumers, items))
    log = habits.looks(shop, acts) if kind in FROM_LOOKS else habits.likings(shop, acts)
    asked = habits.requests(shop, pages)
    policy.begin(KeyedRng(7), shop.catalogue)
    began = time.process_time()
    policy.fit(log, shop.catalogue)
    return time.process_time() - began, _pages_per_s(policy, asked)


def _pages_per_s(policy: Recommender, asked: PageRequests) -> float:
    batches = [toy.rows(asked, np.arange(at, at + BATCH)) for at in range(0, len(asked), BATCH)]
    began = time.process_time()
    done, taken = 0, 0.0
    for batch in batches:
        policy.recommend(batch, PLACES)
        done, taken = done + len(batch), time.process_time() - began
        if taken > MOST_SECONDS:
            break
    return done / taken


def table(chosen: Sequence[str] = ()) -> Table:
    """Return what each takes, a row a policy."""
    found = Table("recommender", "fit, CPU s", "peak MB", "pages/s/core")
    for label in chosen or labels():
        row = measure("recommender", label)
        found.add_row(label, f"{row['fit_s']:.1f}", f"{row['peak_mb']:,.0f}", f"{row['pages_per_s']:,.0f}")
    return found


if __name__ == "__main__":
    Console().print(table(sys.argv[1:]))
