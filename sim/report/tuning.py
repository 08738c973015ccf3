"""What a search for parameters found, for the terminal and as plain values."""

from collections.abc import Iterator
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from sim.metrics import DEFINITIONS
from sim.report.answer import answer
from sim.report.figures import count, figure, plus_minus, shown_unit
from sim.report.notes import faults
from sim.report.plain import compare_json, run_json
from sim.report.terminal import Screen
from sim.study.compare import compare
from sim.study.run import RunResult
from sim.study.statistics import Estimate, estimate, paired
from sim.study.tune import FINALISTS, MORE_WORLDS, Tuned
from sim.study.tune_given import given_values
from sim.study.tune_goal import BROKEN, HOLDS, Constraint
from sim.study.tune_space import Setting, values_at

NAMES = ("best", "second", "third")


def show_tuning(tuned: Tuned, noted: bool = True) -> None:
    """Print the chosen setting, its rivals and the scenario as given; the answer; and how it was found."""
    screen = Screen()
    scenario = tuned.tuning.given.scenario
    tried, worlds = count(tuned.tried, "setting"), count(scenario.replications, "replication")
    screen.show(Text(f"{scenario.name}  {tried} tried  {worlds}  {tuned.tuning.place}", style="bold"))
    screen.show(settings_table(tuned, screen.frame))
    screen.show(Text(said(tuned), style="bold"))
    for line in notes(tuned) if noted else ():
        screen.show(Text(line, style="dim"))


def settings_table(tuned: Tuned, frame: box.Box | None) -> Table:
    """Return a row per setting: its values, the KPI and how far it is from the best's, and each bound."""
    goal, given = tuned.tuning.goal, tuned.tuning.given.scenario
    table = Table(box=frame, pad_edge=False, show_edge=False, padding=(0, 0 if frame else 1, 0, 0))
    unit = shown_unit(_unit(goal.kpi), given.currency)
    table.add_column(Text("setting"), no_wrap=True)
    for name in (*_keys(tuned), f"{goal.kpi} {unit}", "± 95 %", "to best", "± 95 %"):
        table.add_column(Text(name), justify="right", no_wrap=True)
    for one in goal.constraints:
        table.add_column(Text(str(one)), no_wrap=True)
    rows = zip(NAMES, tuned.settings, (tuned.best, *tuned.rivals), strict=False)
    for name, setting, result in rows:
        table.add_row(*map(Text, (name, *_values(tuned, setting), *_cells(tuned, result))))
    table.add_row(*map(Text, ("as given", *_given_values(tuned), *_cells(tuned, tuned.given))))
    return table


def said(tuned: Tuned) -> str:
    """Return what the chosen setting gains, and whether its bounds hold, in a sentence each."""
    goal, label = tuned.tuning.goal, _label(tuned)
    told = answer(goal.kpi, compare([tuned.given, tuned.best]), "the scenario as given", label)
    bounds = [f"{one} {_verb(_verdict(tuned.best, one))} ({_shown(tuned.best, one)})" for one in goal.constraints]
    if not tuned.holds:
        return f"No setting tried keeps {_bounds(tuned)}. The closest: {label}, where {'; '.join(bounds)}."
    return " ".join([told, *(f"{bound}." for bound in bounds)])


def unanswered(tuned: Tuned) -> str:
    """Return why there is no answer; empty where there is one."""
    broken = [one for one in tuned.tuning.goal.constraints if _verdict(tuned.best, one) == BROKEN]
    if tuned.holds and not broken:
        return ""
    if tuned.holds:
        return f"in fresh worlds {_label(tuned)} clearly breaks {', '.join(map(str, broken))}"
    return f"no setting tried keeps {_bounds(tuned)}"


def notes(tuned: Tuned) -> Iterator[str]:
    """Yield how it was found, what was refused, what failed, and how to go on."""
    n = tuned.tuning.replications
    yield (
        f"Settings were compared in up to {count(n, 'world')} of another seed, the best {FINALISTS} in "
        f"{MORE_WORLDS * n}. The figures are from the scenario's own worlds, which the search never saw: their "
        "intervals owe nothing to luck in being chosen."
    )
    if n == 1:
        yield "One replication tells no interval: ask for more with --replications."
    yield from _at_an_end(tuned)
    if tuned.refused:
        yield f"The scenario refuses {count(tuned.refused, 'setting')}, the first: {tuned.refusal}"
    for result in (tuned.best, tuned.given):
        for line in faults(result):
            yield f"{result.plan.label}: {line}"
    yield f"Next: {_next(tuned)}"


def tuning_json(tuned: Tuned) -> dict[str, Any]:
    """Return all of it as plain values; what is missing is null."""
    tuning = tuned.tuning
    goal = tuning.goal
    return {
        "scenario": tuning.given.scenario.name,
        "hash": tuning.hash,
        "replications": tuning.replications,
        "sampler": tuning.sampler,
        "tried": tuned.tried,
        "refused": tuned.refused,
        "objective": {"kpi": goal.kpi, "direction": "minimise" if goal.down else "maximise"},
        "feasible": not unanswered(tuned),
        "parameters": values_at(tuning.space, tuned.settings[0]),
        "constraints": [_constraint(tuned.best, one) for one in goal.constraints],
        "kpis": run_json(tuned.best)["kpis"],
        "given": run_json(tuned.given),
        "comparisons": _comparisons(tuned, tuned.given, tuned.best),
        "rivals": [
            _rival(tuned, setting, result) for setting, result in zip(tuned.settings[1:], tuned.rivals, strict=True)
        ],
        "answer": said(tuned),
    }


