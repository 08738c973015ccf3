"""How far the simulating is, with the time left: a bar on stderr, where that is a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

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
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[finished]} of {task.fields[jobs]} replications"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    hidden = quiet or not jobs or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task(what, total=jobs, finished=0, jobs=jobs)

        def watch(number: int, share: float) -> None:
            shares[number] = share
            finished = sum(one >= 1 - _SMALL for one in shares.values())
            bar.update(task, completed=sum(shares.values()), finished=finished)

        yield watch
