"""The guard at a seam: ask the policy, judge the answer, let the fallback serve what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import PolicyError
from sim.policy.faults import Faults, SeamFaults

Answer = NDArray[Any]
Judge = Callable[[Any], NDArray[np.bool_]]


class NonsenseError(Exception):
    """The answer as a whole is of no use: wrong type, shape or dtype."""


@dataclass
class Guard:
    """A policy of one seam, contained.

    Parameters
    ----------
    seam : str
    policy, fallback : object
        Policies of the seam; where the fallback fails too, a `PolicyError` ends the run.
    faults : Faults
        Where faults are counted.
    """

    seam: str
    policy: Any
    fallback: Any
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        if getattr(self.fallback, "privileged", False):
            raise PolicyError(f"policies.{self.seam}.fallback", "a privileged policy cannot be a fallback")

    @property
    def privileged(self) -> bool:
        """Whether the policy asks for the latent truth."""
        return bool(getattr(self.policy, "privileged", False))

    @property
    def counts(self) -> SeamFaults:
        """The faults of this seam so far."""
        return self.faults.at(self.seam)

    def reveal(self, truth: Any) -> None:
        """Hand the latent truth to a policy that declares ``privileged = True``, and to no other."""
        if self.privileged:
            try:
                self.policy.reveal(truth)
            except Exception as error:  # whatever a plug-in raises is contained here
                self.counts.note(error)

    def rows(self, method: str, view: Any, judge: Judge, n: int) -> Answer:
        """Return one array of ``n`` rows; the rows the judge finds bad, or all, come from the fallback."""
        self.counts.asked += n
        try:
            answer = getattr(self.policy, method)(view)
        except Exception as error:  # as above
            self.counts.note(error)
            return self._fallback(method, view, judge, n)
        try:
            bad = judge(answer)
        except NonsenseError as why:
            self.counts.nonsense(n, str(why))
            return self._fallback(method, view, judge, n)
        if not bad.any():
            return np.asarray(answer)
        self.counts.nonsense(int(bad.sum()), f"row {int(bad.argmax())} of {method}")
        backup = self._fallback(method, view, judge, int(bad.sum()))
        return np.where(bad.reshape(-1, *[1] * (backup.ndim - 1)), backup, answer)

    def _fallback(self, method: str, view: Any, judge: Judge, n: int) -> Answer:
        self.counts.served_by_fallback += n
        answer = self.trusted(method, view)
        try:
            bad = judge(answer)
        except NonsenseError as why:
            raise self.hopeless(str(why)) from why
        if bad.any():
            raise self.hopeless(f"row {int(bad.argmax())} of {method} is malformed")
        return np.asarray(answer)

    def trusted(self, method: str, *arguments: Any) -> Any:
        """Call the fallback; what it raises cannot be contained."""
        try:
            return getattr(self.fallback, method)(*arguments)
        except Exception as error:  # told as one line, with the policy's own error as its cause
            raise self.hopeless(f"{type(error).__name__}: {error}") from error

    def hopeless(self, why: str) -> PolicyError:
        """Return the error that ends the run: neither the policy nor its fallback can serve."""
        name = type(self.fallback).__name__
        first = f"The policy's own first fault: {self.counts.first_error}" if self.counts.first_error else ""
        return PolicyError(f"policies.{self.seam}.fallback", f"{name} cannot serve ({why})", first)


def whole_numbers(answer: Any, shape: tuple[int, ...]) -> None:
    """Raise `NonsenseError` unless ``answer`` is an integer array of that shape."""
    if not isinstance(answer, np.ndarray):
        raise NonsenseError(f"{type(answer).__name__} instead of an array")
    if answer.dtype.kind != "i":
        raise NonsenseError(f"{answer.dtype} instead of whole numbers")
    if answer.shape != shape:
        raise NonsenseError(f"shape {answer.shape} instead of {shape}")
