"""All KPIs of a replication in one long table.

Of the names in the house's list, this world cannot produce some: ``rmse``, ``auc`` and ``f1`` need a predictor to
judge; ``recovery_minutes`` needs an undisturbed world beside this one;
``forecast_*`` needs forecasts; ``cost_linehaul`` needs legs between warehouses.
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
    marketing,
    money,
    recommendation,
    running,
    service,
    stock,
    supply,
    twins,
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
    marketing,
    capital,
    livestreams,
    launches,
    running,
    service,
)
"""Each defines KPIs and has a function of its own name that computes them."""

MEASURED: dict[str, Definition] = {definition.name: definition for part in _PARTS for definition in part.DEFINITIONS}
"""Every KPI of a replication by name, in the order of the table."""
DEFINITIONS = MEASURED | {definition.name: definition for definition in twins.DEFINITIONS}
"""Every KPI by name, those included that only twin worlds tell."""


def kpis(replication: Replication) -> pd.DataFrame:
    """Return a replication's KPIs.

    Returns
    -------
    DataFrame
        Columns name, dimension, key (str) and value (float64).  First one row per KPI of `MEASURED`, over all,
        with dimension and key empty, NaN where it is missing; then the rows by dimension.
    """
    cohort = Cohort(replication)
    found: dict[str, float] = {}
    for part in _PARTS:
        found |= getattr(part, part.__name__.rpartition(".")[2])(cohort)
    strangers = found.keys() - MEASURED.keys()
    if strangers:
        raise KeyError(f"KPIs without a definition: {', '.join(sorted(strangers))}")
    overall = [float(found.get(name, math.nan)) for name in MEASURED]
    total = pd.DataFrame({"name": list(MEASURED), "dimension": "", "key": "", "value": overall})
    return pd.concat([total, by_dimension(cohort)], ignore_index=True)
