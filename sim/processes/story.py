"""The story of one replication: the cast meets here.  Read this first.

Goods are listed, consumers browse what the platform shows them, orders are released, packed and driven, shelves
are filled again, creators go live; and after the horizon what is open comes to its end.
"""

from collections.abc import Callable, Sequence
from math import ceil

import simpy

from sim.behaviour.coefficients import coefficients
from sim.behaviour.consumers import Consumers
from sim.policy.cast import PolicyCast, cast_policies
from sim.policy.keyed import KeyedRng
from sim.processes.clock import run
from sim.processes.day import Day
from sim.processes.ending import Ending
from sim.processes.fulfilment import open_fulfilment
from sim.processes.latent import FutureDemand, LatentTruth
from sim.processes.marketing import Marketing
from sim.processes.scene import Scene
from sim.processes.serving import Serving
from sim.processes.shows import Shows
from sim.processes.supply import open_supply
from sim.processes.triggers import Triggers
from sim.record.recorder import Record
from sim.record.replication import Replication
from sim.scenario.scenario import Scenario
from sim.schema.clock import MINUTES_PER_DAY
from sim.world.build import build_world
from sim.world.state import Rows
from sim.world.streams import key64
from sim.world.view import catalogue_view
from sim.world.world import World

Progress = Callable[[float], None]
MOST_EXPOSURE = 20_000_000
"""Exposure counters at most: with more contents and days, a bucket spans several days."""


def play(
    scenario: Scenario, replication: int, trusted: Sequence[str] = (), progress: Progress | None = None
) -> Replication:
    """Simulate one replication from the first visit to the last open order.

    Parameters
    ----------
    trusted : sequence of str
        Modules whose policies may be imported.
    progress : callable or None
        Told once per simulated day which share of the simulated time is done.

    Raises
    ------
    InvariantError
        Where a law of the world is broken.
    PolicyError
        Where neither a policy nor its fallback can serve.
    """
    world = build_world(scenario, replication)
    policies = cast_policies(scenario.policies, trusted)
    return tell(world, policies, lambda: _twin(scenario, replication, trusted), progress)


def tell(
    world: World, policies: PolicyCast, twin: Callable[[], FutureDemand], progress: Progress | None = None
) -> Replication:
    """Put everybody in their place, let the clock run, and return what is left behind."""
    scenario = world.scenario
    bucket_days = exposure_bucket(world)
    c = coefficients(scenario, bucket_days=bucket_days)
    consumers = _consumers(world, c, bucket_days)
    record = Record(world, consumers.take_acts)
    record.reads_comments = policies.recommender.reads_comments
    scene = Scene(simpy.Environment(), world, record)

    release = open_fulfilment(scene, consumers, policies.allocation, policies.routing)
    supply = open_supply(scene, policies.inventory, release)
    triggers = Triggers(scene.env, supply.review)
    shows = Shows(scene, consumers, c, triggers, policies.showcase)
    ending = Ending(scene, record, release, shows, progress)
    marketing = Marketing(scene, consumers, c, policies.marketing)
    closings = (marketing.close_day, supply.close_day, ending.check_laws)
    Day(scene, consumers, c, policies.pricing, shows, marketing, closings)

    truth = LatentTruth(world, c, twin)
    policies.recommender.reveal(truth)
    policies.inventory.reveal(truth)
    catalogue = catalogue_view(world)
    policies.recommender.begin(KeyedRng(key64(scenario.seed, world.replication, "recommender")), catalogue)
    serving = Serving(
        scenario, world.truth, consumers, policies.recommender, catalogue, record.behaviour_log, record.slates
    )

    events = run(scene.env, consumers, serving, release, triggers, ending.finished)
    return ending.replication(consumers, bucket_days, policies.faults, events)


def exposure_bucket(world: World) -> int:
    """Return how many days a bucket of the exposure counters spans: one, unless there are very many contents."""
    return 1 + _days(world) * len(world.truth.contents) // MOST_EXPOSURE


def _days(world: World) -> int:
    return ceil(world.scenario.horizon / MINUTES_PER_DAY)


def _consumers(world: World, c: Rows, bucket_days: int) -> Consumers:
    days = _days(world)
    places = world.scenario.serving.slate_size
    return Consumers(world.truth, c, world.key, days=days, buckets=-(-days // bucket_days), places=places)


def _twin(scenario: Scenario, replication: int, trusted: Sequence[str]) -> FutureDemand:
    """Play the same world with endless stock, and return what it wanted."""
    endless = scenario.model_copy(
        update={
            "stock": scenario.stock.model_copy(update={"opening": "units", "amount": ENDLESS}),
            "policies": scenario.policies.model_copy(
                update={"inventory": scenario.policies.inventory.model_copy(update={"kind": "none", "with_": {}})}
            ),
        }
    )
    return FutureDemand.of(play(endless, replication, trusted).world)


ENDLESS = 1_000_000.0
"""Units per offer: more than anybody buys."""
