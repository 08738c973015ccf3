"""The money ledger: integer cents, double entry; what one party pays another receives."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.errors import InvariantError

Cents = int | NDArray[np.int64]
Ids = int | NDArray[np.integer]

PARTIES = ("platform", "merchants", "creators", "brands", "carriers", "operators", "consumers", "outside")
"""Classes of parties; operators run the warehouses, one per node."""


class Money:
    """What everybody has earned and paid since the start.

    Parameters
    ----------
    parties : mapping of str to int
        Number of parties per class of `PARTIES`; a class left out has one.
    """

    def __init__(self, parties: Mapping[str, int]) -> None:
        self._balances = {name: np.zeros(parties.get(name, 1), np.int64) for name in PARTIES}
        self._flows: dict[tuple[str, str, str], int] = {}

    def post(self, account: str, payer: str, payee: str, cents: Cents, payer_id: Ids = 0, payee_id: Ids = 0) -> None:
        """Pay ``cents`` (none negative) from payers to payees; arrays post row by row, ids broadcast."""
        total = int(cents.sum()) if isinstance(cents, np.ndarray) else int(cents)
        least = int(cents.min(initial=0)) if isinstance(cents, np.ndarray) else total
        if least < 0:
            raise InvariantError(f"account {account}", f"{payer} would pay {least} cents")
        if not isinstance(cents, np.ndarray):  # one row: the most common posting, and much faster so
            self._balances[payer][payer_id] -= total
            self._balances[payee][payee_id] += total
        else:
            _add(self._balances[payer], payer_id, -cents)
            _add(self._balances[payee], payee_id, cents)
        flow = (account, payer, payee)
        self._flows[flow] = self._flows.get(flow, 0) + total

    def balance(self, party: str) -> NDArray[np.int64]:
        """Return cents received less cents paid, per party of a class; a copy."""
        return self._balances[party].copy()

    def total(self, account: str) -> int:
        """Return the cents posted to an account, over all who paid it."""
        return sum(cents for (name, _, _), cents in self._flows.items() if name == account)

    @property
    def accounts(self) -> dict[str, int]:
        """The cents posted per account, in alphabetical order."""
        return {name: self.total(name) for name in sorted({flow[0] for flow in self._flows})}

    @property
    def flows(self) -> dict[tuple[str, str, str], int]:
        """The cents posted per (account, payer class, payee class); a copy."""
        return dict(sorted(self._flows.items()))

    def check(self, where: str) -> None:
        """Raise `InvariantError` unless all balances sum to zero and each class holds what was posted to it."""
        held = {name: int(balance.sum()) for name, balance in self._balances.items()}
        if sum(held.values()) != 0:
            raise InvariantError(where, f"money is not conserved: all balances sum to {sum(held.values())} cents")
        posted = dict.fromkeys(PARTIES, 0)
        for (_, payer, payee), cents in self._flows.items():
            posted[payer] -= cents
            posted[payee] += cents
        for name in PARTIES:
            if held[name] != posted[name]:
                raise InvariantError(where, f"{name} hold {held[name]} cents, {posted[name]} were posted")


def _add(balance: NDArray[np.int64], ids: Ids, cents: NDArray[np.int64]) -> None:
    if isinstance(ids, np.ndarray):
        np.add.at(balance, ids, cents)
    else:
        balance[ids] += cents.sum()


class Remainder:
    """Fractions of a cent that wait until they make a whole one: nothing is lost to rounding.

    Parameters
    ----------
    n : int
        How many sums are kept apart.
    per_cent : int
        How many parts make one cent.
    """

    def __init__(self, n: int, per_cent: int) -> None:
        self.per_cent = per_cent
        self.parts = np.zeros(n, np.int64)

    def whole_cents(self, parts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Add ``parts`` (int64[n]) to what was left over; return the whole cents, and keep the rest."""
        cents, self.parts = np.divmod(self.parts + parts, self.per_cent)
        return cents


def split(cents: int, shares: int) -> NDArray[np.int64]:
    """Return ``cents`` in equal shares that sum to it exactly; the first take what does not divide."""
    each, over = divmod(cents, shares)
    return np.full(shares, each, np.int64) + (np.arange(shares) < over)
