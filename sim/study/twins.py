"""Twin worlds: the replications of a run once more, with the recommenders that head and foot every table.

A twin is a run like any other, in a folder of its own: it is simulated by the same workers, goes on where it was
stopped, and is shared by all arms that differ in the recommender alone; an arm that is a twin of the others is played
once.  So twins determine nothing of the run beside them, and have no part in its name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from sim.metrics.twins import REFERENCES, against_twins
from sim.scenario.scenario import Scenario
from sim.study.prepare import Plan, prepare
from sim.study.run import RunResult


@dataclass(frozen=True, slots=True)
class Together:
    """Runs and the twin worlds they are held against.

    Attributes
    ----------
    plans : tuple of Plan
        All to simulate, each world once: the runs as they were asked for, then the twins that are none of them.
    twins : tuple of tuple of str
        For each run the hashes of its twins, in the order of `REFERENCES`.
    """

    plans: tuple[Plan, ...]
    twins: tuple[tuple[str, ...], ...]

    def judge(self, results: Sequence[RunResult]) -> list[RunResult]:
        """Return the runs' results with the KPIs that twins tell, which are written beside their replications too.

        Parameters
        ----------
        results : sequence of RunResult
            Of `plans`, in order.
        """
        found = {result.plan.hash: result for result in results}
        return [
            _judge(result, [found[name] for name in twins])
            for result, twins in zip(results, self.twins, strict=False)  # the runs come first
        ]


def with_twins(plans: Sequence[Plan]) -> Together:
    """Return what to simulate so that every run can be held against its twins."""
    twins = [[twin(plan, kind) for kind in REFERENCES] for plan in plans]
    there = {plan.hash for plan in plans}
    others = {one.hash: one for pair in twins for one in pair if one.hash not in there}
    return Together((*plans, *others.values()), tuple(tuple(one.hash for one in pair) for pair in twins))


def twin(plan: Plan, kind: str) -> Plan:
    """Return the run of the same worlds with another recommender; of its events nothing is kept."""
    loaded = replace(plan.loaded, scenario=_with_recommender(plan.scenario, kind))
    return prepare(loaded, plan.folder.path.parent, plan.trusted, f"twin {kind}")


def _with_recommender(scenario: Scenario, kind: str) -> Scenario:
    """Swap the recommender as ``--vary`` does; what ships needs no process of its own."""
    block = scenario.policies.recommender.model_copy(update={"kind": kind, "with_": {}, "isolate": None})
    policies = scenario.policies.model_copy(update={"recommender": block})
    return scenario.model_copy(update={"policies": policies, "record": "off"})


def _judge(result: RunResult, twins: Sequence[RunResult]) -> RunResult:
    rows = dict(zip(REFERENCES, (one.rows for one in twins), strict=True))
    told = against_twins(result.rows, rows)
    result.plan.folder.write_twins(told)
    overall = told[told["dimension"] == ""].pivot(index="replication", columns="name", values="value")
    kpis = result.kpis.join(overall)
    plans = tuple(one.plan for one in twins)
    return replace(result, rows=pd.concat([result.rows, told], ignore_index=True), kpis=kpis, twins=plans)
