"""Many tasks on this process or on several: the same results in any order, and a killed worker costs one task."""

from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import Any, Generic

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from sim.errors import SimError
from sim.study.worker import Answer, T, Task, Worker, perform

Watch = Callable[[int, float], None]
"""Told a job's number and its share done."""
KILLS_ALLOWED = 1


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """A task, and what to call it where it fails."""

    name: str
    task: Task[T]


class Staff:
    """Workers that wait from one `execute` to the next: what they have imported is there.  A context manager."""

    def __init__(self) -> None:
        self._idle: list[Worker[Any]] = []

    def __enter__(self) -> "Staff":
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._idle:
            worker.end()
        self._idle.clear()

    def hire(self) -> Worker[Any]:
        """Return one that waits; a new one where none does."""
        return self._idle.pop() if self._idle else Worker()

    def rest(self, worker: Worker[Any]) -> None:
        """Let one wait that has nothing in hand."""
        self._idle.append(worker)


def execute(
    jobs: Sequence[Job[T]], workers: int, watch: Watch, staff: Staff | None = None
) -> Generator[tuple[int, T], None, None]:
    """Perform all jobs and yield (number, result) as each finishes.

    Parameters
    ----------
    workers : int
        Processes; 1 = this one.
    watch : callable
        ``watch(number, share)``, in this process.
    staff : Staff, optional
        Where workers come from and go back to; without one they are new, and end as soon as nothing is left for them.

    Raises
    ------
    SimError
        The first that a job raised, or where a job's worker was killed twice.  What has been yielded stands.
    """
    if workers == 1 or not jobs:
        yield from _here(jobs, watch)
    else:
        yield from _Crew(jobs, min(workers, len(jobs)), watch, staff).results()


def _here(jobs: Sequence[Job[T]], watch: Watch) -> Iterator[tuple[int, T]]:
    for number, job in enumerate(jobs):
        with threadpool_limits(1):
            answer = perform(job.name, job.task, _teller(watch, number))
        value = _value(answer)
        watch(number, 1.0)
        yield number, value


def _teller(watch: Watch, number: int) -> Callable[[float], None]:
    return lambda share: watch(number, share)


def _value(answer: Answer[T]) -> T:
    if answer.error is not None:
        raise answer.error
    return answer.value  # type: ignore[return-value]  # no error: the task's own value, None included


@dataclass
class _Crew(Generic[T]):
    """Workers, the job each has in hand, and the jobs that wait."""

    jobs: Sequence[Job[T]]
    size: int
    watch: Watch
    staff: Staff | None = None
    waiting: deque[int] = field(init=False)
    in_hand: dict[Worker[T], int] = field(init=False, default_factory=dict)
    kills: Counter[int] = field(init=False, default_factory=Counter)

    def results(self) -> Iterator[tuple[int, T]]:
        self.waiting = deque(range(len(self.jobs)))
        try:
            for _ in range(self.size):
                self._engage(self.staff.hire() if self.staff else Worker())
            while self.in_hand:
                yield from self._listen()
        finally:
            for worker in self.in_hand:
                worker.end()

    def _engage(self, worker: Worker[T]) -> None:
        """Give it the next job; send it home, or back to the staff, where there is none."""
        if not self.waiting:
            if self.staff:
                self.staff.rest(worker)
            else:
                worker.end()
            return
        number = self.waiting.popleft()
        self.in_hand[worker] = number
        worker.give(self.jobs[number].name, self.jobs[number].task)

    def _listen(self) -> Iterator[tuple[int, T]]:
        """Wait until some workers speak; hear each once."""
        speaking = set(wait([worker.pipe for worker in self.in_hand]))
        for worker in [one for one in self.in_hand if one.pipe in speaking]:
            try:
                message = worker.hear()
            except EOFError:
                self._replace(worker)
                continue
            if isinstance(message, Answer):
                yield self.in_hand[worker], self._answered(worker, message)
            else:
                self.watch(self.in_hand[worker], message)

    def _answered(self, worker: Worker[T], answer: Answer[T]) -> T:
        value = _value(answer)
        self.watch(self.in_hand.pop(worker), 1.0)
        self._engage(worker)
        return value

    def _replace(self, dead: Worker[T]) -> None:
        """Let a new worker begin the dead one's job again, unless it seems to be the job that kills."""
        number = self.in_hand.pop(dead)
        cause = dead.cause()
        dead.end()
        self.kills[number] += 1
        if self.kills[number] > KILLS_ALLOWED:
            why = f"its worker was killed twice ({cause})"
            raise SimError(self.jobs[number].name, why, "Too little memory is the usual cause: try fewer --workers.")
        self.waiting.appendleft(number)
        self._engage(Worker())
