"""How far it is from the nodes to the consumers' doors: compiled, for it is asked for every few orders."""

import math

from sim.schema.compiled import compiled
from sim.world.geography import EARTH_METRES

_RADIANS = math.pi / 180.0


@compiled
def fill_metres(nodes, homes, node, consumer, out):
    """Write great-circle metres from node to home per row; 0 for a consumer of -1.

    Parameters
    ----------
    nodes, homes : float64[n, 2], degrees
        Latitude and longitude.
    node, consumer : int[m]
    out : float64[m]
    """
    for i in range(len(out)):
        out[i] = 0.0
        if consumer[i] >= 0:
            here, there = nodes[node[i]], homes[consumer[i]]
            a, c = here[0] * _RADIANS, there[0] * _RADIANS
            lift = math.sin((c - a) / 2)
            turn = math.sin((there[1] - here[1]) * _RADIANS / 2)
            h = lift * lift + math.cos(a) * math.cos(c) * turn * turn
            out[i] = 2 * EARTH_METRES * math.asin(math.sqrt(min(1.0, h)))
