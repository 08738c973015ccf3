"""A process that performs tasks, one at a time, and says how far it is."""

import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.resource_tracker import ensure_running
from typing import Generic, TypeVar

from sim.errors import ScenarioError, SimError

T = TypeVar("T")
Progress = Callable[[float], None]
"""Told the share done, 0 to 1."""
Task = Callable[[Progress], T]
"""Picklable; performed in a worker or in this process."""

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
"""Parallelism is over replications; and the number of threads must not change a sum's last bit."""
_SPAWN = get_context("spawn")  # a fork would copy this process's threads and random states


class Worker(Generic[T]):
    """A child process with at most one task in hand.

    Attributes
    ----------
    pipe : Connection
        Readable when the worker has something to say, or is dead.
    """

    def __init__(self) -> None:
        self.pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_serve, args=(theirs,))
        with _interrupts_held(), _environment(ONE_THREAD):
            self._process.start()
        theirs.close()  # the worker alone holds that end now: when it dies, ours reads end of file

    def give(self, name: str, task: Task[T]) -> None:
        """Let it perform ``task``; that it is dead is noticed by `hear`."""
        with suppress(OSError):
            self.pipe.send((name, task))

    def hear(self) -> "float | Answer[T]":
        """Return the share done, or the answer.

        Raises
        ------
        EOFError
            The worker is dead.
        """
        try:
            message: float | Answer[T] = self.pipe.recv()
        except OSError as error:
            raise EOFError from error
        return message

    def cause(self) -> str:
        """Return how a dead worker ended, in words."""
        self._process.join(timeout=5)
        code = self._process.exitcode
        return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"

    def end(self) -> None:
        """Kill it, whatever it is doing: results are written atomically."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self.pipe.close()


class Answer(Generic[T]):
    """What a task returned, or the error it ended with."""

    def __init__(self, value: T | None, error: SimError | None) -> None:
        self.value, self.error = value, error


def perform(name: str, task: Task[T], progress: Progress) -> Answer[T]:
    """Perform a task; whatever it raises becomes a `SimError` of one line, the rest in its notes."""
    try:
        return Answer(task(progress), None)
    except ScenarioError as error:
        return Answer(None, _noted(error))
    except SimError as error:
        where, why, hint = error.args
        return Answer(None, _noted(type(error)(f"{name}: {where}", why, hint)))
    except Exception as error:  # a defect of the package, or no memory: told in one line all the same
        why = f"{type(error).__name__}: {error}".rstrip(": ")
        return Answer(None, _noted(SimError(name, why, "Run again with --traceback to see where.")))


def _noted(error: SimError) -> SimError:
    error.add_note(traceback.format_exc())  # notes travel with a pickled exception, tracebacks do not
    return error


def _serve(pipe: Connection) -> None:
    """Perform what comes until the other end closes."""
    with suppress(EOFError, OSError):
        while True:
            name, task = pipe.recv()
            pipe.send(perform(name, task, lambda share: _tell(pipe, share)))


def _tell(pipe: Connection, share: float) -> None:
    try:
        pipe.send(share)
    except OSError:  # nobody is there any more: nothing to work for
        os._exit(1)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Start a child that Ctrl-C does not reach: the terminal sends it to all, and only this process decides."""
    ensure_running()  # when it is started it unblocks Ctrl-C, so it has to be there before
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
