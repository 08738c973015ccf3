"""Answers that came in parts: which pages have none, and what happened on the way."""

from dataclasses import dataclass, field

from sim.schema.recommending import Bool, Slates


@dataclass(frozen=True, slots=True)
class Account:
    """What happened on the way to one batch of answers.

    Attributes
    ----------
    latency : tuple of float, milliseconds
        Of real time, one per call that was made, whatever came of it.
    late, failed : int
        Calls that passed their deadline; calls that failed otherwise.
    malformed : int
        Pages whose answer was nonsense.
    kinds : dict of str to int
        Faults by kind: calls for what ended a call, pages for what was wrong with a page.
    first_error : str
    real_time : bool
        Whether real time had a say in the answers, so that another run may get others.
    told : dict of str to int
        What the policy counts of itself, by name; no faults.
    """

    latency: tuple[float, ...] = ()
    late: int = 0
    failed: int = 0
    malformed: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    first_error: str = ""
    real_time: bool = False
    told: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartSlates(Slates):
    """Slates of which some rows are left to the fallback.

    A recommender that fails in parts, as a service does, answers with these instead of raising: only the rows
    marked ``unserved`` go to the fallback, and the account is added to the seam's counts.
    """

    unserved: Bool | None = None
    account: Account = field(default_factory=Account)
