"""Small random worlds in which much happens: thin stock, eager consumers, events of every kind.

Chance alone would leave some kinds out of twenty worlds, so each world belongs to a corner that names the policies,
the parts left out and the events; chance decides everything else.  Wherever hypothesis looks for the
simplest value it finds the liveliest, so its simplest worlds are no empty ones.
"""

from typing import Any

from hypothesis import strategies as st

from sim.scenario.duration import format_duration
from tests.scenario.random_scenarios import some

Plain = dict[str, Any]
HOUR = 60.0
LENGTHS = ("2 days", "50 h", "4 days")
EAGER: Plain = {
    "browsing": {"next_page": 0.7, "attention": 0.6},
    "click": {"base": -1.2},
    "cart": {"base": -0.5},
    "buy": {"base": 0.3, "more_units": 0.3},
    "live": {"look_seconds": 20},
    "after_delivery": {"review_share": 0.5, "return_delay": "2 days"},
}
"""A hundred consumers then order a few hundred times in three days."""
CALM: Plain = {"after_delivery": {"return_delay": "2 days"}}

_one_of = st.sampled_from
_POPULATION = some(
    consumers=_one_of([200, 120, 50, 1]),
    opening_trust=_one_of([0.0, 0.7, 1.0]),
    follows=_one_of([0, 2.0, 8.0]),
    returning=_one_of(["1 day", "7 days"]),
    segments=st.just([{"name": "keen", "share": 1, "visits_per_day": 2}]),
)
_CATALOGUE = some(
    items=_one_of([20, 7, 1]),
    offers_per_item=_one_of([1, 1.5, 3]),
    launched_during=_one_of([0, 0.5, 1]),
    margin=_one_of([0, 0.45]),
)
_BRANDS = some(
    count=st.integers(1, 4),
    lead_time=_one_of(["0 min", "7 h", "2 days"]),
    lead_time_cv=_one_of([0, 0.3, 1.5]),
    capacity_per_day=_one_of([3, 40, 1e6]),
    minimum_order=st.integers(1, 6),
    pack_size=st.integers(1, 4),
)
_LIVESTREAMS = some(
    per_week=_one_of([30, 7, 0]),
    slots=_one_of([4, 1]),
    slot=_one_of(["1 min", "10 min"]),
    allotment=_one_of([5, 1, 0]),
    purchase_limit=st.integers(1, 3),
    notified_share=_one_of([1, 0.3, 0]),
    slot_fee=_one_of([0, 2.5]),
)
_STOCK = st.fixed_dictionaries({"opening": _one_of(["units", "cover"]), "amount": _one_of([4, 20, 1, 0])})
_ORDERS = some(
    release_every=_one_of(["1 min", "17 min", "7 h"]),
    unpaid_share=_one_of([0, 0.2]),
    reservation=_one_of(["0 min", "5 min", "30 min"]),
    ship_promise=_one_of(["3 h", "48 h"]),
    return_window=_one_of(["0 min", "3 days"]),
    handling=_one_of(["0 min", "20 h"]),
)
_SERVING = some(  # pages keep their size: the kernel is compiled for it
    refresh=_one_of(["1 s", "60 s", "3 h"]),
    shortest_page=_one_of(["0 min", "8 s"]),
    hide_sold_out=st.booleans(),
    impression_log=_one_of([0, 0.3, 1]),
    log_delay=_one_of(["0 min", "90 min"]),
)
_CARRIER = some(
    capacity_per_day=_one_of([2, 30, 5000]),
    base_days=_one_of([0, 0.8]),
    collects=_one_of(["0 h", "18 h"]),
)  # fmt: skip
_WAREHOUSE = some(
    pickers=st.integers(1, 2),
    packers=st.integers(1, 2),
    pick_wave=_one_of(["1 min", "2 h"]),
    pack_seconds=_one_of([0, 90, 3000]),
    pack_law=_one_of(["constant", "exponential", "gamma"]),
    vans=st.integers(0, 2),
)
_AT_PORT: Plain = {"name": "port-wh", "latitude": 30.3, "longitude": 120.1}
_WAREHOUSES = st.lists(_WAREHOUSE, min_size=1, max_size=2).map(
    lambda own: [{**_AT_PORT, "name": f"wh-{i}", "longitude": 120.1 - 6 * i, **one} for i, one in enumerate(own)]
)
_NETWORK = some(warehouses=_WAREHOUSES, carrier=_CARRIER, inbound=_one_of(["0 min", "5 h"]), receiving=st.just("0 min"))

