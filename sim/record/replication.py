"""What one replication leaves behind: all that its KPIs are computed from."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.policy.faults import Faults
from sim.world.state import Rows
from sim.world.world import World

Long = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Running totals at an instant: differences of two of them belong to the time between.

    Attributes
    ----------
    at : int
        Ticks; everything strictly before has happened.
    flows : dict
        Cents posted per (account, payer class, payee class).
    balances : dict of str to int64[n]
        Cents per party of each class.
    empty : int64[n_offers]
        Ticks with nothing available to promise so far.
    bare : int64[n_keys]
        Ticks with nothing on hand so far.
    held : int64[n_keys]
        Unit-ticks on hand so far.
    owed : int64[n_keys]
        Unit-ticks of backorders so far.
    wanted, sold : int64[n_offers]
        Units.
    """

    at: int
    flows: dict[tuple[str, str, str], int]
    balances: dict[str, Long]
    empty: Long
    bare: Long
    held: Long
    owed: Long
    wanted: Long
    sold: Long


@dataclass(frozen=True, slots=True)
class Replication:
    """A finished replication, drained.

    Attributes
    ----------
    world : World
        As it is at the end: truth, stock, money, all orders.
    daily : int64[2, days, surfaces, counters]
        The kernel's counters (`sim.schema.counters`): cohort (0 warm-up, 1 measured), day the session began, surface.
    exposure : int64[buckets, n_contents]
        Impressions of the measured cohort, per bucket of ``bucket_days`` days.
    active : uint8[n_consumers, ceil(days / 8)]
        Bit d & 7 of byte d >> 3: the consumer had a session on day d.
    acts : structured array, `ACT_ROW`
        The behaviour log, in order of time.
    slates : structured array, `slate_log_row`
        What was shown on pages outside rooms to the consumers whose impressions are logged.
    tables : dict of str to DataFrame
        Rows by kind, as processes wrote them; instants in ticks.  See `sim.record.rows`.
    opening, closing : Snapshot
        At the end of the warm-up and at the horizon.
    final : Snapshot
        After the drain.
    """

    world: World
    daily: Long
    exposure: Long
    bucket_days: int
    active: NDArray[np.uint8]
    acts: Rows
    slates: Rows
    tables: dict[str, pd.DataFrame]
    opening: Snapshot
    closing: Snapshot
    final: Snapshot
    faults: Faults
    simpy_events: int
    laws_checked: int
