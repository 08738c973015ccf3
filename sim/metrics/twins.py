"""What only a twin tells: the same world, replication by replication, with another recommender.

The *no-recommender twin* shows contents at random; the *oracle* is privileged and knows what each page would earn.
Both keep everything else of the scenario, a bootstrap recommender included.
"""

from collections.abc import Mapping

import pandas as pd

from sim.metrics.definition import define
from sim.metrics.ratio import ratios

REFERENCES = ("random", "oracle")
"""Kinds of recommender that the twins have."""
_KEYS = ["replication", "dimension", "key"]

DEFINITIONS = define(
    "recommendation",
    (
        "homogenisation",
        "ratio",
        "down",
        "similarity_nearest less that of the no-recommender twin, the same world with recommender random; needs "
        "--twins",
    ),
    (
        "regret_vs_oracle",
        "ratio",
        "down",
        "1 - (gmv_net less that with recommender random) / (gmv_net with the oracle less that with random): 1 = no "
        "better than random, 0 = as good as the oracle; needs --twins",
    ),
)


def against_twins(own: pd.DataFrame, twins: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the KPIs of replications that are held against their twins, by day too where a loop shows itself.

    Parameters
    ----------
    own : DataFrame
        KPIs in long form: replication, name, dimension, key, value.
    twins : mapping of str to DataFrame
        The same replications' with each of `REFERENCES`.

    Returns
    -------
    DataFrame
        In the same form.
    """
    alike = [_of(rows, "similarity_nearest") for rows in (own, twins["random"])]
    net, foot, head = (_of(rows, "gmv_net", "") for rows in (own, twins["random"], twins["oracle"]))
    regret = pd.Series(1 - ratios(net - foot, head - foot), index=net.index)
    return pd.concat([_rows("homogenisation", alike[0] - alike[1]), _rows("regret_vs_oracle", regret)])


def _of(rows: pd.DataFrame, name: str, *dimensions: str) -> "pd.Series[float]":
    """Return a KPI's values by replication, dimension and key; of some dimensions, if they are named."""
    chosen = rows[rows["name"] == name]
    chosen = chosen[chosen["dimension"].isin(dimensions)] if dimensions else chosen
    values: pd.Series[float] = chosen.set_index(_KEYS)["value"]
    return values


def _rows(name: str, values: "pd.Series[float]") -> pd.DataFrame:
    frame = values.rename("value").reset_index()
    frame.insert(1, "name", name)
    return frame
