"""What a learned ranker looks at: a column of numbers for a consumer, a content and the moment.

The same kernel makes the columns to learn from and the columns to rank by.  The position on the page is not among
them.
"""

import numpy as np

from policies.recommenders._counts import MINUTES_PER_DAY
from sim.schema.compiled import allocating, inner
from sim.schema.kinds import ContentKind, Surface
from sim.schema.recommending import Single

FEATURES = (
    "content_liked",  # ln(1 + decayed acts)
    "offer_liked",  # the same of the offer, whatever led to it
    "click_rate",  # ln(rate / average)
    "affinity",  # root of the summed similarity to the profile
    "acted_on",  # 1 where in the profile
    "category_share",  # of the profile
    "brand_share",
    "merchant_share",
    "creator_share",
    "creator_followed",  # 0 or 1
    "segment_taste",  # ln(share of the category in the segment / overall)
    "price",  # ln cents
    "price_in_category",  # ln(price / median list price of the category)
    "price_distance",  # |ln price - mean ln list price of the profile|
    "age",  # ln(1 + days since listed), 0 for rooms
    "is_video",
    "is_room",
    "in_feed",
    "profile_size",  # ln(1 + contents)
    "hour_sine",
    "hour_cosine",
)
N = len(FEATURES)
VIDEO, ROOM, FEED = int(ContentKind.VIDEO), int(ContentKind.ROOM), int(Surface.FEED)


@allocating
def columns(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    profile, content, offer, price, affinity, consumer, minute, surface, known
):
    """Return float32[n, features, m]; columns of places that hold no content are 0.

    Parameters
    ----------
    profile : int32[n, p], -1 padded at the end
    content, offer : int32[n, m]
        -1 = nothing; a content without an offer has -1 there.
    price : float64[n, m], cents
    affinity : float64[n, m]
    consumer, minute, surface : [n]
    known : Known
    """
    n, m = content.shape
    out = np.zeros((n, N, m), np.float32)
    held = np.zeros(len(known.kind), np.bool_)
    groups = known.groups
    shares = np.zeros(groups[0]), np.zeros(groups[1]), np.zeros(groups[2]), np.zeros(groups[3])
    follows = np.zeros(groups[3], np.bool_)
    for i in range(n):
        own = profile[i, : _size(profile[i])]
        _share_out(own, held, shares, known)
        creators = known.followed[known.followed_start[consumer[i]] : known.followed_start[consumer[i] + 1]]
        for creator in creators:
            follows[creator] = True
        usual = _usual_price(own, known)
        turn = 2 * np.pi * (minute[i] / MINUTES_PER_DAY)
        size, sine, cosine = np.log1p(len(own)), np.sin(turn), np.cos(turn)
        page = out[i]
        for j in range(m):
            c = content[i, j]
            if c < 0:
                continue
            o = offer[i, j]
            _of_content(page[:, j], c, o, consumer[i], minute[i], known)
            _of_profile(page[:, j], c, o, held, shares, follows, known)
            page[3, j] = np.sqrt(affinity[i, j])
            _of_price(page[:, j], o, price[i, j], usual, known)
            page[17, j] = surface[i] == FEED
            page[18, j], page[19, j], page[20, j] = size, sine, cosine
        _clear(own, held, shares, known)
        for creator in creators:
            follows[creator] = False
    return out


@allocating
def on_offer(content, named, price, room_offer, room_price, first_room):  # type: ignore[no-untyped-def]  # as above
    """Return the offers that contents of shape (n, m) name now, -1 = none, and their prices now, cents."""
    offer = np.full(content.shape, -1, np.int32)
    cents = np.zeros(content.shape)
    for i in range(content.shape[0]):
        for j in range(content.shape[1]):
            c = content[i, j]
            if c >= first_room:
                offer[i, j], cents[i, j] = room_offer[c - first_room], room_price[c - first_room]
            elif c >= 0:
                offer[i, j], cents[i, j] = named[c], price[named[c]]
    return offer, cents


def rows(found: Single) -> Single:
    """Return columns of shape (n, features, m) as the rows of a table, shape (n m, features)."""
    turned: Single = np.ascontiguousarray(found.transpose(0, 2, 1)).reshape(-1, found.shape[1])
    return turned


@inner
def _size(profile):  # type: ignore[no-untyped-def]  # as above
    size = 0
    while size < len(profile) and profile[size] >= 0:
        size += 1
    return size


@inner
def _usual_price(profile, known):  # type: ignore[no-untyped-def]  # as above
    """Return the mean ln list price of what the profile holds, -1 where that is nothing."""
    total, n = 0.0, 0
    for c in profile:
        offer = known.offer[c]
        if offer >= 0:
            total += known.log_price[offer]
            n += 1
    return total / n if n else -1.0


@inner
def _share_out(profile, held, shares, known):  # type: ignore[no-untyped-def]  # as above
    """Mark what the profile holds, and add up its shares of each category, brand, merchant and creator."""
    for c in profile:
        held[c] = True
        part = 1.0 / len(profile)
        o = known.offer[c]
        if o >= 0:
            shares[0][known.category[o]] += part
            shares[1][known.brand[o]] += part
            shares[2][known.merchant[o]] += part
        if known.creator[c] >= 0:
            shares[3][known.creator[c]] += part


@inner
def _clear(profile, held, shares, known):  # type: ignore[no-untyped-def]  # as above
    for c in profile:
        held[c] = False
        o = known.offer[c]
        if o >= 0:
            shares[0][known.category[o]] = shares[1][known.brand[o]] = shares[2][known.merchant[o]] = 0.0
        if known.creator[c] >= 0:
            shares[3][known.creator[c]] = 0.0


@inner
def _of_content(x, c, o, consumer, minute, known):  # type: ignore[no-untyped-def]  # as above
    x[0] = known.liked[c]
    x[2] = known.click_rate[c]
    if o >= 0:
        x[1] = known.offer_liked[o]
        x[10] = known.segment_taste[known.segment[consumer], known.category[o]]
    kind = known.kind[c]
    if kind != ROOM:
        x[14] = np.log1p(max(minute - known.listed[c], 0.0) / MINUTES_PER_DAY)
    x[15] = kind == VIDEO
    x[16] = kind == ROOM


@inner
def _of_profile(x, c, o, held, shares, follows, known):  # type: ignore[no-untyped-def]  # as above
    x[4] = held[c]
    if o >= 0:
        x[5] = shares[0][known.category[o]]
        x[6] = shares[1][known.brand[o]]
        x[7] = shares[2][known.merchant[o]]
    creator = known.creator[c]
    if creator >= 0:
        x[8] = shares[3][creator]
        x[9] = follows[creator]


@inner
def _of_price(x, o, price, usual, known):  # type: ignore[no-untyped-def]  # as above
    log_price = np.log(max(price, 1.0))
    x[11] = log_price
    x[12] = log_price - known.usual_price[known.category[o]] if o >= 0 else 0.0
    x[13] = abs(log_price - usual) if usual >= 0 else 0.0
