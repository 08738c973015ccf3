"""How a world is made, from the goods to the shelves.  Each part draws from streams of its own."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.scenario.scenario import Scenario
from sim.world.bootstrapped import bootstrapped_sales
from sim.world.catalogue_table import read_items
from sim.world.contents import content_names, make_contents
from sim.world.creators import Creators, draw_commissions, make_creators
from sim.world.expected_sales import planned_sales, sales_by_choice, sales_by_itself
from sim.world.follows import follow
from sim.world.goods import Goods, make_goods
from sim.world.money import Money
from sim.world.nodes import Nodes, place_nodes
from sim.world.offers import make_offers, offer_names
from sim.world.opening import give_past, open_ledger
from sim.world.population import make_consumers
from sim.world.population_table import HomeTable, read_homes, read_places
from sim.world.promise import promise_days
from sim.world.state import Rows, Truth, room_rows
from sim.world.streams import Stream, key64, streams
from sim.world.trade import Listings, Merchants, list_offers, make_merchants
from sim.world.world import Cast, World

Float = NDArray[np.float64]


def build_world(scenario: Scenario, replication: int) -> World:
    """Return a replication's world as it stands at the start: a pure function of scenario, tables and replication.

    Raises
    ------
    ScenarioError
        Where a table is not what the scenario says of it.
    """
    stream = streams(scenario.seed, replication)
    items, places, homes = read_items(scenario), read_places(scenario), read_homes(scenario)

    goods = make_goods(scenario, stream, items)
    merchants = make_merchants(scenario, stream, places, items)
    listings = list_offers(scenario, stream, goods, merchants, items)
    nodes = place_nodes(scenario, merchants, listings)
    offers = make_offers(scenario, goods, listings, nodes)

    creators = make_creators(scenario, stream, goods)
    consumers = make_consumers(scenario, stream, goods.vector, homes)
    follow(consumers, float(scenario.population.follows), creators.reach, creators.topic, stream("population.follows"))

    by_itself = sales_by_itself(scenario) + bootstrapped_sales(scenario, goods, merchants, listings)
    give_past(scenario, stream, offers, sales_by_choice(scenario, offers, consumers) + by_itself)
    by_choice = sales_by_choice(scenario, offers, consumers)  # again, for what was sold shows
    base_rate = planned_sales(scenario, by_choice) + by_itself
    stock = open_ledger(scenario, offers, nodes, base_rate)
    contents = make_contents(scenario, stream, offers, creators, by_choice)

    return World(
        scenario=scenario,
        replication=replication,
        stream=stream,
        key=key64(scenario.seed, replication, "consumers"),
        cast=_cast(scenario, stream, goods, merchants, listings, nodes, creators, contents, homes, base_rate),
        truth=Truth(consumers, offers, contents, room_rows(len(creators.names)), promise_days(scenario.network, nodes)),
        stock=stock,
        money=_open_accounts(scenario, merchants, creators, nodes),
        notes=[note for table in (places, homes) if table for note in table.notes],
    )


def _cast(
    scenario: Scenario,
    stream: Stream,
    goods: Goods,
    merchants: Merchants,
    listings: Listings,
    nodes: Nodes,
    creators: Creators,
    contents: Rows,
    homes: HomeTable | None,
    base_rate: Float,
) -> Cast:
    """Write down who and what there is, and what never changes about it."""
    names = content_names(offer_names(goods, listings, merchants.names), contents)
    _check_distinct(scenario, names)
    return Cast(
        categories=goods.categories,
        category_return_rate=goods.return_rate,
        sku_name=goods.names,
        merchant_name=merchants.names,
        creator_name=creators.names,
        node_name=nodes.names,
        consumer_name=homes.names if homes else (),
        sku_category=goods.category,
        sku_brand=goods.brand,
        sku_weight=goods.weight,
        sku_volume=goods.volume,
        content_name=names,
        offer_text=tuple(goods.text[sku] for sku in listings.sku.tolist()),
        offer_tags=tuple(goods.tags[sku] for sku in listings.sku.tolist()),
        offer_commission=draw_commissions(scenario, stream("offers.commission"), len(listings.sku)),
        creator_reach=creators.reach,
        creator_topic=creators.topic,
        creator_commission=creators.commission,
        merchant_latitude=merchants.latitude,
        merchant_longitude=merchants.longitude,
        node_latitude=nodes.latitude,
        node_longitude=nodes.longitude,
        node_warehouse=nodes.warehouse,
        base_rate=base_rate,
    )


def _open_accounts(scenario: Scenario, merchants: Merchants, creators: Creators, nodes: Nodes) -> Money:
    return Money(
        {
            "merchants": len(merchants.names),
            "creators": len(creators.names),
            "brands": scenario.brands.count,
            "operators": len(nodes.names),
        }
    )


def _check_distinct(scenario: Scenario, names: tuple[str, ...]) -> None:
    if len(set(names)) < len(names):
        twice = next(name for name, count in Counter(names).items() if count > 1)
        where = f"catalogue.from: {scenario.catalogue.from_}"
        raise ScenarioError(where, f"two offers are named {twice!r}: leave '@' out of their parts")
