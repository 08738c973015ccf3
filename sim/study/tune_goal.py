"""What a search is after: one KPI as low or as high as it gets, while others keep their bounds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, isnan

from sim.errors import ScenarioError
from sim.metrics import MEASURED
from sim.scenario.document import dotted
from sim.scenario.shown import nearest
from sim.study.statistics import Estimate

_FORM = re.compile(r"\s*(\w+)\s*(>=|<=)\s*(\S+)\s*")
_EXAMPLE = "As in --subject 'fill_rate>=0.97'."

HOLDS, HOLDS_UNCLEAR, BROKEN_UNCLEAR, BROKEN, MISSING = (
    "holds", "holds, not clearly", "broken, not clearly", "broken", "missing",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Constraint:
    """A bound on a KPI's mean: ``sign`` is ``>=`` or ``<=``."""

    kpi: str
    sign: str
    bound: float

    def __str__(self) -> str:
        return f"{self.kpi}{self.sign}{self.bound:.15g}"

    def excess(self, mean: float) -> float:
        """Return by how much a mean breaks the bound, relative to it; 0 where it holds, inf for a missing mean."""
        if isnan(mean):
            return inf
        beyond = self.bound - mean if self.sign == ">=" else mean - self.bound
        return max(0.0, beyond) / (abs(self.bound) or 1.0)

    def verdict(self, found: Estimate) -> str:
        """Return whether the bound holds, and whether the whole interval says so."""
        if not found.n:
            return MISSING
        clear = abs(found.mean - self.bound) >= found.half_width  # never with one replication: no half-width
        if self.excess(found.mean) == 0:
            return HOLDS if clear else HOLDS_UNCLEAR
        return BROKEN if clear else BROKEN_UNCLEAR


@dataclass(frozen=True, slots=True)
class Goal:
    """The KPI to push, which way, and what must hold meanwhile."""

    kpi: str
    down: bool
    constraints: tuple[Constraint, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The KPIs it looks at, each once."""
        return tuple(dict.fromkeys((self.kpi, *(one.kpi for one in self.constraints))))

    @property
    def option(self) -> str:
        """What the command line calls it."""
        return f"--{'minimise' if self.down else 'maximise'} {self.kpi}"

    def cost(self, means: Mapping[str, float]) -> float:
        """Return the KPI's mean, turned so that less is better; NaN where it is missing."""
        mean = means.get(self.kpi, float("nan"))
        return mean if self.down else -mean

    def excess(self, means: Mapping[str, float]) -> float:
        """Return by how much all bounds are broken together; 0 where they hold."""
        return sum(one.excess(means.get(one.kpi, float("nan"))) for one in self.constraints)

    def rank(self, means: Mapping[str, float]) -> tuple[float, float]:
        """Return what sorts settings, the best first: those that hold by cost, the others by how far they are off.

        Where the KPI is missing, nothing can be said for a setting: it comes last.

        References
        ----------
        Deb (2000), An efficient constraint handling method for genetic algorithms, section 3: feasible before
        infeasible, and no weight to choose.
        """
        cost = self.cost(means)
        return (inf, inf) if isnan(cost) else (self.excess(means), cost)


def goal(minimise: str | None, maximise: str | None, subject: Sequence[str]) -> Goal:
    """Parse ``--minimise`` or ``--maximise``, and every ``--subject``.

    Raises
    ------
    ScenarioError
    """
    if (minimise is None) == (maximise is None):
        found = "neither is given" if minimise is None else "both are given"
        raise ScenarioError("--minimise, --maximise", f"{found}, allowed one", "As in --minimise cost_total.")
    name = str(minimise if maximise is None else maximise)
    _check_kpi(f"--{'minimise' if maximise is None else 'maximise'}", name)
    return Goal(name, maximise is None, tuple(constraint(text) for text in subject))


def constraint(text: str) -> Constraint:
    """Parse ``KPI>=number`` or ``KPI<=number``.

    Raises
    ------
    ScenarioError
    """
    where = f"--subject {dotted((text,))}"
    found = _FORM.fullmatch(text)
    if found is None:
        raise ScenarioError(where, "is not of the form KPI>=number or KPI<=number", _EXAMPLE)
    kpi, sign, number = found.groups()
    _check_kpi(where, kpi)
    try:
        bound = float(number)
    except ValueError:
        bound = float("nan")
    if not isfinite(bound):
        raise ScenarioError(where, f"found {number!r}, allowed a number", _EXAMPLE)
    if MEASURED[kpi].unit == "share" and not 0 <= bound <= 1:
        raise ScenarioError(where, f"{kpi} is a share, found {number}, allowed 0 to 1", _EXAMPLE)
    return Constraint(kpi, sign, bound)


def _check_kpi(where: str, name: str) -> None:
    if name not in MEASURED:
        raise ScenarioError(where, f"no KPI {name!r}", nearest(name, MEASURED))
