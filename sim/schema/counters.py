"""What the consumers' kernel counts, per cohort, day the session started, and surface of the page."""

from enum import IntEnum


class Counter(IntEnum):
    """Columns of the kernel's daily counters, int64[cohort, day, surface, counter]."""

    SESSIONS = 0
    SESSIONS_WITH_ORDER = 1
    PAGES = 2
    SLATE_ITEMS = 3
    IMPRESSIONS = 4
    OOS_IMPRESSIONS = 5
    CLICKS = 6
    CARTS = 7
    INTENTS = 8  # units consumers tried to buy
    SATISFIED = 9  # units of these had at once
    ORDERS = 10
    STOCKOUTS = 11
    LOST_UNITS = 12  # units never had: short, left, or shrugged off
    LOST_CENTS = 13
    LIKES = 14
    COMMENTS = 15
    FOLLOWS = 16
    SHARES = 17
    PAID_SESSIONS = 18  # that an advertisement brought
    LANDINGS = 19  # offers' details that an advertisement opened: neither impressions nor clicks
