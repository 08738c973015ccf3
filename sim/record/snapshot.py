"""Running totals at an instant, taken from the world."""

import numpy as np

from sim.record.replication import Snapshot
from sim.world.money import PARTIES
from sim.world.world import World


def snapshot(world: World, now: int) -> Snapshot:
    """Return the running totals at ``now`` (ticks); spans that are still open count up to then."""
    offers, stock = world.truth.offers, world.stock
    open_span = np.where(offers["empty_since"] >= 0, now - offers["empty_since"], 0)
    return Snapshot(
        at=now,
        flows=world.money.flows,
        balances={party: world.money.balance(party) for party in PARTIES},
        empty=offers["empty_time"] + open_span,
        bare=stock.bare_total(now),
        held=stock.held_total(now),
        owed=stock.owed_total(now),
        wanted=offers["wanted"].copy(),
        sold=offers["sold"].copy(),
    )
