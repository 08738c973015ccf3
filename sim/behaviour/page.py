"""A page: what it freezes when it opens, and how a consumer's eyes walk down it."""

import math

from sim.behaviour.choice import chance, click_utility, depth, duration, match
from sim.behaviour.crowd import ASKED, CLICK, NO_PAGE, RECENT_PLACES, TURN
from sim.behaviour.purposes import ATTENTION, LOOK, NEXT_PAGE
from sim.behaviour.purposes import CLICK as CLICK_DRAW
from sim.behaviour.tally import count, note
from sim.schema.clock import TICKS_PER_MINUTE
from sim.schema.compiled import inner
from sim.schema.counters import Counter
from sim.schema.draws import uniform
from sim.schema.kinds import Act, ContentKind
from sim.world.state import SEEN_PLACES

ROOM = int(ContentKind.ROOM)
IMPRESSION = int(Act.IMPRESSION)
PAGES, SLATE_ITEMS = int(Counter.PAGES), int(Counter.SLATE_ITEMS)
IMPRESSIONS, OOS_IMPRESSIONS = int(Counter.IMPRESSIONS), int(Counter.OOS_IMPRESSIONS)
ROOM_PAGES = 1 << 20
"""Looks in a room are keyed as pages from here on."""
MOST_PAGES = 10_000


@inner
def open_page(w, c, s, t):
    """Open the slate at hand at ``t``; return the instant of the session's next event."""
    row = w.sessions[s]
    row.opened = row.cursor = t
    row.place = 0
    places = row.slate.shape[0]
    row.depth = depth(uniform(row.key, ATTENTION, row.page), c.attention, places)
    shown = 0
    for j in range(places):
        if row.slate[j] >= 0:
            freeze(w, c, row, j)
            shown += 1
        else:
            row.offer_at[j] = -1
    count(w, c, row, PAGES, 1)
    count(w, c, row, SLATE_ITEMS, shown)
    row.next_state = NO_PAGE
    if uniform(row.key, NEXT_PAGE, row.page) < c.next_page and row.page < MOST_PAGES:
        ask(w, s, row.page + 1, t)
    return walk(w, c, s)


@inner
def open_look(w, c, s, t):
    """Look at the item on show in the room at ``t``: a page with one place."""
    row = w.sessions[s]
    row.opened = row.cursor = t
    row.place = 0
    row.depth = 0
    row.look += 1
    room = w.rooms[row.room]
    if room.offer >= 0:
        row.slate[0] = w.contents.shape[0] - w.rooms.shape[0] + row.room
        row.propensity[0] = math.nan
        freeze(w, c, row, 0)
        row.slot = room.slot
        row.depth = 1
        count(w, c, row, SLATE_ITEMS, 1)
    count(w, c, row, PAGES, 1)
    return walk(w, c, s)


@inner
def open_details(w, s, t):
    """Look at the offer in the session's first place at ``t``, where no page was; it is remembered as seen."""
    row = w.sessions[s]
    row.opened = row.cursor = t
    row.depth = 1
    for j in range(1, row.slate.shape[0]):
        row.slate[j] = row.offer_at[j] = -1
    row.offer_at[0] = row.slate[0]
    row.price_at[0] = w.offers[row.slate[0]].price
    row.propensity[0] = math.nan
    remember(w, s, row.slate[0])


@inner
def freeze(w, c, row, j):
    """Fix what place ``j`` shows until the page is left: offer, price, sold-out badge, utility of a click."""
    content = w.contents[row.slate[j]]
    offer_id = content.offer
    extra = 0.0
    if content.kind == ROOM:
        offer_id = w.rooms[content.room].offer
        extra = c.live_pull
    row.offer_at[j] = offer_id
    if offer_id < 0:
        return
    offer = w.offers[offer_id]
    in_slot = content.kind == ROOM
    row.price_at[j] = w.rooms[content.room].price if in_slot else offer.price
    units = w.rooms[content.room].left if in_slot else offer.available
    row.sold_out_at[j] = 1 if units <= 0 else 0
    if j >= row.depth and row.room < 0:
        return
    row.utility[j] = utility(w, c, row, j, extra)


