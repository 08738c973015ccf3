"""The ``sim`` command: parse, call, print.  What is heavy is imported by the command that needs it."""

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim import __version__
from sim.errors import ScenarioError, SimError

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.scenario.load import Arm, Loaded
    from sim.study.prepare import Plan
    from sim.study.run import RunResult

FAILED, USAGE, INTERRUPTED = 1, 2, 130

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Simulate a livestream-commerce supply chain: what is shown, what is stocked, and what comes of it.",
    epilog="Start with: sim run quickstart",
)

World = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A path, or the name of one that ships, such as quickstart.")
]
Sets = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Set a value of the scenario.")]
Vary = Annotated[
    list[str] | None,
    typer.Option(metavar="KEY=A,B", help="A seam's policies, or values of any key; several cross."),
]
Twins = Annotated[
    bool, typer.Option("--twins", help="Hold it against the same worlds with recommender random, and with oracle.")
]
Kpi = Annotated[str, typer.Option(metavar="NAME", help="What the answer is about.")]
Seed = Annotated[str | None, typer.Option(metavar="N", help="Instead of the scenario's.")]
Replications = Annotated[str | None, typer.Option(metavar="N", help="Instead of the scenario's.")]
Workers = Annotated[str | None, typer.Option(metavar="N", help="Processes.  [default: one per processor]")]
Data = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where the scenario's tables lie.")]
Out = Annotated[Path, typer.Option(metavar="FOLDER", help="Where runs are kept.")]
Trust = Annotated[
    list[str] | None, typer.Option(metavar="MODULE", help="Allow the scenario to import a policy from this module.")
]
AllowHost = Annotated[
    list[str] | None, typer.Option(metavar="HOST", help="Allow a policy to talk to this machine, besides one's own.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no notes.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Every KPI with its meaning, and what is going on.")]
Traceback = Annotated[bool, typer.Option("--traceback", help="Where something fails, say where in the code.")]
RUNS = Path("runs")
MOST_DIGITS = 6


@dataclass(frozen=True)
class Asked:
    """What the commands that load a scenario have in common; ``called``: by key, the option that was no ``--set``."""

    scenario: str
    sets: tuple[str, ...]
    data: Path | None
    trust: tuple[str, ...] = ()
    called: Mapping[str, str] = field(default_factory=dict)

    def load(self, arm: "Arm | None" = None) -> "Loaded":
        """Load the scenario, with what an arm sets on top."""
        from sim.scenario.load import load

        if arm is None:
            return load(self.scenario, sets=self.sets, data=self.data, called=self.called)
        sets, called = (*self.sets, *arm.sets), {**self.called, **arm.called}
        return load(self.scenario, sets=sets, data=self.data, called=called)

    def plan(self, out: Path, arm: "Arm | None" = None) -> "Plan":
        """Return the run to make."""
        loaded = self.load(arm)  # before the heavy imports: a mistake is told at once
        from sim.study.prepare import named_modules, prepare

        named = named_modules((*self.sets, *(arm.sets if arm else ())))
        return prepare(loaded, out, (*self.trust, *named), arm.label if arm else "")


@app.command()
def run(
    scenario: World, sets: Sets = None, seed: Seed = None, replications: Replications = None, workers: Workers = None,
    data: Data = None, out: Out = RUNS, trust: Trust = None, allow_host: AllowHost = None, twins: Twins = False,
    as_json: AsJson = False, quiet: Quiet = False, verbose: Verbose = False, traceback: Traceback = False,
) -> None:  # fmt: skip
    """Simulate a world and print its KPIs with intervals."""
    with told(traceback):
        trusted, processes = _trusted(trust, allow_host), _whole("--workers", workers)
        asked = _asked(scenario, sets, data, trusted, seed, replications)
        plan = asked.plan(out)
        _check_real(plan.loaded)
        (result,) = _simulate([plan], processes, quiet, verbose, twins)
        facts = _against_real(plan)
        if as_json:
            from sim.report.against import against_json
            from sim.report.plain import dump, run_json

            held = {} if facts is None else {"against": against_json(facts)}
            typer.echo(dump({**run_json(result), **held}))
        else:
            from sim.report.against import show_against
            from sim.report.terminal import show_run

            show_run(result, everything=verbose, noted=not quiet)
            if facts is not None:
                show_against(facts, plan.scenario)


