"""All KPIs of a replication in one long table.

Of the names in the house's list, this world cannot produce some: ``rmse``, ``auc`` and ``f1`` need a predictor to
judge; ``homogenisation``, ``regret_vs_oracle`` and ``recovery_minutes`` need a twin world beside this one;
``forecast_*`` needs forecasts; ``cost_linehaul`` and ``cost_marketing``
need legs between warehouses and paid marketing.
"""

import math
from types import ModuleType

import pandas as pd

from sim.metrics import (
    capital,
    consumers,
    delivery,
    exposure,
    fulfilment,
    launches,
    livestreams,
    money,
    recommendation,
    running,
    service,
    stock,
    supply,
    warehouses,
)
from sim.metrics.cohort import Cohort
from sim.metrics.definition import Definition
from sim.metrics.dimensions import by_dimension
from sim.record.replication import Replication

_PARTS: tuple[ModuleType, ...] = (
    consumers,
    recommendation,
    exposure,
    stock,
    supply,
    fulfilment,
    warehouses,
    delivery,
    money,
    capital,
    livestreams,
    launches,
    running,
    service,
)
"""Each defines KPIs and has a function of its own name that computes them."""

DEFINITIONS: dict[str, Definition] = {definition.name: definition for part in _PARTS for definition in part.DEFINITIONS}
"""Every KPI by name, in the order of the table."""


def kpis(replication: Replication) -> pd.DataFrame:
    """Return a replication's KPIs.

    Returns
    -------
    DataFrame
        Columns name, dimension, key (str) and value (float64).  First one row per KPI of `DEFINITIONS`, over all,
        with dimension and key empty, NaN where it is missing; then the rows by dimension.
    """
    cohort = Cohort(replication)
    found: dict[str, float] = {}
    for part in _PARTS:
        found |= getattr(part, part.__name__.rpartition(".")[2])(cohort)
    strangers = found.keys() - DEFINITIONS.keys()
    if strangers:
        raise KeyError(f"KPIs without a definition: {', '.join(sorted(strangers))}")
    overall = [float(found.get(name, math.nan)) for name in DEFINITIONS]
    total = pd.DataFrame({"name": list(DEFINITIONS), "dimension": "", "key": "", "value": overall})
    return pd.concat([total, by_dimension(cohort)], ignore_index=True)
