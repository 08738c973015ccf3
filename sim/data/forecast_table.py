"""Forecasts of the days that follow a table of demand, as a table themselves."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from sim.errors import ScenarioError
from sim.policy.contain_forecasts import ContainedForecaster
from sim.record.parquet import to_parquet
from sim.record.whole_file import write_whole
from sim.study.demand_panel import DemandPanel

LEVELS = (0.1, 0.5, 0.9)
KINDS = (".csv", ".parquet")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def check_place(path: Path) -> None:
    """Refuse, before anything is computed, a file that forecasts cannot be written to."""
    if path.suffix.lower() not in KINDS:
        raise ScenarioError("--out", f"found {path.name!r}, allowed a name that ends in {' or '.join(KINDS)}")
    if path.is_dir():
        raise ScenarioError("--out", f"{str(path)!r} is a folder")


def forecast_table(panel: DemandPanel, methods: Mapping[str, ContainedForecaster], horizon: int) -> pd.DataFrame:
    """Return a row per method, item and day: method, item, date, mean, sd, and the quantiles q10, q50, q90 (units)."""
    dates = panel.first + np.arange(panel.days, panel.days + horizon).astype("m8[D]")
    parts = []
    for name, method in methods.items():
        forecast = method.forecast(panel.view(panel.days, horizon, LEVELS))
        quantiles = {f"q{100 * level:.0f}": forecast.quantiles[:, :, i].ravel() for i, level in enumerate(LEVELS)}
        told = {"mean": forecast.mean.ravel(), "sd": forecast.sd.ravel(), **quantiles}
        items = np.repeat(np.array(panel.items, object), horizon)
        parts.append(pd.DataFrame({"method": name, "item": items, "date": np.tile(dates, len(panel)), **told}))
    return pd.concat(parts, ignore_index=True)


def write_forecasts(path: Path, table: pd.DataFrame) -> None:
    """Write the table as CSV or Parquet, by the name's ending, whole or not at all."""
    if path.suffix.lower() == ".parquet":
        import pyarrow as pa

        dated = table.assign(date=table["date"].dt.date)
        write_whole(path, to_parquet(pa.Table.from_pandas(dated, preserve_index=False)))
        return
    safe = table.assign(item=[f"'{name}" if name.startswith(_FORMULA) else name for name in table["item"]])
    text = safe.to_csv(index=False, float_format="%.6g", date_format="%Y-%m-%d", lineterminator="\n")
    write_whole(path, text.encode())