_NEAREST, _ORTOOLS = {"kind": "nearest_neighbour"}, {"kind": "ortools"}
_BASE_STOCK, _REORDER = {"kind": "base_stock", "with": {"level": 6}}, {"kind": "reorder_up_to"}
_DEPOT = {"warehouses": [{**_AT_PORT, "vans": 2, "depot_only": True}], "carrier": {"to_the_door": False}}
CORNERS: dict[str, Plain] = {
    "chance": {
        "policies": {"recommender": {"kind": "random"}, "inventory": {"kind": "none"}, "routing": _NEAREST},
        "events": ["supplier_outage", "presale"],
    },
    "bestsellers": {
        "policies": {"inventory": {**_BASE_STOCK, "review": "continuous"}, "routing": _ORTOOLS},
        "stock": {"when_short": "backorder"},
        "events": ["livestream", "carrier_cut"],
    },
    "learning": {
        "policies": {
            "recommender": {"kind": "item_knn", "refit": "5 h"},
            "inventory": {**_REORDER, "with": {"reorder_point": 2, "order_up_to": 9}, "review": "6 h"},
            "routing": _NEAREST,
            "showcase": {"kind": "best_commission"},
            "pricing": {"kind": "markdown"},
        },
        "stock": {"when_short": "backorder"},
        "events": ["demand_surge", "presale", "livestream"],
    },
    "privileged": {
        "policies": {"recommender": {"kind": "oracle"}, "inventory": {"kind": "clairvoyant"}, "routing": _ORTOOLS},
        "events": ["livestream", "supplier_outage"],
    },
    "without a network": {
        "policies": {
            "recommender": {"kind": "item_knn"},
            "inventory": {"kind": "clairvoyant", "review": "continuous"},
        },
        "network": {"warehouses": []},
        "stock": {"when_short": "backorder"},
        "events": ["presale", "supplier_outage"],
    },
    "without creators": {
        "policies": {"inventory": {"kind": "base_stock", "review": "6 h"}, "routing": _NEAREST},
        "creators": {"count": 0},
        "events": ["demand_surge", "carrier_cut"],
    },
    "without consumers": {
        "policies": {"inventory": {**_REORDER, "review": "continuous"}, "routing": _ORTOOLS},
        "population": {"consumers": 0},
        "demand": [{"per_day": 3.0}],
        "stock": {"when_short": "backorder"},
        "events": ["supplier_outage", "carrier_cut", "presale"],
    },
    "advertised": {
        "policies": {
            "recommender": {"kind": "popularity", "refit": "1 day"},
            "inventory": {**_BASE_STOCK, "review": "continuous"},
            "routing": _NEAREST,
            "marketing": {"kind": "roi", "with": {"coupons": 0.5, "best": 2}},
        },
        "marketing": {"budget": 90, "coupon": {"value": 2, "minimum_spend": 9, "valid": "20 h"}},
        "events": ["livestream", "carrier_cut"],
    },
    "merchants who keep their goods": {
        "policies": {"recommender": {"kind": "random"}, "inventory": _REORDER, "routing": _ORTOOLS},
        "network": _DEPOT,
        "orders": {"handling": "20 h"},
        "events": ["carrier_cut", "livestream", "demand_surge"],
    },
}


def worlds(corner: str) -> st.SearchStrategy[Plain]:
    """Return valid scenarios of a corner as plain values: at most 200 consumers, 20 items and four days."""
    return _worlds(CORNERS[corner])


@st.composite
def _worlds(draw: st.DrawFn, corner: Plain) -> Plain:
    parts: Plain = {
        "population": {"consumers": 120, **draw(_POPULATION)},
        "catalogue": {"items": 12, **draw(_CATALOGUE)},
        "brands": {"count": 3, **draw(_BRANDS)},
        "merchants": draw(some(count=st.integers(1, 6), multi_node_share=_one_of([0, 1]))),
        "creators": {"count": 3, **draw(some(videos=_one_of([2.5, 0]), livestreams=_LIVESTREAMS))},
        "network": draw(_NETWORK),
        "stock": draw(_STOCK),
        "orders": draw(_ORDERS),
        "demand": draw(st.lists(st.fixed_dictionaries({"per_day": _one_of([0.3, 3.0])}), max_size=2)),
    }
    parts |= {
        part: {**parts[part], **own} if isinstance(own, dict) else own for part, own in corner.items() if part in parts
    }
    return {
        "name": "random",
        "seed": draw(st.integers(0, 1000)),
        "horizon": draw(_one_of(LENGTHS)),
        "warm_up": draw(_one_of(["0 min", "7 h", "1 day"])),
        "drain": draw(_one_of(["40 days", "3 days", "0 min"])),
        "behaviour": draw(_one_of([EAGER, CALM])),
        "serving": draw(_SERVING),
        **parts,
        "policies": corner["policies"],
        "marketing": corner.get("marketing", {}),
        "events": [draw(_event(kind, parts)) for kind in corner["events"]],
    }


def _event(kind: str, parts: Plain) -> st.SearchStrategy[Plain]:
    """Return an event of the kind on the first two days."""
    item = st.integers(0, parts["catalogue"]["items"] - 1).map("sku-{}".format)
    keys: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "supplier_outage": {"brand": st.integers(0, parts["brands"]["count"] - 1)},
        "carrier_cut": {"factor": _one_of([0, 0.1, 3])},
        "demand_surge": {"factor": _one_of([4.0, 0.2])},
        "presale": {"item": item, "units": _one_of([2, 20])},
        "livestream": {
            "creator": st.integers(0, 2),
            "for": st.just("1 h"),
            "crowd": _one_of([60, 0]),
            "notified_share": _one_of([1.0, None]),
            "slots": st.lists(_slot(item), max_size=3).map(_one_after_the_other),
        },
    }
    at = st.integers(0, 30).map(lambda hours: format_duration(HOUR * hours))
    length = _one_of([30 * HOUR, 12 * HOUR, HOUR]).map(format_duration)
    return st.fixed_dictionaries({"kind": st.just(kind), "at": at, "for": length, **keys[kind]})


def _slot(item: st.SearchStrategy[str]) -> st.SearchStrategy[Plain]:
    return st.fixed_dictionaries(
        {"item": item | st.none(), "allotment": _one_of([3, 50, 0]), "discount": _one_of([0.2, 0, 0.99])}
    )


def _one_after_the_other(slots: list[Plain]) -> list[Plain]:
    return [{**slot, "at": f"{20 * number} min", "for": "15 min"} for number, slot in enumerate(slots)]
