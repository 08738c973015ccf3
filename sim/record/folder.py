"""The run's folder: what a study keeps, replication by replication, so that a killed one goes on where it was.

<scenario>-<hash>/
  scenario.resolved.yaml   all that determines the result
  manifest.json            versions, seeds, identities, times
  replications/0007.parquet   KPIs in long form: name, dimension, key, value
  series/0007.parquet         a replication's days: day, hour, name, value; merged into series.parquet
  twins.parquet               KPIs that were found by holding it against twin worlds, where that was asked for
  events/<kind>/0007.parquet  as the record level says
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sim.errors import SimError
from sim.record.columns import numbers
from sim.record.event_tables import WHOSE_ACTS, Level, event_tables, kinds_at
from sim.record.parquet import read_parquet, sound_schema, to_parquet
from sim.record.replication import Replication
from sim.record.series import series
from sim.record.whole_file import clear_leftovers, write_whole

KPI_COLUMNS = ("name", "dimension", "key", "value")


class RunFolder:
    """A run's folder at ``path``; it is made when something is first written.

    A replication's KPIs are written last: where they are, everything of the replication is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of(cls, runs: Path, scenario: str, digest: str) -> "RunFolder":
        """Return the folder of a scenario's run below ``runs``."""
        return cls(runs / f"{scenario}-{digest}")

    # -- the run -----------------------------------------------------------------------------------------------

    def begin(self, resolved: str, manifest: Mapping[str, Any]) -> None:
        """Clear what killed writers left behind, and write down what is run."""
        clear_leftovers(self.path)
        write_whole(self.path / "scenario.resolved.yaml", resolved.encode())
        self.write_manifest(manifest)

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Write the manifest anew."""
        write_whole(self.path / "manifest.json", (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode())

    def manifest(self) -> dict[str, Any]:
        """Return the manifest; empty where there is none or it is damaged."""
        try:
            found = json.loads((self.path / "manifest.json").read_bytes())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def finish(self, replications: Iterable[int]) -> None:
        """Merge the replications' series into one table."""
        parts = [self._series_of(number) for number in sorted(replications)]
        if parts:
            write_whole(self.path / "series.parquet", to_parquet(pa.concat_tables(parts)))

    def write_twins(self, told: pd.DataFrame) -> None:
        """Write what twin worlds told, all replications in one table."""
        table = pa.table({name: _plain(told[name]) for name in ("replication", *KPI_COLUMNS)})
        write_whole(self.path / "twins.parquet", to_parquet(table))

    # -- a replication -------------------------------------------------------------------------------------------

    def keep(self, replication: Replication, kpis: pd.DataFrame) -> None:
        """Write all that is kept of a finished replication, at its scenario's record level."""
        number = replication.world.replication
        for kind, table in event_tables(replication, replication.world.scenario.record):
            write_whole(self._events_at(kind, number), to_parquet(table))
        self.write_series(number, series(replication))
        self.write_kpis(number, kpis)

    def write_kpis(self, number: int, kpis: pd.DataFrame) -> None:
        """Write a replication's KPIs; with this it is done."""
        table = pa.table({name: _plain(kpis[name]) for name in KPI_COLUMNS})
        write_whole(self._kpis_at(number), to_parquet(table))

    def write_series(self, number: int, frame: pd.DataFrame) -> None:
        """Write a replication's series."""
        table = pa.table({name: _plain(frame[name]) for name in frame.columns})
        write_whole(self._series_at(number), to_parquet(table))

    def done(self, level: Level = "off") -> set[int]:
        """Return the replications of which everything is there and sound, events of ``level`` included."""
        found = (int(path.stem) for path in self.path.glob("replications/*.parquet") if path.stem.isdecimal())
        return {number for number in found if self._is_sound(number, level)}

    def read(self, number: int) -> pd.DataFrame:
        """Return a replication's KPIs.

        Raises
        ------
        SimError
            Where there is none, or it is damaged.
        """
        kpis = self._kpis_of(number)
        if kpis is None:
            raise SimError(str(self._kpis_at(number)), "missing or damaged", "Run again: only this one is simulated")
        frame: pd.DataFrame = kpis.to_pandas()
        return frame

    def events(self, kind: str, number: int) -> pd.DataFrame:
        """Return a replication's events of a kind.

        Raises
        ------
        SimError
            Where there are none, or they are damaged.
        """
        path = self._events_at(kind, number)
        table = read_parquet(path)
        if table is None:
            raise SimError(str(path), "missing or damaged", "Run again: only this replication is simulated")
        frame: pd.DataFrame = table.to_pandas()
        return frame

    # -- inside ----------------------------------------------------------------------------------------------------

    def _is_sound(self, number: int, level: Level) -> bool:
        return (
            self._kpis_of(number) is not None
            and read_parquet(self._series_at(number)) is not None
            and all(self._has_events(kind, number, level) for kind in kinds_at(level))
        )

    def _kpis_of(self, number: int) -> pa.Table | None:
        table = read_parquet(self._kpis_at(number))
        return table if table is not None and tuple(table.column_names) == KPI_COLUMNS else None

    def _series_of(self, number: int) -> pa.Table:
        table = read_parquet(self._series_at(number))
        if table is None:
            raise SimError(str(self._series_at(number)), "missing or damaged", "Run again: only this one is simulated")
        return table.add_column(0, "replication", pa.array(np.full(len(table), number, np.int32)))

    def _has_events(self, kind: str, number: int, level: Level) -> bool:
        schema = sound_schema(self._events_at(kind, number))
        if schema is None or kind != "acts" or level != "full":
            return schema is not None
        return bool((schema.metadata or {}).get(WHOSE_ACTS) == b"all")

    def _kpis_at(self, number: int) -> Path:
        return self.path / "replications" / f"{number:04d}.parquet"

    def _series_at(self, number: int) -> Path:
        return self.path / "series" / f"{number:04d}.parquet"

    def _events_at(self, kind: str, number: int) -> Path:
        return self.path / "events" / kind / f"{number:04d}.parquet"


def _plain(column: "pd.Series[Any]") -> pa.Array:
    """Return a column of numbers with NaN as null, of anything else as text."""
    if pd.api.types.is_numeric_dtype(column):
        return numbers(column.to_numpy())
    return pa.array(column.astype(str).to_numpy(object), pa.string())