@app.command()
def compare(
    scenario: World, vary: Vary = None, kpi: Kpi = "gmv_net", sets: Sets = None, seed: Seed = None,
    replications: Replications = None, workers: Workers = None, data: Data = None, out: Out = RUNS,
    trust: Trust = None, allow_host: AllowHost = None, twins: Twins = False, as_json: AsJson = False,
    quiet: Quiet = False, verbose: Verbose = False, traceback: Traceback = False,
) -> None:  # fmt: skip
    """Tell which of two policies does better in the same worlds."""
    with told(traceback):
        trusted, processes = _trusted(trust, allow_host), _whole("--workers", workers)
        asked = _asked(scenario, sets, data, trusted, seed, replications)
        arms = _arms(asked, vary or [], out)
        from sim.report.answer import answers, check_kpi
        from sim.study.compare import compare as compared

        check_kpi(kpi, twins)
        results = _simulate(arms, processes, quiet, verbose, twins)
        comparisons = compared(results)
        said = answers(kpi, comparisons)
        if as_json:
            from sim.report.plain import compare_json, dump

            typer.echo(dump(compare_json(results, comparisons, said)))
        else:
            from sim.report.terminal import show_comparison

            show_comparison(results, comparisons, said, everything=verbose, noted=not quiet)


@app.command()
def tune(
    scenario: World,
    param: Annotated[
        list[str] | None, typer.Option(metavar="KEY=LOW:HIGH", help="Also :STEP or :log after it, or KEY=A,B,C.")
    ] = None,
    minimise: Annotated[str | None, typer.Option(metavar="KPI", help="What is to be low.")] = None,
    maximise: Annotated[str | None, typer.Option(metavar="KPI", help="What is to be high.")] = None,
    subject: Annotated[list[str] | None, typer.Option(metavar="KPI>=N", help="What must hold; also <=.")] = None,
    budget: Annotated[str, typer.Option(metavar="N", help="Settings to try at most.")] = "40",
    sampler: Annotated[str, typer.Option(metavar="plain|optuna", help="How they are chosen.")] = "plain",
    sets: Sets = None, seed: Seed = None, replications: Replications = None, workers: Workers = None,
    data: Data = None, out: Out = RUNS, trust: Trust = None, allow_host: AllowHost = None, as_json: AsJson = False,
    quiet: Quiet = False, traceback: Traceback = False,
) -> None:  # fmt: skip
    """Find the values of parameters that serve a KPI best."""
    with told(traceback):
        processes, most = _whole("--workers", workers), _whole("--budget", budget) or 1
        asked = _asked(scenario, sets, data, _trusted(trust, allow_host), seed, replications)
        from sim.study.tune_goal import goal
        from sim.study.tune_space import space

        wanted, searched = goal(minimise, maximise, subject or []), space(param or [])
        plan = asked.plan(out)
        from sim.report.progress import progress_bar
        from sim.report.tuning import show_tuning, tuning_json, unanswered
        from sim.study.prepare import check_out
        from sim.study.tune import Tuning
        from sim.study.tune_sampler import check_sampler

        tuning = Tuning(plan, asked.plan, searched, wanted, most, check_sampler(sampler), out)
        check_out(tuning.place)
        try:
            with _interruptible(), progress_bar(plan.scenario.name, tuning.jobs, quiet) as watch:
                tuned = tuning.run(processes, watch)
        except KeyboardInterrupt:
            typer.echo(f"Interrupted: what is simulated is kept in {tuning.place}; run again to go on.", err=True)
            raise
        answer = tuning_json(tuned)
        tuning.keep(tuned, answer)
        if as_json:
            from sim.report.plain import dump

            typer.echo(dump(answer))
        else:
            show_tuning(tuned, noted=not quiet)
        if why := unanswered(tuned):
            raise SimError("--subject", why)


@app.command()
def forecast(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="A CSV or Parquet table: item, date, units a row.")],
    method: Annotated[
        list[str] | None, typer.Option(metavar="NAME[,PARAMETER=VALUE]", help="See `sim policies forecasting`.")
    ] = None,
    horizon: Annotated[str, typer.Option(metavar="DAYS", help="How far ahead.")] = "14",
    season: Annotated[str, typer.Option(metavar="DAYS", help="After which demand repeats; 1: it does not.")] = "7",
    origins: Annotated[str, typer.Option(metavar="N", help="How often to forecast and be judged.")] = "8",
    columns: Annotated[list[str] | None, typer.Option(metavar="OURS=ITS", help="Where column names differ.")] = None,
    sales: Annotated[bool, typer.Option("--sales", help="A row is a single sale, not an item's day.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write what comes to a .csv or .parquet.")] = None,
    as_json: AsJson = False, quiet: Quiet = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="By class of demand, too.")] = False,
    traceback: Traceback = False,
) -> None:  # fmt: skip
    """Tell which method forecasts a table of demand best."""
    with told(traceback):
        numbers = {"--horizon": horizon, "--season": season, "--origins": origins}
        ahead, period, many = (_whole(option, text) or 1 for option, text in numbers.items())
        from sim.data.judging import judging
        from sim.report.forecasts import forecasts_json, show_forecasts
        from sim.report.progress import progress_bar

        asked = judging(data, method or [], columns or [], sales, (ahead, period, many), out)
        with progress_bar(data.name, len(asked.methods), quiet) as watch:
            scores = asked.scores(watch)
        if out is not None:
            from sim.data.forecast_table import forecast_table, write_forecasts

            write_forecasts(out, forecast_table(asked.panel, asked.methods, ahead))
        if as_json:
            from sim.report.plain import dump

            typer.echo(dump(forecasts_json(str(data), asked.panel, asked.plan, scores)))
        else:
            show_forecasts(str(data), asked.panel, asked.plan, scores, classes=verbose, noted=not quiet)


