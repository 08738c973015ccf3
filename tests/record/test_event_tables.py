"""Events as tables that stand alone: names beside ids, minutes, cents, null for what is not there."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.record.columns import instants
from sim.record.event_tables import event_tables
from sim.record.parquet import to_parquet
from sim.schema.clock import to_minutes
from tests.record.handmade import DAY, HOUR, replication


def read(table: pa.Table) -> pd.DataFrame:
    return pq.read_table(pa.BufferReader(to_parquet(table))).to_pandas()


def tables(level: str) -> dict[str, pd.DataFrame]:
    return {kind: read(table) for kind, table in event_tables(replication(level), level)}


def test_orders_carry_names_minutes_and_cents():
    orders = tables("orders")["orders"]
    assert orders["consumer"].tolist()[:2] == ["consumer-0", "consumer-3"]
    assert orders["sku"].tolist() == ["cup", "=pen", "hat"]
    assert orders["merchant"].tolist() == ["ada", "cy", "bo"]
    assert orders["content"].tolist() == ["ada/cup", "star/room", "bo/hat"]
    assert orders["status"].tolist() == ["delivered", "returned", "packed"]
    assert orders["surface"].tolist() == ["feed", "live", "mall"]
    assert orders["by"].tolist() == ["van", "carrier", "nobody"]
    assert orders["placed"].tolist() == [60.0, 120.0, to_minutes(DAY + 5)]
    assert orders["price"].tolist() == [1000, 800, 1000]
    assert orders["segment"].tolist()[:2] == ["regulars", "regulars"]


def test_what_did_not_happen_and_nobody_is_null():
    orders = tables("orders")["orders"]
    for name in ("consumer_id", "consumer", "segment", "city", "delivered", "node", "node_id", "key", "parcel"):
        assert pd.isna(orders[name].iloc[2]), name
    assert orders["creator"].isna().tolist() == [True, False, True]
    assert orders["stars"].isna().tolist() == [False, True, True]
    assert orders["returned"].isna().tolist() == [True, False, True]


def test_rows_of_processes_carry_names_and_minutes():
    found = tables("orders")
    assert found["return"]["fate"].tolist() == ["written_off"]
    assert found["return"]["node"].tolist() == ["south"]
    assert found["return"]["offer"].tolist() == ["cy/=pen"]
    assert found["return"]["time"].tolist() == [2 * 1440.0]
    assert found["room_minute"]["creator"].tolist() == ["star", "star"]
    assert len(found["purchase"]) == 0
    assert "merchant" in found["purchase"]


def test_sampled_acts_are_those_of_logged_consumers():
    assert tables("sampled")["acts"]["consumer_id"].tolist() == [1]
    assert tables("full")["acts"]["consumer_id"].tolist() == [0, 1, 3]
    assert tables("full")["acts"]["time"].tolist() == [60.0, to_minutes(HOUR + 1), 1440.0]


def test_slates_are_a_row_per_filled_place():
    slates = tables("sampled")["slates"]
    assert slates["content_id"].tolist() == [0, 2, 1, 3]
    assert slates["position"].tolist() == [0, 1, 0, 2]
    assert slates["content"].tolist() == ["ada/cup", "cy/=pen", "bo/hat", "star/room"]


def test_instants_survive_as_minutes_exactly():
    ticks = np.array([0, 1, 65537, 2**52 + 1, -1])
    back = instants(ticks).to_numpy(zero_copy_only=False)
    assert (back[:-1] * 65536).astype(np.int64).tolist() == ticks[:-1].tolist()
    assert np.isnan(back[-1])


def test_acts_of_many_rows_take_few_bytes():
    """Sorted instants, small ids, few words: under 14 bytes a row."""
    rng = np.random.default_rng(1)
    n = 100_000
    made = replication("full")
    acts = np.zeros(n, made.acts.dtype)
    acts["time"] = np.sort(rng.integers(0, 30 * DAY, n))
    acts["session"] = np.arange(n) // 3
    acts["consumer"] = rng.integers(0, 4, n)
    acts["content"] = acts["offer"] = rng.integers(0, 3, n)
    acts["act"] = rng.integers(0, 4, n)
    acts["propensity"] = np.nan
    many = type(made)(**{name: getattr(made, name) for name in made.__dataclass_fields__} | {"acts": acts})
    table = next(table for kind, table in event_tables(many, "full") if kind == "acts")
    assert to_parquet(table).size < 14 * n
