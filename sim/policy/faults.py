"""What went wrong at the seams, counted: a bad policy is contained, and shown."""

from dataclasses import dataclass, field


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
    """

    asked: int = 0
    raised: int = 0
    late: int = 0
    malformed: int = 0
    served_by_fallback: int = 0
    ineligible: int = 0
    first_error: str = ""

    def note(self, error: Exception) -> None:
        """Count a call that failed as a whole."""
        if isinstance(error, TimeoutError):
            self.late += 1
        else:
            self.raised += 1
        self.first_error = self.first_error or f"{type(error).__name__}: {error}"

    def nonsense(self, rows: int, why: str) -> None:
        """Count rows whose answer was nonsense."""
        self.malformed += rows
        self.first_error = self.first_error or f"malformed: {why}"


@dataclass(slots=True)
class Faults:
    """Faults by seam; the record reads ``seams`` when a replication ends."""

    seams: dict[str, SeamFaults] = field(default_factory=dict)

    def at(self, seam: str) -> SeamFaults:
        """Return the counts of one seam, from zero."""
        return self.seams.setdefault(seam, SeamFaults())
