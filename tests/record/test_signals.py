"""Daily signals are counts of the log."""

import numpy as np
import pytest

from sim.record.signals import daily_signals, minutes_on_show
from sim.schema.kinds import Act
from sim.schema.recommending import BehaviourLog

DAY = 1440.0


def log_of(*rows):
    """Return a log of (minute, act, offer, session)."""
    minute, act, offer, session = (np.array(column) for column in zip(*rows, strict=True))
    n = len(rows)
    nothing = np.zeros(n, np.int32)
    return BehaviourLog(
        minute.astype(float), act.astype(np.int8), nothing, nothing, offer.astype(np.int32), session,
        nothing.astype(np.int8), nothing, nothing, np.ones(n), np.full(n, np.nan, np.float32), until=2 * DAY,
    )  # fmt: skip


def test_a_view_is_a_session_and_a_day_carts_and_follows_are_counted():
    log = log_of(
        (0.0, Act.CLICK, 0, 7), (5.0, Act.CLICK, 0, 7), (9.0, Act.CLICK, 0, 8), (9.5, Act.CART, 0, 8),
        (9.6, Act.CART, 0, 8), (DAY, Act.CLICK, 0, 7), (DAY + 1, Act.FOLLOW, 1, 7), (DAY + 2, Act.ORDER, 1, 7),
        (2 * DAY, Act.CLICK, 1, 9), (2.5, Act.CLICK, -1, 9),
    )  # fmt: skip
    signals = daily_signals(log, 2, 2, np.zeros((2, 3)))
    assert signals.views.tolist() == [[2, 1], [0, 0]]
    assert signals.carts.tolist() == [[2, 0], [0, 0]]
    assert signals.follows.tolist() == [[0, 0], [0, 1]]


def test_a_slot_over_midnight_is_split_and_no_minute_is_lost():
    rng = np.random.default_rng(1)
    begins = rng.uniform(0, 4 * DAY, 50)
    ends = begins + rng.uniform(0, DAY, 50)
    offer = rng.integers(-1, 3, 50)
    shown = minutes_on_show(offer, begins, ends, 3, 5)
    for one in range(3):
        assert shown[one].sum() == pytest.approx((ends - begins)[offer == one].sum())
    assert minutes_on_show(np.array([0]), np.array([DAY - 10]), np.array([DAY + 20]), 1, 2).tolist() == [[10, 20]]