def _next(tuned: Tuned) -> str:
    """Return the command that runs what was found, with what it needs besides."""
    plan = tuned.best.plan
    trust = (f" --allow-host {one[2:]}" if one.startswith("//") else f" --trust {one}" for one in plan.trusted)
    tables = " --data FOLDER, where its tables lie" if plan.scenario._inputs else ""
    return f"sim run {tuned.tuning.place / 'best.yaml'}{''.join(trust)}{tables}"


def _at_an_end(tuned: Tuned) -> Iterator[str]:
    for key, one, number in zip(_keys(tuned), tuned.tuning.space, tuned.settings[0], strict=True):
        if one.ordered and number in (0, len(one.values) - 1):
            yield f"{key}={one.values[number]} is the end of its range: beyond it may be better."


def _rival(tuned: Tuned, setting: Setting, result: RunResult) -> dict[str, Any]:
    goal = tuned.tuning.goal
    kpis = run_json(result)["kpis"]
    return {
        "parameters": values_at(tuned.tuning.space, setting),
        "kpis": {name: kpis[name] for name in goal.names if name in kpis},
        "constraints": [_constraint(result, one) for one in goal.constraints],
        "comparisons": _comparisons(tuned, tuned.best, result),
    }


def _comparisons(tuned: Tuned, a: RunResult, b: RunResult) -> list[dict[str, Any]]:
    """Return B against A on the KPIs of the goal."""
    found: list[dict[str, Any]] = compare_json([a], compare([a, b], tuned.tuning.goal.names), ())["comparisons"]
    return [one for one in found if one["kpi"] in tuned.tuning.goal.names]


def _constraint(result: RunResult, one: Constraint) -> dict[str, Any]:
    bound = {"kpi": one.kpi, "sign": one.sign, "bound": one.bound}
    return {**bound, **run_json(result)["kpis"].get(one.kpi, {}), "verdict": _verdict(result, one)}


def _cells(tuned: Tuned, result: RunResult) -> list[str]:
    goal, unit = tuned.tuning.goal, _unit(tuned.tuning.goal.kpi)
    found = _estimate(result, goal.kpi)
    cells = [figure(found.mean, found.half_width, unit), plus_minus(found.mean, found.half_width, unit), "", ""]
    if result is not tuned.best and goal.kpi in result.kpis and goal.kpi in tuned.best.kpis:
        apart = paired(tuned.best.kpis[goal.kpi], result.kpis[goal.kpi]).difference
        sign = "+" if apart.mean > 0 else ""
        cells[2] = f"{sign}{figure(apart.mean, apart.half_width, unit)}"
        cells[3] = plus_minus(apart.mean, apart.half_width, unit)
    return [*cells, *(f"{_shown(result, one)}  {_verdict(result, one)}" for one in goal.constraints)]


def _keys(tuned: Tuned) -> list[str]:
    """Return the last part of each key; the whole where two would read alike."""
    keys = [one.key for one in tuned.tuning.space]
    short = [key.rpartition(".")[2] for key in keys]
    return short if len(set(short)) == len(keys) else keys


def _label(tuned: Tuned) -> str:
    pairs = zip(_keys(tuned), _values(tuned, tuned.settings[0]), strict=True)
    return ", ".join(f"{key}={value}" for key, value in pairs)


def _values(tuned: Tuned, setting: Setting) -> list[str]:
    return [str(value) for value in values_at(tuned.tuning.space, setting).values()]


def _given_values(tuned: Tuned) -> list[str]:
    return ["" if value is None else str(value) for value in given_values(tuned.tuning.given, tuned.tuning.space)]


def _verdict(result: RunResult, one: Constraint) -> str:
    return one.verdict(_estimate(result, one.kpi))


def _verb(verdict: str) -> str:
    """Return what a sentence says for a verdict."""
    return verdict if verdict.startswith(HOLDS) else f"is {verdict}"


def _shown(result: RunResult, one: Constraint) -> str:
    found, unit = _estimate(result, one.kpi), _unit(one.kpi)
    shown = shown_unit(unit, result.plan.scenario.currency)
    spread = f" ± {plus_minus(found.mean, found.half_width, unit)}" if found.n > 1 else ""
    return f"{figure(found.mean, found.half_width, unit)}{spread} {shown}".rstrip()


def _bounds(tuned: Tuned) -> str:
    return " and ".join(map(str, tuned.tuning.goal.constraints))


def _estimate(result: RunResult, kpi: str) -> Estimate:
    return estimate(result.kpis[kpi]) if kpi in result.kpis else estimate([])


def _unit(kpi: str) -> str:
    return DEFINITIONS[kpi].unit
