"""From the order to the door and back: how the parts of fulfilment hang together."""

from collections.abc import Callable

from sim.policy.protocols import AllocationPolicy, RoutingPolicy
from sim.processes.allocation import Allocation, Handover
from sim.processes.carrier import Carrier
from sim.processes.delivery import Door
from sim.processes.direct import Direct
from sim.processes.dispatch import Dispatch
from sim.processes.disruption import cut_carriers
from sim.processes.own_place import OwnPlace
from sim.processes.parcel import Parcel
from sim.processes.payment import Payment
from sim.processes.release import Release, Source
from sim.processes.returns import Returns
from sim.processes.scene import Scene
from sim.processes.settlement import Settlement
from sim.processes.shipping import call_off
from sim.processes.warehouse import Warehouse
from sim.processes.ways import Ways


def open_fulfilment(scene: Scene, source: Source, allocation: AllocationPolicy, routing: RoutingPolicy) -> Release:
    """Open all that happens between an order and its door, and after; return where orders are handed in.

    Orders flow: release, payment, allocation, then per node a warehouse (pick waves, packing) or a merchant's
    own place, then vans or the carrier, the door, and for some the way back; at last the settlement.
    """
    ways = Ways(scene.world)
    handovers: list[Handover] = []
    release = Release(scene, ways, Payment(scene), Allocation(scene, ways, allocation, handovers), source)
    door = Door(scene, Returns(scene, ways, release.stock_came), Settlement(scene))
    docks = Docks(scene, ways, routing, door)
    handovers += [docks.open(node) for node in range(len(scene.world.cast.node_latitude))]
    return release


class Docks:
    """Where parcels leave a node: for the vans, the carrier, or directly."""

    def __init__(self, scene: Scene, ways: Ways, routing: RoutingPolicy, door: Door) -> None:
        self._scene = scene
        self._ways = ways
        self._routing = routing
        self._door = door
        self._direct = Direct(scene, door)
        self._dispatch: dict[int, Dispatch] = {}
        self._depots: dict[int, Callable[[Parcel], None]] = {}
        self._carrier = Carrier(scene, ways, door, self._depots)
        cut_carriers(scene, self._carrier)

    def open(self, node: int) -> Handover:
        """Open a node; return who accepts its allocated lines."""
        warehouses = self._scene.world.scenario.network.warehouses
        warehouse = int(self._scene.world.cast.node_warehouse[node])
        if not warehouses:
            return self._direct
        if warehouse < 0:
            return OwnPlace(self._scene, self._leave)
        if warehouses[warehouse].vans:
            self._dispatch[node] = Dispatch(self._scene, node, self._routing, self._carrier, self._door)
            self._depots[node] = self._dispatch[node].accept
        return Warehouse(self._scene, node, self._leave)

    def _leave(self, parcel: Parcel, ready: int | None = None) -> None:
        """Send a parcel on the way that its distance asks for; from a merchant's own place not before ``ready``."""
        if self._ways.direct(parcel.consumer):
            self._scene.call_at(self._scene.now if ready is None else ready, self._direct.bring, parcel)
        elif self._ways.local(parcel.node, parcel.metres):
            self._dispatch[parcel.node].accept(parcel)
        elif self._carrier.serves:
            self._carrier.accept(parcel, ready)
        else:
            call_off(self._scene, parcel)