@inner
def utility(w, c, row, j, extra):
    """Return V of a click on place ``j`` before fatigue."""
    content = w.contents[row.slate[j]]
    offer = w.offers[row.offer_at[j]]
    consumer = w.consumers[row.consumer]
    vector = offer.vector if content.kind == ROOM else content.vector
    appeal = offer.appeal if content.kind == ROOM else content.appeal
    relative = consumer.sensitivity * (math.log(row.price_at[j]) - offer.reference)
    discount = max(0.0, 1.0 - row.price_at[j] / offer.list_price)
    followed = False
    if content.creator >= 0:
        for i in range(consumer.follows.shape[0]):
            followed |= consumer.follows[i] == content.creator
    return extra + click_utility(
        c,
        match(consumer.taste, vector),
        appeal,
        relative,
        discount,
        offer.sold,
        followed,
        row.sold_out_at[j] == 1,
        0.0,
    )


@inner
def ask(w, s, page, t):
    """Request the session's next page, with what it has done by now."""
    row = w.sessions[s]
    n = w.at[0].requests
    w.at[0].requests = n + 1
    request = w.requests[n]
    request.consumer, request.session, request.target = row.consumer, row.session, s
    request.page, request.surface, request.query = page, row.surface, row.query
    request.minute = t / TICKS_PER_MINUTE
    for i in range(RECENT_PLACES):
        request.recent[i] = row.recent[i]
    row.next_state = ASKED
    row.request = n


@inner
def walk(w, c, s):
    """Look at places from where the eyes are until a click or the end of the page; return that instant."""
    row = w.sessions[s]
    page = ROOM_PAGES + row.look if row.room >= 0 else row.page
    mean = c.live_look if row.room >= 0 else c.look
    for j in range(row.place, row.depth):
        if row.offer_at[j] < 0:
            continue
        row.place = j
        t = row.cursor
        row.cursor += duration(mean, uniform(row.key, LOOK, page * 128 + j), c.grid)
        luck = lucky_content(row, j)
        fatigue = examine(w, c, s, luck, t)
        if uniform(row.key, CLICK_DRAW, luck + (row.exposure << 32)) < chance(row.utility[j] + fatigue):
            row.stage = CLICK
            return row.cursor
    row.place = max(0, row.depth - 1)
    row.stage = TURN
    return max(row.cursor, row.opened + c.shortest_page)


@inner
def lucky_content(row, j):
    """Return what keys the luck at place ``j``: in a room the item on show, elsewhere the content."""
    return row.offer_at[j] if row.room >= 0 else row.slate[j]


@inner
def examine(w, c, s, luck, t):
    """Count the impression at the session's place, remember it, and return what repetition takes off V."""
    row = w.sessions[s]
    j = row.place
    ever = remember(w, s, luck)
    count(w, c, row, IMPRESSIONS, 1)
    if row.sold_out_at[j] == 1:
        count(w, c, row, OOS_IMPRESSIONS, 1)
    if row.started >= c.warm_up:
        w.exposure[row.started // c.ticks_per_bucket, row.slate[j]] += 1
    if w.consumers[row.consumer].logged == 1:
        note(w, row, t, IMPRESSION, row.slate[j], row.offer_at[j], 1.0)
    return c.log_repeat * ever


@inner
def remember(w, s, luck):
    """Remember what the session's eyes are on; return how often it was seen before, of all that is remembered."""
    row = w.sessions[s]
    consumer = w.consumers[row.consumer]
    in_session, ever = 0, 0
    for i in range(min(consumer.n_seen, SEEN_PLACES)):
        if consumer.seen[(consumer.n_seen - 1 - i) % SEEN_PLACES] == luck:
            ever += 1
            if i < row.examined:
                in_session += 1
    row.exposure = in_session
    consumer.seen[consumer.n_seen % SEEN_PLACES] = luck
    consumer.n_seen += 1
    row.examined += 1
    return ever
