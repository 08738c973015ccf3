"""What a learned ranker looks at: one row of numbers for a consumer, a content and the moment.

The same kernel makes the rows to learn from and the rows to rank by.  The position on the page is not among them.
"""

import numpy as np

from policies.recommenders._counts import MINUTES_PER_DAY
from sim.schema.compiled import allocating, inner
from sim.schema.kinds import ContentKind, Surface

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
def rows(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    profile, content, offer, price, affinity, consumer, minute, surface, known
):
    """Return float64[n, m, features]; rows of places that hold no content are 0.

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
    out = np.zeros((n, m, N))
    for i in range(n):
        size = _size(profile[i])
        usual = _usual_price(profile[i, :size], known)
        turn = 2 * np.pi * (minute[i] / MINUTES_PER_DAY)
        sine, cosine = np.sin(turn), np.cos(turn)
        for j in range(m):
            c = content[i, j]
            if c < 0:
                continue
            row = out[i, j]
            _of_content(row, c, offer[i, j], consumer[i], minute[i], known)
            _of_profile(row, c, offer[i, j], profile[i, :size], known)
            row[3] = np.sqrt(affinity[i, j])
            row[9] = _followed(known.creator[c], consumer[i], known)
            row[11] = np.log(max(price[i, j], 1.0))
            row[12] = row[11] - known.usual_price[known.category[offer[i, j]]] if offer[i, j] >= 0 else 0.0
            row[13] = abs(row[11] - usual) if usual >= 0 else 0.0
            row[17] = surface[i] == FEED
            row[18] = np.log1p(size)
            row[19], row[20] = sine, cosine
    return out


@inner
def _of_content(row, c, offer, consumer, minute, known):  # type: ignore[no-untyped-def]  # as above
    row[0] = known.liked[c]
    row[2] = known.click_rate[c]
    if offer >= 0:
        row[1] = known.offer_liked[offer]
        row[10] = known.segment_taste[known.segment[consumer], known.category[offer]]
    kind = known.kind[c]
    if kind != ROOM:
        row[14] = np.log1p(max(minute - known.listed[c], 0.0) / MINUTES_PER_DAY)
    row[15] = kind == VIDEO
    row[16] = kind == ROOM


@inner
def _of_profile(row, c, offer, profile, known):  # type: ignore[no-untyped-def]  # as above
    if len(profile) == 0:
        return
    part = 1.0 / len(profile)
    creator = known.creator[c]
    for other in profile:
        if other == c:
            row[4] = 1.0
        if creator >= 0 and known.creator[other] == creator:
            row[8] += part
        its = known.offer[other]
        if offer < 0 or its < 0:
            continue
        if known.category[its] == known.category[offer]:
            row[5] += part
        if known.brand[its] == known.brand[offer]:
            row[6] += part
        if known.merchant[its] == known.merchant[offer]:
            row[7] += part


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
def _followed(creator, consumer, known):  # type: ignore[no-untyped-def]  # as above
    if creator >= 0:
        for at in range(known.followed_start[consumer], known.followed_start[consumer + 1]):
            if known.followed[at] == creator:
                return 1.0
    return 0.0