@app.command()
def evaluate(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="A CSV or Parquet table, or a run's folder.")],
    recommender: Annotated[
        list[str] | None, typer.Option(metavar="NAME[,PARAMETER=VALUE]", help="See `sim policies recommender`.")
    ] = None,
    split: Annotated[str, typer.Option(metavar="time|user", help="What is held out: each user's last, or users.")] = (
        "time"
    ),
    share: Annotated[str, typer.Option(metavar="SHARE", help="How much of it.")] = "0.2",
    k: Annotated[str, typer.Option("--k", metavar="N", help="Places of a list.")] = "10",
    relevant: Annotated[str, typer.Option(metavar="RATING", help="From which on an item is relevant.")] = "4",
    columns: Annotated[list[str] | None, typer.Option(metavar="OURS=ITS", help="Where column names differ.")] = None,
    seed: Annotated[str, typer.Option(metavar="N", help="Of what is drawn.")] = "7",
    allow_host: AllowHost = None, as_json: AsJson = False, quiet: Quiet = False, traceback: Traceback = False,
) -> None:  # fmt: skip
    """Judge recommenders on a log, without simulating."""
    with told(traceback):
        places, drawn = _whole("--k", k) or 1, _whole("--seed", seed) or 1
        from sim.offline.asked import evaluation, options
        from sim.report.evaluation import evaluation_json, show_evaluation
        from sim.report.progress import progress_bar

        how = options(split, share, places, relevant, drawn)
        hosts = _trusted(None, allow_host)
        asked = evaluation(log, recommender or ["item_knn"], columns or [], how, hosts)
        with progress_bar(log.name, len(asked.policies), quiet) as watch:
            judged = asked.judged(watch)
        if as_json:
            from sim.report.plain import dump

            typer.echo(dump(evaluation_json(asked, judged)))
        else:
            show_evaluation(asked, judged, noted=not quiet)


@app.command()
def validate(
    scenario: World, sets: Sets = None, data: Data = None, as_json: AsJson = False, traceback: Traceback = False
) -> None:
    """Check a scenario without simulating it."""
    with told(traceback):
        loaded = Asked(scenario, tuple(sets or ()), data).load()
        from sim.report.plain import dump
        from sim.report.summary import summary, summary_line
        from sim.study.prepare import check_without_import

        foreign = check_without_import(loaded)
        _check_real(loaded)
        about = summary(loaded.scenario)
        typer.echo(dump(about) if as_json else summary_line(about))
        for kind in foreign:
            typer.echo(f"{kind} was not checked: it is imported only by `sim run ... --trust`", err=True)


@app.command()
def schema() -> None:
    """Print the JSON schema of scenarios, for editors."""
    from sim.report.plain import dump
    from sim.scenario.load import schema_json

    typer.echo(dump(schema_json()))


@app.command()
def policies(
    seam: Annotated[str | None, typer.Argument(help="Only this seam's.")] = None, as_json: AsJson = False,
    traceback: Traceback = False,
) -> None:  # fmt: skip
    """Print what can be named at each seam, with parameters."""
    with told(traceback):
        from sim.report.policies import chosen, listing_json, show_policies

        found = chosen(seam)
        if as_json:
            from sim.report.plain import dump

            typer.echo(dump(listing_json(found)))
        else:
            show_policies(found)


@app.command()
def new(name: Annotated[str, typer.Argument(help="Writes NAME.yaml here.")], traceback: Traceback = False) -> None:
    """Write a commented scenario to start from."""
    with told(traceback):
        from sim.scenario.load import starter

        path = Path(f"{name}.yaml")
        text = starter(name)
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            raise ScenarioError(str(path), "is there already", "Choose another name.") from None
        typer.echo(f"{path} written.  Next: sim run {path}")


