"""A recommender in a process of its own: when it hangs or eats memory it is killed, and the fallback serves on.

What protects the run is not what the policy's code promises but what the operating system enforces: the child's
memory is limited, and an alarm ends it at its deadline even where this process is gone.
"""

import pickle
import weakref
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Timer
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.errors import ScenarioError
from sim.policy.child import OUT_OF_MEMORY, Recipe, serve
from sim.policy.keyed import KeyedRng
from sim.policy.served import Account, PartSlates
from sim.scenario.policies import RecommenderBlock
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, ServingView, Slates

_SPAWN = get_context("spawn")  # a fork would copy this process's threads
MOST_ANSWER = 1 << 30
"""Bytes of an answer that are read, at most."""


class IsolatedError(Exception):
    """What an isolated policy raised, in its own words; or how its process ended."""


class IsolatedTimeoutError(TimeoutError):
    """An isolated policy gave no answer within its deadline, and was killed."""


@dataclass(frozen=True)
class Isolated:
    """A recommender that runs in a child process.

    Once the child was killed or has died, all pages are left to the fallback: the policy does not come back within the
    replication.

    Parameters
    ----------
    original : Recommender
        The policy as it was built here: its identity, never asked.
    recipe : Recipe
        How the child builds it.
    answer_within, fit_within : float, seconds
        Of real time, for one call.  The first answer may take as long as a fit.
    memory : int, bytes
        That the policy may take beyond what the child holds when it starts.
    """

    original: Any
    recipe: Recipe
    answer_within: float
    fit_within: float
    memory: int
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def __post_init__(self) -> None:
        if getattr(self.original, "privileged", False):
            why = "a privileged policy looks into the world itself, and cannot be isolated from it"
            raise ScenarioError(f"policies.{self.recipe.seam}.isolate", why)
        self._state.child = None
        self._state.warm = False

    @property
    def reads_comments(self) -> bool:
        """Whether the policy reads comments."""
        return bool(getattr(self.original, "reads_comments", False))

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Start the child, and the policy in it."""
        self._state.child = child = Child(self.recipe, self.memory, self.fit_within)
        child.call("begin", (rng, catalogue), self.fit_within)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Let the policy learn; where it was killed before, nothing happens."""
        if self._state.child.alive:
            self._state.child.call("fit", (log, catalogue), self.fit_within)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the policy's slates; where it was killed before, all are left to the fallback."""
        if not self._state.child.alive:
            nothing = np.full((len(requests), k), -1, np.int32)
            everyone = np.ones(len(requests), np.bool_)
            account = Account(kinds={"killed": len(requests)}, real_time=True)
            return PartSlates(nothing, unserved=everyone, account=account)
        seconds = self.answer_within if self._state.warm else self.fit_within  # the first one compiles its kernels
        slates: Slates = self._state.child.call("recommend", (requests, k), seconds)
        self._state.warm = True
        if isinstance(slates, PartSlates):
            return replace(slates, account=replace(slates.account, real_time=True))
        return PartSlates(slates.content, slates.score, slates.propensity, account=Account(real_time=True))

    def close(self) -> None:
        """End the child."""
        if self._state.child is not None:
            self._state.child.end()


class Child:
    """The child process, with at most one call in hand."""

    def __init__(self, recipe: Recipe, memory: int, seconds: float) -> None:
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=serve, args=(theirs, recipe, memory, seconds), daemon=True)
        self._process.start()
        theirs.close()  # the child alone holds that end now: when it dies, ours reads end of file
        self._sent: dict[str, Any] = {}  # what it keeps: the last catalogue and the last view
        self.alive = True
        self.end = weakref.finalize(self, _end, self._process, self._pipe)

    def call(self, method: str, arguments: tuple[Any, ...], seconds: float) -> Any:
        """Return what the policy answers.

        Raises
        ------
        IsolatedTimeoutError, IsolatedError
            Where it is late, dead, or raised.  After the first two, and where its memory was at an end, it is dead.
        """
        message = pickle.dumps((method, self._shortened(arguments), seconds), pickle.HIGHEST_PROTOCOL)
        late = SimpleNamespace(is_so=False)
        watch = Timer(seconds, self._kill, (late,))  # over sending too: a child that is stopped does not read
        watch.daemon = True
        watch.start()
        try:
            self._pipe.send_bytes(message)
            well, answer = pickle.loads(self._pipe.recv_bytes(MOST_ANSWER))
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self.alive = False
            self._process.kill()
            if late.is_so:
                raise IsolatedTimeoutError(f"{method}: no answer within {seconds:.3g} s; killed") from None
            self._process.join(timeout=5)
            raise IsolatedError(f"{method}: the process ended ({_cause(self._process.exitcode)})") from error
        finally:
            watch.cancel()
        if well:
            return answer
        if answer.startswith(OUT_OF_MEMORY):
            self.alive = False
            self._process.kill()
            answer += ": its memory was at an end; killed"
        raise IsolatedError(answer)

    def _kill(self, late: SimpleNamespace) -> None:
        late.is_so = True
        with suppress(ValueError):  # closed meanwhile
            self._process.kill()

    def _shortened(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        """Leave out what the child has already: the catalogue always, a view while it is in force."""
        return tuple(self._one(argument) for argument in arguments)

    def _one(self, argument: Any) -> Any:
        if isinstance(argument, CatalogueView):
            return self._once("catalogue", argument)
        if isinstance(argument, PageRequests):
            return replace(argument, view=self._once("view", argument.view))
        return argument

    def _once(self, what: str, value: CatalogueView | ServingView) -> Any:
        if self._sent.get(what) is value:
            return None
        self._sent[what] = value
        return value


def isolated(original: Any, seam: str, block: RecommenderBlock, trusted: Sequence[str]) -> Isolated:
    """Return the policy behind a process of its own, on the terms of its block of the scenario."""
    recipe = Recipe(seam, block.kind, dict(block.with_), tuple(trusted))
    return Isolated(
        original, recipe, block.answer_within * SECONDS, block.fit_within * SECONDS, block.memory_megabytes * MEGABYTE
    )


SECONDS = 60.0
"""In a minute, which is what durations of a scenario are in."""
MEGABYTE = 10**6


def _cause(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def _end(process: Any, pipe: Connection) -> None:
    process.kill()
    process.join()
    process.close()
    pipe.close()
