"""KPIs by key, from columns to rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Columns = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Part:
    """KPIs of one dimension: for each name a number per key."""

    dimension: str
    keys: Sequence[str]
    columns: Columns

    def only(self, *names: str) -> "Part":
        """Return the part with some of its KPIs."""
        return Part(self.dimension, self.keys, {name: self.columns[name] for name in names})

    def top(self, most: int, by: str) -> "Part":
        """Return the part with the keys that have most of a KPI, in descending order, ties in order of the keys."""
        best = np.argsort(-self.columns[by], kind="stable")[:most]
        columns = {name: values[best] for name, values in self.columns.items()}
        return Part(self.dimension, [self.keys[i] for i in best.tolist()], columns)

    def rows(self) -> pd.DataFrame:
        """Return a row per KPI and key: name, dimension, key, value."""
        return pd.DataFrame(
            {
                "name": np.repeat(np.array(list(self.columns), object), len(self.keys)),
                "dimension": self.dimension,
                "key": np.tile(np.array(list(self.keys), object), len(self.columns)),
                "value": np.concatenate([np.zeros(0), *self.columns.values()]).astype(np.float64),
            }
        )


def by_group(found: Sequence[Mapping[str, float]]) -> Columns:
    """Return columns of KPIs that were found group by group."""
    return {name: np.array([kpis[name] for kpis in found], np.float64) for name in (found[0] if found else ())}
