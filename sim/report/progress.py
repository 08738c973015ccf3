"""How far the simulating is, with the time left: a bar on stderr, where that is a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Column

import sim.schema
from sim.schema.kernel_cache import cache_folder
from sim.study.executor import Watch

_SMALL = 1e-9


@contextmanager
def progress_bar(what: str, jobs: int, quiet: bool = False) -> Iterator[Watch]:
    """Show one bar for all ``jobs`` while the body runs; yield the function to call with each one's share.

    Nothing is shown where stderr is no terminal, nobody wants it, or there is nothing to do.
    """
    console = Console(stderr=True)
    shares: dict[int, float] = {}
    columns = (
        TextColumn("{task.description}", table_column=Column(overflow="ellipsis", no_wrap=True, max_width=26)),
        BarColumn(bar_width=None),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[finished]} of {task.fields[jobs]} replications"),
        TimeElapsedColumn(table_column=Column(min_width=7)),
        TextColumn("left"),
        TimeRemainingColumn(table_column=Column(min_width=7)),
    )
    hidden = quiet or not jobs or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden, expand=True) as bar:
        before = what if hidden or is_compiled() else f"{what[:10]}: compiling, once"
        task = bar.add_task(before, total=jobs, finished=0, jobs=jobs)

        def watch(number: int, share: float) -> None:
            shares[number] = share
            finished = sum(one >= 1 - _SMALL for one in shares.values())
            done = sum(shares.values())
            bar.update(task, completed=done, finished=finished, description=what if done else before)

        yield watch


def is_compiled() -> bool:
    """Tell whether the consumers' kernels are there: else replications begin with half a minute of compiling."""
    folder = cache_folder(Path(sim.schema.__file__))
    return folder is not None and any(folder.glob("behaviour_*/*.nbc"))
