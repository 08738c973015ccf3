"""The child's side of an isolated recommender: build the policy, answer calls, within limits of time and memory."""

import os
import pickle
import signal
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from math import ceil
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from sim.schema.recommending import CatalogueView, PageRequests, ServingView, Slates

OUT_OF_MEMORY = "MemoryError"
GRACE = 2
"""Seconds after which the child ends itself where nobody has ended it at its deadline."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a policy is built from."""

    seam: str
    kind: str
    parameters: dict[str, Any]
    trusted: tuple[str, ...]


def serve(pipe: Connection, recipe: Recipe, memory: int, seconds: float) -> None:
    """Answer calls until the other end closes; ``seconds`` are for building the policy."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all of a terminal's processes: the parent decides
    _limit(memory)
    _alarm(seconds)
    policy: Any = None
    kept = _Kept()
    with suppress(EOFError, OSError):
        while True:
            method, arguments, seconds = pickle.loads(pipe.recv_bytes())
            _alarm(seconds)
            answer: tuple[bool, Any]
            try:
                policy = _built(recipe) if policy is None else policy
                answer = True, _plain(getattr(policy, method)(*kept.whole(arguments)), arguments, method)
            except MemoryError as error:  # by its plain name: libraries have kinds of their own
                answer = False, f"{OUT_OF_MEMORY}: {error}".removesuffix(": ")
            except Exception as error:  # whatever the policy raises is told, in its own words
                answer = False, f"{type(error).__name__}: {error}".removesuffix(": ")
            message = _packed(answer)
            _alarm(0)
            pipe.send_bytes(message)


def _built(recipe: Recipe) -> Any:
    from sim.policy.lookup import build

    return build(recipe.seam, recipe.kind, recipe.parameters, recipe.trusted)


class _Kept:
    """The catalogue and the view, which are sent only when they are new."""

    catalogue: CatalogueView
    view: ServingView

    def whole(self, arguments: tuple[Any, ...]) -> list[Any]:
        """Return the arguments with what was left out put back."""
        return [self._one(argument) for argument in arguments]

    def _one(self, argument: Any) -> Any:
        if isinstance(argument, PageRequests):
            self.view = _read_only(argument.view) if argument.view is not None else self.view
            return replace(argument, view=self.view)
        if isinstance(argument, CatalogueView):
            self.catalogue = _read_only(argument)
        return self.catalogue if argument is None else argument


def _read_only(kept: Any) -> Any:
    """Mark the arrays of a view as they were marked before they travelled."""
    for one in fields(kept):
        value = getattr(kept, one.name)
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
    return kept


def _plain(answer: Any, arguments: tuple[Any, ...], method: str) -> Slates | None:
    """Return an answer that may travel: slates of the right shape; anything else is told by its type."""
    if method != "recommend":
        return None
    requests, k = arguments
    if not isinstance(answer, Slates):
        raise TypeError(f"{type(answer).__name__} instead of Slates")
    for values in (answer.content, answer.score, answer.propensity):
        if values is not None and (not isinstance(values, np.ndarray) or values.shape != (len(requests), k)):
            raise TypeError(f"slates are not arrays of shape {(len(requests), k)}")
    return answer


def _packed(answer: tuple[bool, Any]) -> bytes:
    try:
        return pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        return pickle.dumps((False, f"{type(error).__name__}: {error}"), pickle.HIGHEST_PROTOCOL)


def _alarm(seconds: float) -> None:
    """Let the system end this process then, whatever its code is doing; 0: never."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(ceil(seconds) + GRACE if seconds else 0)


def _limit(memory: int) -> None:
    """Let this process take so many bytes more than it has, where the system can hold it to that."""
    import resource

    held = _data_bytes()
    if held:
        resource.setrlimit(resource.RLIMIT_DATA, (held + memory, held + memory))


def _data_bytes() -> int:
    """Return the bytes of writable private memory, 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[5])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
