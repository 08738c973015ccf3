"""How far the simulating is, with the time left: a bar on stderr, where that is a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Column

import sim.schema
from sim.schema.kernel_cache import cache_folder
from sim.study.executor import Watch


@contextmanager
def progress_bar(what: str, jobs: int, quiet: bool = False) -> Iterator[Watch]:
    """Show one bar for all ``jobs`` while the body runs; yield the function to call with each one's share.

    Nothing is shown where stderr is no terminal, nobody wants it, or there is nothing to do.
    """
    console = Console(stderr=True)
    tally = _Tally()
    columns = (
        TextColumn("{task.description}", table_column=Column(overflow="ellipsis", no_wrap=True, max_width=22)),
        BarColumn(bar_width=None),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[finished]} of {task.fields[jobs]} done"),
        TimeElapsedColumn(table_column=Column(min_width=7)),
        TextColumn("left"),
        TimeRemainingColumn(table_column=Column(min_width=7)),
    )
    hidden = quiet or not jobs or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden, expand=True) as bar:
        before = what if hidden or is_compiled() else "compiling, this once"
        task = bar.add_task(before, total=jobs, finished=0, jobs=jobs)

        def watch(number: int, share: float) -> None:
            tally.hear(number, share)
            now = what if tally.done else before
            bar.update(task, completed=tally.done, finished=tally.finished, description=now)

        yield watch


@dataclass
class _Tally:
    """What is done of all jobs, and how many are finished; a job begun again on another worker may fall back."""

    done: float = 0.0
    finished: int = 0
    _in_hand: dict[int, float] = field(default_factory=dict)

    def hear(self, number: int, share: float) -> None:
        self.done += share - self._in_hand.pop(number, 0.0)
        if share < 1:
            self._in_hand[number] = share
        else:
            self.finished += 1


def is_compiled() -> bool:
    """Tell whether the consumers' kernels are there: else replications begin with half a minute of compiling."""
    folder = cache_folder(Path(sim.schema.__file__))
    return folder is not None and any(folder.glob("behaviour_*/*.nbc"))
