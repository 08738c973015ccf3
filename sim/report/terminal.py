"""Tables for the terminal: KPIs grouped, each with its half-width and n; plain where nobody looks at a screen."""

from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from sim.metrics import DEFINITIONS, headline
from sim.report.answer import ALPHA, short_labels
from sim.report.by_day import day_table
from sim.report.figures import MISSING, count, figure, p_value, percent, plus_minus, shown_unit, times
from sim.report.notes import faults, notes
from sim.study.compare import Comparison
from sim.study.run import RunResult
from sim.study.statistics import Estimate

Groups = Sequence[tuple[str, Sequence[str]]]
PLAIN_WIDTH = 160
"""Characters a line at most where the output goes to a file or a pipe: nothing is folded there."""
LEGEND = (
    "change: mean difference to the base, pair by pair of replications; p Holm: adjusted for the KPIs shown without "
    f"-v, bold below {ALPHA:g}; paired: how many times as many replications unpaired worlds would take."
)


def show_run(result: RunResult, everything: bool = False, noted: bool = True) -> None:
    """Print a run: its name, the headline KPIs (or all), and what must be known of them."""
    screen = Screen()
    screen.show(Text(_title(result), style="bold"))
    currency = result.plan.scenario.currency
    screen.show(kpi_table(result.estimates(), _groups(everything), currency, screen.frame, meanings=everything))
    if everything and (days := day_table(result.rows, screen.frame)):
        screen.show(days)
    for line in notes(result) if noted else ():
        screen.show(Text(line, style="dim"))


def show_comparison(
    arms: Sequence[RunResult],
    comparisons: Sequence[Comparison],
    said: Sequence[str],
    everything: bool = False,
    noted: bool = True,
) -> None:
    """Print a table and a sentence for each arm against the first, and how to read them."""
    screen = Screen()
    screen.show(Text(_title(arms[0]), style="bold"))
    labels = short_labels([arm.plan.label for arm in arms])
    currency = arms[0].plan.scenario.currency
    base = labels[0]
    for other, label, sentence in zip(arms[1:], labels[1:], said, strict=True):
        pair = [one for one in comparisons if one.b == other.plan.label]
        screen.show(Text(f"{label} against {base}, the base"))
        screen.show(comparison_table(pair, _groups(everything), currency, screen.frame))
        screen.show(Text(sentence, style="bold"))
    if noted:
        screen.show(Text(LEGEND, style="dim"))
    for arm, label in zip(arms, labels, strict=True):
        for line in faults(arm):
            screen.show(Text(f"{label}: {line}", style="dim"))


class Screen:
    """Where to print: with colours and frames on a terminal that wants them, plain in a file or a pipe.

    Attributes
    ----------
    frame : Box or None
        How tables are framed there.
    """

    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self.frame = box.SIMPLE_HEAD if self._console.is_terminal else None
        if not self._console.is_terminal:
            self._console = Console(highlight=False, width=PLAIN_WIDTH, color_system=None)

    def show(self, what: RenderableType) -> None:
        """Print; plain lines are not filled up with spaces."""
        if self._console.is_terminal:
            self._console.print(what)
            return
        with self._console.capture() as captured:
            self._console.print(what, soft_wrap=isinstance(what, Text))
        lines = captured.get().splitlines()
        self._console.out("\n".join(line.rstrip() for line in lines), highlight=False)


def kpi_table(
    estimates: Mapping[str, Estimate], groups: Groups, currency: str, frame: box.Box | None, meanings: bool = False
) -> Table:
    """Return mean, half-width and n of the KPIs, under their headings; and what each is, where that is asked for."""
    table = _table(frame, "KPI", "mean", "± 95 %", "n", "unit", *(["meaning"] if meanings else []))
    for heading, names in groups:
        _head(table, heading)
        for name in names:
            if name in estimates:
                one, unit = estimates[name], _unit(name)
                mean, half_width = figure(one.mean, one.half_width, unit), plus_minus(one.mean, one.half_width, unit)
                meaning = [Text(DEFINITIONS[name].meaning)] if meanings else []
                table.add_row(f"  {name}", mean, half_width, str(one.n), shown_unit(unit, currency), *meaning)
    return table


def comparison_table(pair: Sequence[Comparison], groups: Groups, currency: str, frame: box.Box | None) -> Table:
    """Return one pair's differences, those that stand after Holm in bold: see `LEGEND`.

    The number of pairs is told where it is not the same for all KPIs.
    """
    found = {one.kpi: one for one in pair}
    shown = [found[name].paired.difference.n for _, names in groups for name in names if name in found]
    counted = len({n for n in shown if n}) > 1
    table = _table(
        frame, "KPI", "base", "change", "± 95 %", *(["n"] if counted else []), "unit", "in %", "p Holm", "paired"
    )
    for heading, names in groups:
        _head(table, heading)
        for name in names:
            if name in found:
                style = "bold" if found[name].p_holm < ALPHA else ""
                table.add_row(*_comparison_cells(found[name], currency, counted), style=style)
    return table


def all_groups() -> Groups:
    """Return every KPI under its group."""
    groups: dict[str, list[str]] = {}
    for definition in DEFINITIONS.values():
        groups.setdefault(definition.group, []).append(definition.name)
    return list(groups.items())


def _groups(everything: bool) -> Groups:
    return all_groups() if everything else headline


def _title(result: RunResult) -> str:
    return f"{result.plan.scenario.name}  {count(result.replications, 'replication')}  {result.plan.folder.path}"


def _table(frame: box.Box | None, first: str, *others: str) -> Table:
    table = Table(box=frame, pad_edge=False, show_edge=False, padding=(0, 0 if frame else 1, 0, 0))
    table.add_column(Text(first), no_wrap=True)
    for name in others:
        in_words = name in ("unit", "meaning")
        table.add_column(Text(name), justify="left" if in_words else "right", no_wrap=name != "meaning")
    return table


def _head(table: Table, heading: str) -> None:
    table.add_section()
    table.add_row(Text(heading, style="bold"))


def _unit(name: str) -> str:
    return DEFINITIONS[name].unit if name in DEFINITIONS else ""


def _comparison_cells(one: Comparison, currency: str, counted: bool) -> tuple[str, ...]:
    unit, base, difference = _unit(one.kpi), one.paired.a, one.paired.difference
    shown = figure(difference.mean, difference.half_width, unit)
    return (
        f"  {one.kpi}",
        figure(base, difference.half_width, unit),
        f"+{shown}" if difference.mean > 0 else shown,
        plus_minus(difference.mean, difference.half_width, unit),
        *([str(difference.n)] if counted else []),
        "% points" if unit == "share" else shown_unit(unit, currency),
        percent(difference.mean / base).removesuffix(" %") if base > 0 else MISSING,
        p_value(one.p_holm),
        times(one.paired.variance_ratio),
    )
