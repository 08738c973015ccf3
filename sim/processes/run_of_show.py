"""A livestream as it is planned the midnight before."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """One item's time on show.

    Attributes
    ----------
    begins, ends : int, ticks
    discount : float
        Share of the price in force that is taken off.
    allotment : int
        Units to be set aside.
    purchase_limit : int
        Units one consumer may buy.
    sku : int
        Given by the scenario; -1 = the showcase policy chooses.
    offer : int
        What will be shown; -1 = nothing.
    """

    begins: int
    ends: int
    discount: float
    allotment: int
    purchase_limit: int
    sku: int = -1
    offer: int = -1


@dataclass(frozen=True, slots=True)
class RunOfShow:
    """A creator's livestream, slot after slot.

    Attributes
    ----------
    begins, ends : int, ticks
    slots : tuple of Slot
        In order of time, none before the one before it ends.
    notified_share : float
        Share of the creator's followers who come when it begins.
    crowd : int
        Mean number of others who come then.
    """

    creator: int
    begins: int
    ends: int
    slots: tuple[Slot, ...]
    notified_share: float
    crowd: int = 0

    @property
    def number(self) -> int:
        """What keys the luck of those who come: the same whoever else goes live, in every arm."""
        return self.creator << 42 | self.begins
