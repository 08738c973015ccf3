"""The rows that leave the consumers' kernel: what was done, and what was ordered.  Times are ticks."""

import numpy as np

ACT_ROW = np.dtype(
    [
        ("time", "i8"),
        ("session", "i8"),
        ("consumer", "i4"),
        ("content", "i4"),
        ("offer", "i4"),
        ("act", "i1"),  # sim.schema.kinds.Act
        ("surface", "i1"),
        ("page", "i2"),
        ("position", "i2"),
        ("value", "f4"),  # units, stars, or 1
        ("propensity", "f4"),
    ],
    align=True,
)

ORDER_ROW = np.dtype(
    [
        ("placed", "i8"),
        ("pays_at", "i8"),  # when the payment comes; -1 = never
        ("session", "i8"),
        ("number", "i8"),  # the session's own number, the same in every arm: keys what happens after
        ("slot", "i8"),  # the livestream slot whose allotment it came from, -1 = none
        ("price", "i8"),  # cents per unit, as shown
        ("coupon", "i8"),  # cents that the platform pays of the order
        ("touch", "i4"),  # content whose advertisement or coupon the order is put down to, -1 = none
        ("consumer", "i4"),
        ("offer", "i4"),
        ("content", "i4"),
        ("creator", "i4"),  # who showed it, -1 = nobody
        ("units", "i4"),
        ("short", "i4"),  # units wanted and not had
        ("match", "f4"),  # true taste match plus quality: moves reviews and returns
        ("surplus", "f4"),  # utility of buying over not buying, in logit units
        ("surface", "i1"),
        ("substitute", "i1"),  # 1 = a second choice after a stockout
        ("retried", "i1"),  # 1 = bought after waiting for stock
    ],
    align=True,
)


def slate_log_row(places: int) -> np.dtype:
    """Return the row of a page as it was served, for pages of ``places``."""
    return np.dtype(
        [
            ("time", "i8"),  # when it was requested
            ("session", "i8"),
            ("consumer", "i4"),
            ("page", "i4"),
            ("surface", "i4"),
            ("content", "i4", (places,)),  # -1 = empty place
        ],
        align=True,
    )
