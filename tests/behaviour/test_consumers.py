"""The consumers as the rest of the world meets them: what they may be asked, and what they promise."""

import numpy as np
import pytest
import simpy

from sim.behaviour.arrivals import day_arrivals
from sim.behaviour.consumers import Consumers, Pause
from sim.behaviour.crowd import ARRIVAL_ROW
from sim.errors import InvariantError
from sim.policy.keyed import KeyedRng
from sim.processes.clock import run
from sim.processes.serving import Serving
from sim.world.state import NEVER, Rows
from tests.behaviour.shelf import Shelf
from tests.oracle.outcome import behaviour_log, no_acts
from tests.oracle.recommenders import BySales
from tests.oracle.worlds import DAY, SECOND, SLOW, small_world


def consumers(days: int = 1, seed: int = 3) -> Consumers:
    world = small_world(seed)
    return Consumers(world.truth, world.c, world.key, days=days, buckets=days, places=10)


def arrivals(*times: int) -> Rows:
    rows = np.zeros(len(times), ARRIVAL_ROW)
    rows["time"] = times
    rows["room"] = rows["query"] = -1
    return rows


@pytest.mark.parametrize("grid", [SECOND, SLOW, 7 * SLOW])
def test_arrivals_on_a_coarse_grid_stay_in_their_day(grid):
    """Rounding up must not carry the last into the next day, which begins without them."""
    world = small_world(1, grid, consumers=400)
    late = np.zeros((1, 24))
    late[0, 23] = 1.0
    rows = day_arrivals(
        world.truth.consumers, world.c, world.key, day=3, factor=10.0, hours=late,
        surfaces=np.ones((1, 3)), categories=np.zeros((1, 16), np.float32), hour_of_start=0.0,
    )  # fmt: skip
    assert len(rows) > 5000
    assert (rows["time"] % grid == 0).all()
    assert rows["time"].max() < 4 * DAY


def test_with_nobody_about_nothing_is_next():
    nobody = consumers()
    assert nobody.next_time == NEVER
    assert nobody.advance(5 * DAY) is Pause.DONE
    assert nobody.now == 5 * DAY


def test_acts_are_told_in_order_of_time_and_none_before_it_happened():
    """Whenever they are asked for; and however often, they are the same."""
    told = [no_acts()]

    def look(consumers: Consumers) -> None:
        for chunk in consumers.take_acts():
            assert (chunk["time"] < consumers.now).all()
            told.append(chunk)

    Shelf([2.0, 2.0, 2.0], n=300).visit([0, 1, 2], every=1 << 20, look=look)
    in_steps, at_once = np.concatenate(told), Shelf([2.0, 2.0, 2.0], n=300).visit([0, 1, 2])
    assert (np.diff(in_steps["time"]) >= 0).all()
    for column in ("time", "session", "content", "act", "position"):
        assert in_steps[column].tolist() == at_once[column].tolist()


def test_a_new_days_arrivals_join_those_still_to_come():
    some = consumers(days=2)
    some.come(arrivals(DAY - 1, DAY - 1))
    some.advance(1000)
    some.come(arrivals(DAY + 5))
    assert some.next_time <= DAY - 1
    still_to_come = some.crowd.arrivals
    assert still_to_come["time"].tolist() == [DAY - 1, DAY - 1, DAY + 5]
    assert still_to_come["session"].tolist() == [0, 1, 2]


def test_nobody_arrives_after_the_last_day():
    """Counters end there: a visit must not be counted in what lies behind them."""
    some = consumers(days=1)
    with pytest.raises(ValueError, match="after the last day"):
        some.come(arrivals(DAY))
    some.flock(arrivals(DAY - 1, DAY, DAY + 7))
    assert some.crowd.at["flashes"] == 1


def test_a_horizon_beyond_the_calendar_is_refused():
    with pytest.raises(OverflowError, match="days"):
        consumers(days=601)


def test_a_page_that_nobody_requested_stops_the_loop_instead_of_hanging_it():
    world = small_world(5)
    some = Consumers(world.truth, world.c, world.key, days=1, buckets=1, places=10)
    recommender = BySales()
    recommender.begin(KeyedRng(1), world.catalogue)
    serving = Serving(
        world.scenario, world.truth, some, recommender, world.catalogue, lambda at: behaviour_log(no_acts(), at)
    )
    some.come(arrivals(100))
    some.asked = lambda view, until: ()  # type: ignore[assignment,method-assign,return-value]
    env = simpy.Environment()
    with pytest.raises(InvariantError, match="nobody requested"):
        run(env, some, serving, None, None, env.timeout(10))  # type: ignore[arg-type]  # neither is reached
