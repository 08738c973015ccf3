"""How units leave and enter what may be promised: used by the consumers' kernel and by the stock ledger alike."""

from sim.schema.compiled import compiled


@compiled
def take(offers, offer, units, now):
    """Lower an offer's available units at ``now`` (ticks); note when nothing is left."""
    row = offers[offer]
    row.available -= units
    if row.available <= 0 and row.empty_since < 0:
        row.empty_since = now


@compiled
def give(offers, offer, units, now):
    """Raise an offer's available units at ``now``; close the span without stock."""
    row = offers[offer]
    row.available += units
    if row.available > 0 and row.empty_since >= 0:
        row.empty_time += now - row.empty_since
        row.empty_since = -1


@compiled
def reserve(offers, offer, units, now):
    """Promise available units to a consumer."""
    take(offers, offer, units, now)
    row = offers[offer]
    row.promised += units
    row.position -= units
    row.sold += units


@compiled
def reserve_from_slot(offers, rooms, room, units):
    """Promise units of the allotment of the slot on air."""
    rooms[room].left -= units
    row = offers[rooms[room].offer]
    row.allotted -= units
    row.promised += units
    row.position -= units
    row.sold += units


@compiled
def due(offers, offer):
    """Tell whether a continuous review is due, and disarm it until the handler arms it again."""
    row = offers[offer]
    if row.position > row.reorder_level:
        return False
    row.reorder_level = -4611686018427387904
    return True
