"""Paid lines are bound to the stock that will serve them."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.policy.protocols import AllocationPolicy
from sim.processes.payment import refund
from sim.processes.scene import Scene
from sim.processes.ways import Ways
from sim.schema.stocking import AllocationView
from sim.world.orders import Status

Long = NDArray[np.int64]


class Handover(Protocol):
    """Who gets the lines of a node ready for their way."""

    def accept(self, lines: list[int]) -> None:
        """Take over allocated order lines, in the order they were bound."""


class Allocation:
    """Binds each paid line to one ledger key, as the policy says.

    A line is never split.  Where the chosen key has too few free units by now (an earlier line of the batch
    took them), the line goes to the offer's key with most.  Where no single key has enough, though the offer's
    nodes together do, the line waits; it is tried again when units of its offer have come, and at its ship-by
    time it is cancelled and its money paid back.

    Parameters
    ----------
    handovers : sequence of Handover
        One per node.

    Attributes
    ----------
    on_bound : callable
        ``on_bound(keys)`` is told the ledger keys that lines were just bound to.
    on_freed : callable
        Called when a line was cancelled: somebody may wait for its units.
    """

    def __init__(self, scene: Scene, ways: Ways, policy: AllocationPolicy, handovers: Sequence[Handover]) -> None:
        self._scene = scene
        self._ways = ways
        self._policy = policy
        self._handovers = handovers
        self._waiting: dict[int, None] = {}
        self._queues: dict[int, dict[int, None]] = {}  # those that wait per offer, in order of arrival
        self.on_bound: Callable[[list[int]], None] = lambda keys: None
        self.on_freed: Callable[[], None] = lambda: None

    @property
    def waiting(self) -> int:
        """How many paid lines wait for stock."""
        return len(self._waiting)

    def bind(self, paid: Long) -> None:
        """Bind lines that are paid, those that wait already first, and hand them over to their nodes."""
        came = sorted(self._scene.world.stock.take_came() & self._queues.keys())
        again = [line for offer in came for line in self._queues[offer]]
        lines = np.concatenate((np.array(again, np.int64), paid))
        if len(lines) == 0:
            return
        view = self._view(lines)
        chosen = view.key[self._policy.allocate(view)].tolist()
        by_node: dict[int, list[int]] = {}
        keys = []
        for line, key in zip(lines.tolist(), chosen, strict=True):
            key = self._bind(line, key)
            if key >= 0:
                keys.append(key)
                by_node.setdefault(self._write(line, key), []).append(line)
            elif line not in self._waiting:
                self._wait(line)
        for node, bound in by_node.items():
            self._handovers[node].accept(bound)
        self.on_bound(keys)

    def _view(self, lines: Long) -> AllocationView:
        stock = self._scene.world.stock
        rows = self._scene.orders[lines]
        first = stock.first_key[rows["offer"]]
        keys = stock.first_key[rows["offer"] + 1] - first
        line = np.repeat(np.arange(len(lines)), keys)
        key = np.repeat(first - np.cumsum(keys) + keys, keys) + np.arange(len(line))
        node = stock.node[key]
        return AllocationView(
            units=rows["units"].astype(np.int64),
            line=line.astype(np.int32),
            key=key.astype(np.int32),
            node=node,
            available=stock.on_hand[key] - stock.reserved[key],
            distance=self._ways.metres(node, rows["consumer"][line]),
        )

    def _bind(self, line: int, key: int) -> int:
        """Bind a line to ``key``, or to the key with most; return the key, -1 where the line must wait."""
        stock = self._scene.world.stock
        row = self._scene.orders[line]
        units = int(row["units"])
        if stock.on_hand[key] - stock.reserved[key] < units:
            keys = stock.keys_of(int(row["offer"]))
            key = max(keys, key=lambda k: (stock.on_hand[k] - stock.reserved[k], -k))
            if stock.on_hand[key] - stock.reserved[key] < units:
                return -1
        stock.bind(key, units)
        return key

    def _write(self, line: int, key: int) -> int:
        """Write down what serves a line; return the node."""
        self._leave_queue(line)
        row = self._scene.orders[line]
        node = self._scene.world.stock.node[key]
        row["key"], row["node"] = key, node
        row["distance"] = self._ways.metres(np.array([node]), np.array([row["consumer"]]))[0]
        row["allocated"] = self._scene.now
        row["status"] = Status.ALLOCATED
        return int(node)

    def _wait(self, line: int) -> None:
        self._waiting[line] = None
        self._queues.setdefault(int(self._scene.orders["offer"][line]), {})[line] = None
        self._scene.call_at(max(int(self._scene.orders["ship_by"][line]), self._scene.now), self._cancel, line)

    def _cancel(self, line: int) -> None:
        """A line that still waits when it should ship is called off."""
        if line not in self._waiting:
            return
        self._leave_queue(line)
        row = self._scene.orders[line]
        self._scene.world.stock.lapse(int(row["offer"]), int(row["units"]), self._scene.now)
        refund(self._scene.world, np.array([line]))
        row["status"] = Status.CANCELLED
        row["ended"] = self._scene.now
        self.on_freed()

    def _leave_queue(self, line: int) -> None:
        if line in self._waiting:
            del self._waiting[line]
            offer = int(self._scene.orders["offer"][line])
            del self._queues[offer][line]
            if not self._queues[offer]:
                del self._queues[offer]
