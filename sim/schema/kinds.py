"""The small closed vocabularies of the world, as integers that fit in an array."""

from enum import IntEnum


class Surface(IntEnum):
    """Where a page is shown."""

    FEED = 0
    LIVE = 1
    MALL = 2
    SEARCH = 3


class ContentKind(IntEnum):
    """What a place on a page holds."""

    OFFER = 0
    VIDEO = 1
    ROOM = 2


class Act(IntEnum):
    """What a consumer did, as logged (``BehaviourLog.act``)."""

    IMPRESSION = 0  # examined; logged for a sample of consumers (scenario: serving.impression_log)
    CLICK = 1
    CART = 2
    ORDER = 3
    LIKE = 4
    COMMENT = 5
    FOLLOW = 6
    SHARE = 7
    STOCKOUT = 8  # wanted to buy, nothing available
    RATING = 9  # after delivery; value = stars 1-5
    RETURN = 10
