"""What ``sim forecast`` is asked, checked as a whole before anything is forecast."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sim.data.demand_table import COLUMNS, demand_panel
from sim.data.forecast_table import check_place
from sim.errors import ScenarioError
from sim.policy.contain_forecasts import ContainedForecaster
from sim.study.backtest import Plan, Scores, backtest
from sim.study.demand_panel import DemandPanel
from sim.study.forecasters import USUAL, check_signals, forecasters
from sim.study.named import column_map
from sim.study.prepare import named_modules

MOST_HORIZON, MOST_SEASON, MOST_ORIGINS = 366, 366, 1000


@dataclass(frozen=True, slots=True)
class Judging:
    """A table, the methods to judge on it, and when they forecast."""

    panel: DemandPanel
    methods: Mapping[str, ContainedForecaster]
    plan: Plan

    def scores(self, watch: Callable[[int, float], None]) -> list[Scores]:
        """Judge one method after the other; ``watch`` hears which one, and the share that is done of it."""
        return [
            backtest(self.panel, name, method, self.plan, partial(watch, number))
            for number, (name, method) in enumerate(self.methods.items())
        ]


def judging(
    data: Path,
    methods: Sequence[str],
    columns: Sequence[str],
    sales: bool,
    when: tuple[int, int, int],
    out: Path | None,
) -> Judging:
    """Return what is to be judged.

    Parameters
    ----------
    methods : sequence of str
        As `sim.study.forecasters.forecasters` takes them; none: the usual ones.
    columns : sequence of str
        ``ours=its`` each, several between commas.
    when : (int, int, int)
        Horizon and season, days, and how many origins.

    Raises
    ------
    ScenarioError
        Where an option, the table, or both together are not possible.
    """
    horizon, season, origins = when
    for option, found, most in zip(
        ("--horizon", "--season", "--origins"), when, (MOST_HORIZON, MOST_SEASON, MOST_ORIGINS), strict=True
    ):
        if found > most:
            raise ScenarioError(option, f"found {found}, allowed {most} at most")
    if out is not None:
        check_place(out)
    named = column_map(columns, COLUMNS, "units=quantity")
    chosen = forecasters(methods or USUAL, season, named_modules(methods))
    panel = demand_panel(data, named, sales)
    check_signals(chosen, panel.views is not None)
    return Judging(panel, chosen, Plan.of(panel.days, horizon, season, origins))
