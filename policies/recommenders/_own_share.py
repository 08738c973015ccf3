"""How much a consumer's own taste counts beside everybody's, as looks at earlier pages tell.

Latent factors find company for any consumer, also where all that company has in common is chance.  A few consumers'
later looks are therefore kept out of the fit: what was clicked among what they saw tells which of the two to believe.
"""

from dataclasses import dataclass

import numpy as np

from policies.recommenders._examples import FEWEST, LATEST, looks, of_sessions
from policies.recommenders._tastes import Double, Long
from sim.schema.compiled import compiled
from sim.schema.recommending import BehaviourLog, Bool, Int

FEW = 0.1
"""The most consumers, as a share of all, whose later looks are kept out of the fit."""


@dataclass(frozen=True, slots=True)
class LateLooks:
    """Looks of a few consumers, and the log without what these did from then on.

    Attributes
    ----------
    earlier : BehaviourLog
    consumer, content : int32[n]
    session : int64[n]
    clicked : bool[n]
    """

    earlier: BehaviourLog
    consumer: Int
    content: Int
    session: Long
    clicked: Bool

    def own_share(self, of_consumers: Double, of_contents: Double) -> float:
        """Return by how much, 0 to 1, a consumer's taste is to be moved from everybody's mean to the own.

        Least squares within sessions, ``click ~ b (y . m) + g (y . (x - m))``, m the mean taste: the share is g / b,
        which stacks the two rankings (Breiman, Stacked regressions, Machine Learning 24, 1996).  Comparing within
        what a session looked at makes it indifferent to who is shown what, and how much.  Where too little was
        looked at, or everybody's taste tells nothing, it is 1.

        Parameters
        ----------
        of_consumers : float64[n_consumers, factors]
            As known from the earlier log; zeros for who has no past.
        of_contents : float64[n_contents, factors]
        """
        judged = of_consumers[self.consumer].any(axis=1)
        if min(self.clicked[judged].sum(), (~self.clicked[judged]).sum()) < FEWEST:
            return 1.0
        _, session = np.unique(self.session[judged], return_inverse=True)
        clicked, mean = self.clicked[judged].astype(float), usual(of_consumers)
        contents = of_contents[self.content[judged]]
        everybody = _less_mean(_products(contents, np.broadcast_to(mean, contents.shape)), session)
        own = _less_mean(_products(contents, of_consumers[self.consumer[judged]] - mean), session)
        products = np.stack((everybody * everybody, everybody * own, own * own, everybody * clicked, own * clicked))
        ee, eo, oo, ec, oc = products.cumsum(axis=1)[:, -1]  # one after the other, the same on any machine
        b, g = ec * oo - oc * eo, oc * ee - ec * eo
        return float(np.clip(g / b, 0.0, 1.0)) if b > 0 else 1.0


def late_looks(log: BehaviourLog, n_consumers: int, rng: np.random.Generator) -> LateLooks:
    """Return the latest looks, at most of a tenth of the consumers, drawn; none where no impressions are logged."""
    late = looks(log)
    late = late[len(late) - int(len(late) * LATEST) :]
    chosen = np.zeros(n_consumers, bool)
    chosen[rng.permutation(np.unique(log.consumer[late]))[: int(FEW * n_consumers)]] = True
    late = late[chosen[log.consumer[late]]]
    earlier = log.rows(~chosen[log.consumer] | (log.minute < log.minute[late[0]])) if len(late) else log
    clicked, _ = of_sessions(log, late)
    return LateLooks(earlier, log.consumer[late], log.content[late], log.session[late], clicked)


def usual(of_consumers: Double) -> Double:
    """Return the mean taste of who has one."""
    known = of_consumers[of_consumers.any(axis=1)]
    mean: Double = known.mean(axis=0) if len(known) else np.zeros(of_consumers.shape[1])
    return mean


def moved(tastes: Double, mean: Double, share: float) -> Double:
    """Return tastes a share of the way from the mean to where they are; who has none still has none."""
    return np.where(tastes.any(axis=1, keepdims=True), share * tastes + (1.0 - share) * mean, 0.0)


def _less_mean(value: Double, group: Long) -> Double:
    less: Double = value - (np.bincount(group, value) / np.bincount(group))[group]
    return less


def _products(a: Double, b: Double) -> Double:
    out = np.empty(len(a))
    _multiply(a, b, out)
    return out


@compiled
def _multiply(a, b, out):  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    for i in range(len(out)):
        out[i] = 0.0
        for f in range(a.shape[1]):
            out[i] += a[i, f] * b[i, f]
