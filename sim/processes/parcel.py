"""A parcel: order lines of one consumer that travel together."""

from dataclasses import dataclass

from sim.world.world import World


@dataclass(slots=True)
class Parcel:
    """Lines packed together.  A parcel is named by its first line.

    Attributes
    ----------
    lines : list of int
        Order numbers, ascending.
    metres : float
        From the node to the door.
    unpicked : int
        Lines that are still on the shelf.
    under_way : bool
        It has left its node.
    """

    lines: list[int]
    consumer: int
    node: int
    metres: float
    grams: int
    millilitres: int
    unpicked: int
    under_way: bool = False


def make_parcels(world: World, lines: list[int]) -> list[Parcel]:
    """Put lines of the same consumer at the same node together, in order of their first line."""
    together: dict[tuple[int, int], list[int]] = {}
    for line in lines:
        row = world.orders.rows[line]
        consumer = int(row["consumer"])
        whose = consumer if consumer >= 0 else -1 - line  # without a home: each line by itself
        together.setdefault((whose, int(row["node"])), []).append(line)
    return [_parcel(world, sorted(group)) for group in together.values()]


def _parcel(world: World, lines: list[int]) -> Parcel:
    grams = millilitres = 0
    for line in lines:
        row = world.orders.rows[line]
        row["parcel"] = lines[0]
        sku = world.truth.offers["sku"][row["offer"]]
        grams += int(row["units"] * world.cast.sku_weight[sku])
        millilitres += int(row["units"] * world.cast.sku_volume[sku])
    return Parcel(
        lines=lines,
        consumer=int(row["consumer"]),
        node=int(row["node"]),
        metres=float(row["distance"]),
        grams=grams,
        millilitres=millilitres,
        unpicked=len(lines),
    )
