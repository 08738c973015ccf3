"""Simulated orders held against real ones."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

import pandas as pd

from sim.data import habits, journeys
from sim.data.fact import Fact
from sim.data.orders import counted_window, real_orders, simulated_orders
from sim.record.folder import RunFolder
from sim.scenario.load import Loaded
from sim.scenario.scenario import Scenario
from sim.study.locate import located


def against(orders: Sequence[pd.DataFrame] | RunFolder, scenario: Scenario) -> pd.DataFrame:
    """Return what the simulated orders have in common with the scenario's ``real`` ones, and where they differ.

    Parameters
    ----------
    orders : sequence of DataFrame, or RunFolder
        A replication's orders each (`sim.record.order_table`), or where all that the scenario asks for are kept.

    Returns
    -------
    DataFrame
        A row per fact (`sim.data.fact.Fact`): fact, key, unit, real, simulated, measure, distance, tolerance, within
        (True, False, None).  Those with a tolerance come first.

    Raises
    ------
    SimError
        Where the real table, or a replication's orders, cannot be read.
    """
    frames = _kept(orders, scenario) if isinstance(orders, RunFolder) else orders
    real, simulated = real_orders(scenario), simulated_orders(frames, scenario)
    found = list(_facts(real, simulated, scenario))
    rows = pd.DataFrame([asdict(fact) for fact in found])
    rows["within"] = pd.Series([fact.within for fact in found], dtype=object)
    return rows


def check_real(loaded: Loaded) -> None:
    """Read the real orders, where the scenario names any, before anything is simulated.

    Raises
    ------
    ScenarioError
        Where they cannot be read, with the place in the scenario's file.
    """
    if loaded.scenario.real is not None:
        with located(loaded):
            real_orders(loaded.scenario)


def _facts(real: pd.DataFrame, simulated: pd.DataFrame, scenario: Scenario) -> Iterator[Fact]:
    yield from journeys.transit_medians(real, simulated)
    yield habits.hour_profile(real, simulated)
    yield habits.prices(real, simulated, scenario.currency)
    yield from journeys.transit(real, simulated)
    yield from journeys.waits(real, simulated)
    yield journeys.lateness(real, simulated)
    yield from journeys.stars(real, simulated)
    yield from habits.sellers(real, simulated)
    yield habits.weekday_profile(real, simulated, counted_window(scenario))


def _kept(folder: RunFolder, scenario: Scenario) -> Iterator[pd.DataFrame]:
    """Yield the orders of one replication after the other."""
    for number in range(scenario.replications):
        yield folder.events("orders", number)
