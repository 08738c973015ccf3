"""Tasks for workers: at the top of a module, so that a child process can import them."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from sim.errors import InvariantError, ScenarioError


@dataclass(frozen=True)
class Square:
    """Return a square, and the process that computed it."""

    number: int

    def __call__(self, progress):
        progress(0.5)
        return self.number**2, os.getpid()


@dataclass(frozen=True)
class KilledOnce:
    """Die as the out-of-memory killer's victims do, unless ``mark`` says it happened before."""

    mark: Path

    def __call__(self, progress):
        if not self.mark.exists():
            self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return "done", os.getpid()


def killed_always(progress):
    """Die each time."""
    os.kill(os.getpid(), signal.SIGKILL)


def law_broken(progress):
    """Raise what a run raises."""
    raise InvariantError("stock", "3 units vanished", "At minute 7.")


def wrong_table(progress):
    """Raise what a user's mistake raises."""
    raise ScenarioError("catalogue.from", "no column 'price'")


def defect(progress):
    """Raise what nobody planned, with arguments that cannot be pickled."""
    raise KeyError(lambda: None, "sku")


def threads(progress):
    """Return how many threads BLAS may use here."""
    import numpy  # noqa: F401  # loads its BLAS
    from threadpoolctl import threadpool_info

    return [pool["num_threads"] for pool in threadpool_info()]


@dataclass(frozen=True)
class Mark:
    """Count performances in a file."""

    path: Path
    seconds: float = 0.0

    def __call__(self, progress):
        time.sleep(self.seconds)
        with self.path.open("a") as file:
            file.write("x")
