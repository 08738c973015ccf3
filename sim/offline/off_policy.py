"""What a recommender's click rate would have been, from a log that another policy made with known propensities.

Row i of the log showed item ``a_i`` to a user at a place with propensity ``p_i`` and saw a reward ``r_i`` (a click or
none).  The policy that is judged shows ``a_i`` there with probability ``pi_i``; then ``w_i = pi_i / p_i``.

- ips (Horvitz & Thompson 1952): mean of ``w r``; unbiased, noisy.
- snips (Swaminathan & Joachims 2015): ``sum w r / sum w``; a little biased, far less noisy.
- dr (Dudik, Langford & Li 2011): mean of ``q_pi + w (r - q(a))``, where q is a model of the reward fitted on other
  rows (cross-fitting), ``q_pi`` its mean under the policy; unbiased, and noisy only where q is wrong.

Intervals are Student's, from the variance of the terms (for snips of its linearisation) summed by user: users are
independent, their rows need not be (Liang & Zeger 1986).  No weight is clipped, which would trade noise for a bias that
no interval tells of; the effective sample and the largest weight say how far the log carries instead.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Float = NDArray[np.float64]
Index = NDArray[np.integer]
FEW = 100.0
"""An effective sample smaller than this says little."""
FEW_REWARDS = 10.0
"""So do fewer effective rewards (counted so by Korn & Graubard 1998): the usual rule for a share's normal interval."""


@dataclass(frozen=True, slots=True)
class Value:
    """An estimated mean reward.

    Attributes
    ----------
    mean, half_width : float
        Of a 95 % interval.
    """

    mean: float
    half_width: float

    @property
    def relative_width(self) -> float:
        """The interval's width over the mean; NaN where that is zero."""
        return 2 * self.half_width / self.mean if self.mean else np.nan


@dataclass(frozen=True, slots=True)
class Verdict:
    """The three estimates, and how much they rest on.

    Attributes
    ----------
    overlap : Value
        The mean weight, which is 1 on average where the log could have shown all that the policy shows.
    effective : float
        ``(sum w)^2 / sum w^2``, rows.
    largest : float
        The largest weight.
    logged : float
        The log's own mean reward.
    rewards : int
        Rewards among the rows that the policy would have shown; without any there is no interval.
    """

    ips: Value
    snips: Value
    dr: Value
    overlap: Value
    effective: float
    largest: float
    logged: float
    rewards: int
    rows: int

    @property
    def clicks(self) -> int:
        """Rewards of all rows."""
        return round(self.logged * self.rows)

    @property
    def effective_rewards(self) -> float:
        """Rewards that the effective sample would hold, of rows that weigh the same: `rewards` where all do.

        A policy's rewards come from all rows that it would have shown, yet where the log seldom shows what it shows,
        most of them carry next to no weight: a count of them promises more than there is.
        """
        return 0.0 if np.isnan(self.snips.mean) else self.effective * self.snips.mean

    @property
    def weak(self) -> bool:
        """Whether so little speaks of this policy that the intervals cannot be trusted."""
        return self.effective < FEW or self.effective_rewards < FEW_REWARDS

    @property
    def elsewhere(self) -> bool:
        """Whether the policy shows what the log never offered: then the estimates miss the truth."""
        return abs(self.overlap.mean - 1) > 2 * self.overlap.half_width


def judge(reward: Float, weight: Float, modelled: Float, expected: Float, user: Index, level: float = 0.95) -> Verdict:
    """Return the estimates.

    Parameters
    ----------
    reward : float64[n]
    weight : float64[n]
        ``pi_i / p_i``.
    modelled : float64[n]
        ``q(x_i, a_i)``.
    expected : float64[n]
        ``sum over a of pi(a | x_i) q(x_i, a)``.
    user : int[n]
        Whose row it is, from 0.
    """
    total, rewards = weight.sum(), int(np.count_nonzero(weight * reward))
    level = level if rewards else np.nan
    ratio = float(weight @ reward / total) if total > 0 else np.nan
    linear = weight * (reward - ratio) / weight.mean() + ratio if total > 0 else np.full(len(weight), np.nan)
    return Verdict(
        ips=_value(weight * reward, user, level),
        snips=Value(ratio, _value(linear, user, level).half_width),
        dr=_value(expected + weight * (reward - modelled), user, level),
        overlap=_value(weight, user, 0.95),
        effective=float(total**2 / (weight @ weight)) if total > 0 else 0.0,
        largest=float(weight.max(initial=0.0)),
        logged=float(reward.mean()),
        rewards=rewards,
        rows=len(reward),
    )


def _value(terms: Float, user: Index, level: float) -> Value:
    mean = terms.mean()
    off = np.bincount(user, terms - mean)[np.bincount(user) > 0]
    n = len(off)
    error = np.sqrt(n / (n - 1) * (off @ off)) / len(terms) if n > 1 else np.nan
    return Value(float(mean), float(stdtrit(n - 1, (1 + level) / 2) * error))
