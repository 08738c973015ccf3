"""What went wrong at the seams, counted: a bad policy is contained, and shown."""

from dataclasses import dataclass, field

from sim.policy.served import Account


@dataclass(slots=True)
class SeamFaults:
    """Faults of one seam in one replication.

    Attributes
    ----------
    asked : int
        Rows the seam was asked for, whoever answered them.
    raised, late : int
        Calls that raised; calls that passed their deadline (`TimeoutError`).
    malformed : int
        Rows (pages, ledger keys, order lines, ...) whose answer was nonsense.
    served_by_fallback : int
        Rows that the fallback answered instead.
    ineligible : int
        Places on a page emptied because their content may not be shown there: no fault.
    first_error : str
        Of the first fault, verbatim.
    kinds : dict of str to int
        Faults by kind, of policies that tell kinds apart: see `Account`.
    latency : list of float, milliseconds
        Of real time, of each call to a service.
    real_time : bool
        Whether real time had a say in what was answered: such a result is not reproducible.
    told : dict of str to int
        What policies count of themselves, by name, such as what a shadow would have shown: no faults.
    """

    asked: int = 0
    raised: int = 0
    late: int = 0
    malformed: int = 0
    served_by_fallback: int = 0
    ineligible: int = 0
    first_error: str = ""
    kinds: dict[str, int] = field(default_factory=dict)
    latency: list[float] = field(default_factory=list)
    real_time: bool = False
    told: dict[str, int] = field(default_factory=dict)

    def note(self, error: Exception) -> None:
        """Count a call that failed as a whole."""
        if isinstance(error, TimeoutError):
            self.late += 1
        else:
            self.raised += 1
        self.real_time |= isinstance(error, TimeoutError | ConnectionError)
        self.first_error = self.first_error or f"{type(error).__name__}: {error}"

    def nonsense(self, rows: int, why: str) -> None:
        """Count rows whose answer was nonsense."""
        self.malformed += rows
        self.first_error = self.first_error or f"malformed: {why}"

    def add(self, account: Account) -> None:
        """Count what a policy tells of its own faults."""
        self.late += account.late
        self.raised += account.failed
        self.malformed += account.malformed
        self.latency.extend(account.latency)
        self.real_time |= account.real_time
        for kind, times in account.kinds.items():
            self.kinds[kind] = self.kinds.get(kind, 0) + times
        for name, count in account.told.items():
            self.told[name] = self.told.get(name, 0) + count
        self.first_error = self.first_error or account.first_error


@dataclass(slots=True)
class Faults:
    """Faults by seam; the record reads ``seams`` when a replication ends."""

    seams: dict[str, SeamFaults] = field(default_factory=dict)

    def at(self, seam: str) -> SeamFaults:
        """Return the counts of one seam, from zero."""
        return self.seams.setdefault(seam, SeamFaults())