@app.callback()
def command(
    version: Annotated[
        bool,
        typer.Option("--version", callback=lambda asked: _version(asked), is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Take what stands before the command's name."""


@contextmanager
def told(traceback: bool) -> Iterator[None]:
    """Tell an error in one line and leave with its exit code: a user's mistake never shows a traceback."""
    try:
        yield
    except (typer.Exit, typer.BadParameter):
        raise
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        typer.echo(_everything(error) if traceback else _printable(_one_line(error)), err=True)
        raise typer.Exit(USAGE if isinstance(error, ScenarioError) else FAILED) from None


def _one_line(error: Exception) -> str:
    if isinstance(error, SimError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename or 'sim'}: {error.strerror or error}"
    return f"sim: {type(error).__name__}: {error}. Run again with --traceback to see where."


def _printable(line: str) -> str:
    """Escape what would break the line or steer a terminal: files and policies are anybody's."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line)


def _everything(error: Exception) -> str:
    from traceback import format_exception

    return "".join(format_exception(error))


def _trusted(modules: list[str] | None, hosts: list[str] | None) -> tuple[str, ...]:
    """Return what policies may reach: modules by name, hosts as ``//host``."""
    return (*(modules or ()), *(f"//{host}" for host in hosts or ()))


def _asked(
    scenario: str, sets: list[str] | None, data: Path | None, trust: tuple[str, ...], seed: str | None,
    replications: str | None,
) -> Asked:  # fmt: skip
    """Return what was asked for; ``--seed`` and ``--replications`` are short for settings."""
    short = {"seed": seed, "replications": replications}
    given = {key: value for key, value in short.items() if value is not None}
    more = (f"{key}={value}" for key, value in given.items())
    return Asked(scenario, (*(sets or ()), *more), data, trust, {key: f"--{key}" for key in given})


def _whole(option: str, text: str | None) -> int | None:
    """Return the number that an option gives, from 1."""
    if text is None:
        return None
    if text.isdecimal() and len(text) <= MOST_DIGITS and int(text) > 0:
        return int(text)
    if text.isdecimal() and text.strip("0"):
        raise ScenarioError(option, f"found {text}, allowed {10**MOST_DIGITS - 1:,} at most")
    raise ScenarioError(option, f"found {text!r}, allowed a whole number, 1 or more")


def _arms(asked: Asked, vary: list[str], out: Path) -> "list[Plan]":
    """Return one run per arm; all are checked before any is simulated."""
    if not vary:
        raise ScenarioError("--vary", "there is nothing to compare", "As in --vary recommender=popularity,item_knn.")
    from sim.scenario.load import arms
    from sim.scenario.load import vary as parsed

    return [asked.plan(out, arm) for arm in arms([parsed(text) for text in vary])]


def _simulate(
    asked: "list[Plan]", workers: int | None, quiet: bool, verbose: bool, twins: bool = False
) -> "list[RunResult]":
    """Simulate what is missing, with a bar on stderr; where Ctrl-C is pressed, say what is kept."""
    from sim.report.progress import progress_bar
    from sim.study.prepare import check_out
    from sim.study.run import missing, run, workers_for
    from sim.study.twins import with_twins

    together = with_twins(asked) if twins else None
    plans = together.plans if together else asked
    todo = len(missing(plans))
    if todo:
        check_out(plans[0].folder.path)
    if verbose:
        for plan in plans:
            typer.echo(f"{plan.label or plan.scenario.name}: {plan.folder.path}", err=True)
    try:
        with _interruptible(), progress_bar(plans[0].scenario.name, todo, quiet) as watch:
            results = run(plans, workers_for(plans, workers), watch)
    except KeyboardInterrupt:
        left = len(missing(plans))
        typer.echo(f"Interrupted: {todo - left} of {todo} replications are kept; run again to go on.", err=True)
        raise
    return together.judge(results) if together else results


def _check_real(loaded: "Loaded") -> None:
    """Refuse real orders that cannot be read, before anything is simulated."""
    if loaded.scenario.real is not None:
        from sim.data.against import check_real

        check_real(loaded)


def _against_real(plan: "Plan") -> "DataFrame | None":
    """Return how the simulated orders compare with the scenario's real ones; None where it names none."""
    if plan.scenario.real is None:
        return None
    from sim.data.against import against

    return against(plan.folder, plan.scenario)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"streamstock {__version__}")
        raise typer.Exit


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C raise `KeyboardInterrupt` in the body: there is something to keep."""
    if signal.getsignal(signal.SIGINT) is not _leave:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, _leave)


def _leave(*_: object) -> None:
    """End at once: an exception that is raised while modules are imported may get lost."""
    os._exit(INTERRUPTED)


def main() -> None:
    """Run the command."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
    app()


if __name__ == "__main__":
    main()
