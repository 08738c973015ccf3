"""What recommenders change in the world, over another one: paired worlds, intervals shown.

`python -m benchmarks.in_world` prints all of it, `... strong` one study.  Sizes and seeds are those of
`tests/policies/test_claims_in_world.py`, whose long versions (`make validate`) are these very studies.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from sim.scenario.load import load
from sim.study.prepare import prepare
from sim.study.run import RunResult, run
from sim.study.statistics import estimate

WORKERS = 2

PLENTY = (
    "horizon=14 days", "warm_up=4 days", "seed=11", "population.consumers=3000", "catalogue.items=600",
    "catalogue.offers_per_item=1", "catalogue.launched_during=0", "merchants.count=40", "creators.count=0",
    "stock.opening=units", "stock.amount=1000", "policies.inventory.kind=none",
    "policies.routing.kind=nearest_neighbour",
)  # fmt: skip
"""Enough of everything, so that what is shown alone decides what is sold."""
STRONG = ("behaviour.click.taste=1.5", "behaviour.cart.taste=1.0", "behaviour.buy.taste=0.8")
"""What agrees with a consumer's taste is clicked and bought more."""
FLAT = (
    "behaviour.click.taste=0", "behaviour.cart.taste=0", "behaviour.buy.taste=0", "behaviour.cart.base=-1.0",
    "behaviour.buy.base=0.5",
)  # fmt: skip
"""Nobody has a taste; people buy often, so that there is much to learn from."""
LAUNCHES = ("catalogue.launched_during=0.5",)
"""Half of the items are listed one by one while the world runs."""


@dataclass(frozen=True)
class Study:
    """Recommenders in worlds alike, judged by one KPI against the first of them.

    Attributes
    ----------
    sets : tuple of str
        What the worlds set beside `PLENTY`.
    recommenders : tuple of str
    kpi : str
    group : (str, str), optional
        Dimension and key; the whole platform's where not given.
    """

    sets: tuple[str, ...]
    recommenders: tuple[str, ...]
    kpi: str = "gmv_net"
    group: tuple[str, str] | None = None

    def values(self, smaller: tuple[str, ...] = (), replications: int = 6) -> dict[str, NDArray[np.float64]]:
        """Return the KPI of each recommender's worlds, one value a replication."""
        fixed = (*PLENTY, *self.sets, *smaller, f"replications={replications}", "record=off")
        with tempfile.TemporaryDirectory() as folder:
            arms = [load("quickstart", sets=(*fixed, f"policies.recommender={policy(k)}")) for k in self.recommenders]
            plans = [prepare(arm, Path(folder), label=kind) for arm, kind in zip(arms, self.recommenders, strict=True)]
            return dict(zip(self.recommenders, map(self._of, run(plans, WORKERS)), strict=True))

    def _of(self, result: RunResult) -> NDArray[np.float64]:
        if self.group is None:
            return result.kpis[self.kpi]
        rows = result.rows.set_index(["dimension", "key", "name"]).sort_index()
        return rows.loc[(*self.group, self.kpi)].sort_values("replication")["value"].to_numpy(np.float64)


def policy(kind: str) -> str:
    """Return a recommender's block, in YAML."""
    return f"{{kind: {kind}, refit: 1 day}}"


STUDIES = {
    "strong": Study(STRONG, ("popularity", "item_knn", "matrix_factorisation", "svd", "neural_ranker")),
    "flat": Study(FLAT, ("popularity", "item_knn", "matrix_factorisation", "svd", "neural_ranker")),
    "new items": Study((*STRONG, *LAUNCHES), ("random", "content_tfidf"), "ctr", ("item_age", "new")),
}


def main() -> None:
    """Print the gains of each over the first of its study, in per cent of that one's mean."""
    table = Table("study", "KPI", "recommender", "mean", "over the first, %")
    for name in sys.argv[1:] or STUDIES:
        study = STUDIES[name]
        found = study.values()
        first = found[study.recommenders[0]]
        for kind, value in found.items():
            more = estimate((value - first) / first.mean() * 100)
            gain = "" if value is first else f"{more.mean:+.1f} ± {more.half_width:.1f}"
            table.add_row(name, study.kpi, kind, f"{value.mean():,.3f}", gain)
    Console().print(table)


if __name__ == "__main__":
    main()
