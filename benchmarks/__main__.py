"""`make bench`: every measurement in a process of its own, one after the other, and tables of what they took."""

import subprocess
import sys
import time
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import policies
from benchmarks.alone import measure

SERVING = [(n, kind) for n in (50_000, 1_000_000) for kind in ("popularity", "item_knn")]
ORACLE = ("5000", "20000")
GROWTH = [("25000", "30"), ("50000", "30"), ("100000", "30"), ("100000", "7"), ("100000", "15")]


def main() -> None:
    """Print the tables."""
    console = Console(width=max(140, Console().width))  # a row a line, in a pipe too
    table = Table("what", "CPU s", "to build", "peak MB", "pages", "pages/s after", "orders", "SimPy events")
    for consumers, kind in SERVING:
        _add(table, f"a day, {consumers:,} consumers, {kind}", measure("serving", str(consumers), kind))
    for consumers, days in GROWTH:
        found = measure("month", consumers, "popularity", "nearest_neighbour", days)
        _add(table, f"{days} days, {int(consumers):,} consumers, popularity, nearest_neighbour", found)
    _add(table, "30 days, 100,000 consumers, item_knn, ortools", measure("month", "100000", "item_knn", "ortools"))
    console.print(table)
    for consumers in ORACLE:
        oracle = measure("oracle", consumers)
        words = f"a day, {int(consumers):,} consumers: one process per session takes"
        taken = f"{oracle['oracle_cpu_s']:.1f} s, the kernel {oracle['cpu_s']:.1f} s"
        console.print(f"{words} {taken}: {oracle['ratio']:.1f}x")
    console.print(policies.table())
    console.print(f"`sim --help`: {_start_up():.2f} s")


def _add(table: Table, what: str, found: dict[str, Any]) -> None:
    seconds = (found["cpu_s"], found["build_s"])
    counts = (found["pages"] / (found["cpu_s"] - found["build_s"]), found["orders"], found["simpy_events"])
    shown = [f"{number:.1f}" for number in seconds]
    shown += [f"{number:,.0f}" for number in (found["peak_mb"], found["pages"], *counts)]
    table.add_row(what, *shown)


def _start_up() -> float:
    """Return the fastest of five starts of the command, seconds of wall time."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "cli", "--help"], capture_output=True, check=True)
        times.append(time.perf_counter() - began)
    return min(times)


if __name__ == "__main__":
    main()
