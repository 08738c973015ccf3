"""What a recommender sees of the catalogue."""

import numpy as np
import pytest

from sim.schema.kinds import ContentKind
from sim.world.build import build_world
from sim.world.view import catalogue_view
from tests.world.worlds import scenario


@pytest.fixture(scope="module")
def seen():
    world = build_world(scenario(), 0)
    return world, catalogue_view(world)


def test_the_view_names_every_content_and_offer(seen):
    world, view = seen
    assert view.n_contents == len(world.truth.contents) == len(view.names)
    assert view.n_offers == len(world.truth.offers) == len(view.text) == len(view.tags)
    assert view.n_consumers == 300


def test_nothing_in_the_view_can_be_written(seen):
    _, view = seen
    for name in ("kind", "listed", "list_price", "commission", "segment"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(view, name)[0] = 1


def test_the_view_is_a_copy_that_does_not_follow_the_world(seen):
    world, view = seen
    before = view.list_price.copy()
    world.truth.offers["list_price"] += 1
    assert np.array_equal(view.list_price, before)
    world.truth.offers["list_price"] -= 1


def test_each_content_belongs_to_its_offer_and_creator(seen):
    world, view = seen
    rooms = view.kind == ContentKind.ROOM
    assert np.all(view.offer[rooms] == -1)
    assert np.all(view.creator[rooms] == np.arange(5))
    assert np.all(view.creator[: view.n_offers] == -1)
    assert np.all(view.offer[~rooms] >= 0)
    assert np.array_equal(view.brand, world.cast.sku_brand[view.sku])


def test_listing_times_are_minutes(seen):
    world, view = seen
    assert np.array_equal(view.listed * 65536, world.truth.contents["listed"])
