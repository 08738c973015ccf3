"""A session's life: it arrives, turns pages, clicks, enters rooms, buys, leaves.

`step` takes one event and returns the instant of the session's next one, -1 when it is over.
"""

from sim.behaviour.choice import chance, duration, match
from sim.behaviour.crowd import BUY, CLICK, LANDED, NO_PAGE, READY, RECENT_PLACES, RETRY, TURN
from sim.behaviour.page import MOST_PAGES, ROOM, ask, lucky_content, open_details, open_look, open_page, walk
from sim.behaviour.purchase import try_again, try_to_buy, wants_to_buy
from sim.behaviour.purposes import CHECKOUT, COMMENT, DETAIL, FOLLOW, LIKE, NEXT_PAGE, SHARE, STAY
from sim.behaviour.tally import TICKS_PER_DAY, count, count_session, note
from sim.schema.compiled import inner
from sim.schema.counters import Counter
from sim.schema.draws import extend, uniform
from sim.schema.kinds import Act, Surface

FEED = int(Surface.FEED)
SESSIONS, PAID, CLICKS = int(Counter.SESSIONS), int(Counter.PAID_SESSIONS), int(Counter.CLICKS)
LIKES, COMMENTS = int(Counter.LIKES), int(Counter.COMMENTS)
FOLLOWS, SHARES, LANDINGS = int(Counter.FOLLOWS), int(Counter.SHARES), int(Counter.LANDINGS)
ACT_CLICK, ACT_LIKE, ACT_COMMENT = int(Act.CLICK), int(Act.LIKE), int(Act.COMMENT)
ACT_FOLLOW, ACT_SHARE = int(Act.FOLLOW), int(Act.SHARE)


@inner
def start(w, c, s, arrival):
    """Begin a session in slot ``s``: with the slate that is there, in a room, or at an offer's details."""
    row = w.sessions[s]
    t = arrival.time
    row.key = extend(extend(w.key, arrival.consumer), arrival.number)
    row.session, row.number, row.consumer = arrival.session, arrival.number, arrival.consumer
    row.began = row.surface = arrival.surface
    row.query = arrival.query
    row.started = t
    row.page = row.look = row.examined = row.exposure = row.ordered = row.place = 0
    row.room = row.wait_offer = -1
    row.next_state = NO_PAGE
    for i in range(RECENT_PLACES):
        row.recent[i] = -1
    count_session(w, c, row, SESSIONS)
    day = t // TICKS_PER_DAY
    w.active[row.consumer, day >> 3] |= 1 << (day & 7)
    if arrival.paid != 0:
        advertised = arrival.offer
        if arrival.room >= 0:
            advertised = w.contents.shape[0] - w.rooms.shape[0] + arrival.room
        w.contents[advertised].visits += 1
        count_session(w, c, row, PAID)
        w.consumers[row.consumer].touch = advertised
        w.consumers[row.consumer].touched = t
    elif arrival.room < 0:
        return open_page(w, c, s, t)
    row.page = -1
    row.surface = FEED  # after the room, or the details, comes the feed
    if arrival.room < 0:
        row.slate[0] = row.recent[0] = arrival.offer
    if uniform(row.key, NEXT_PAGE, row.page) < c.next_page:
        ask(w, s, 0, t)
    if arrival.room < 0:
        row.stage = LANDED  # its next event, before anybody else's
        return t
    if w.rooms[arrival.room].live == 0:
        row.depth, row.opened, row.stage = 0, t, TURN
        return t + c.shortest_page
    return enter_room(w, c, s, arrival.room, t)


@inner
def shown(w, arrival):
    """Tell whether an advertisement can be shown: its offer is there, or its room is live."""
    if arrival.room < 0:
        return w.offers[arrival.offer].available > 0
    return w.rooms[arrival.room].live != 0


@inner
def step(w, c, s, t):
    """Take the session's event at ``t``."""
    row = w.sessions[s]
    if row.stage == TURN:
        return turn(w, c, s, t)
    if row.stage in (CLICK, LANDED):
        return click(w, c, s, t)
    if row.stage == BUY:
        try_to_buy(w, c, s, t)
        return look_on(w, c, s, t + c.grid)
    try_again(w, c, s, t)
    return -1


@inner
def turn(w, c, s, t):
    """The page is over: look on in the room, open the next page, or leave."""
    row = w.sessions[s]
    if row.room >= 0:
        if stays(w, c, s):
            return open_look(w, c, s, t)
        leave_room(w, s, t)
    if row.next_state != READY:
        return end(w, s, t)
    row.page += 1
    for j in range(row.slate.shape[0]):
        row.slate[j] = row.next_slate[j]
        row.propensity[j] = row.next_propensity[j]
    return open_page(w, c, s, t)


@inner
def end(w, s, t):
    """The session is over, unless the consumer waits for stock."""
    row = w.sessions[s]
    if row.wait_offer < 0:
        return -1
    row.stage = RETRY
    return max(row.wait_at, t)


@inner
def click(w, c, s, t):
    """Open what was clicked: a room, or an offer's details and perhaps the cart."""
    row = w.sessions[s]
    landed = row.stage == LANDED  # the click was on an advertisement, no page of the platform's
    if landed:
        open_details(w, s, t)
    j = row.place
    content = w.contents[row.slate[j]]
    note(w, row, t, ACT_CLICK, row.slate[j], row.offer_at[j], 1.0)
    count(w, c, row, LANDINGS if landed else CLICKS, 1)
    if not landed:
        for i in range(RECENT_PLACES - 1, 0, -1):
            row.recent[i] = row.recent[i - 1]
        row.recent[0] = row.slate[j]
        be_social(w, c, s, t)
    if content.kind == ROOM and row.room < 0:
        if w.rooms[content.room].live != 0:
            return enter_room(w, c, s, content.room, t)
        return look_on(w, c, s, t + c.grid)
    luck = lucky_content(row, j) + (row.exposure << 32)
    if wants_to_buy(w, c, s, t):
        row.stage = BUY
        return t + duration(c.checkout, uniform(row.key, CHECKOUT, luck), c.grid)
    mean = c.live_look if row.room >= 0 else c.detail
    return look_on(w, c, s, t + duration(mean, uniform(row.key, DETAIL, luck), c.grid))


@inner
def look_on(w, c, s, t):
    """Go on with the page from the place after this one, from ``t``."""
    row = w.sessions[s]
    row.place += 1
    row.cursor = t
    return walk(w, c, s)


@inner
def enter_room(w, c, s, room, t):
    """Join the viewers and look at what is on show."""
    row = w.sessions[s]
    place = w.rooms[room]
    row.room = room
    row.live = place.live
    row.look = 0
    place.viewers += 1
    place.entries += 1
    place.peak = max(place.peak, place.viewers)
    place.watched -= t
    return open_look(w, c, s, t)


@inner
def leave_room(w, s, t):
    """Leave the viewers, unless the livestream has ended and counted everybody out."""
    row = w.sessions[s]
    place = w.rooms[row.room]
    if place.live == row.live:
        place.viewers -= 1
        place.watched += t
    row.room = -1


@inner
def stays(w, c, s):
    """Tell whether a viewer looks once more; boredom comes sooner where taste and item do not match."""
    row = w.sessions[s]
    room = w.rooms[row.room]
    if room.live != row.live or row.look >= MOST_PAGES:
        return False
    fit = 0.0
    if room.offer >= 0:
        fit = match(w.consumers[row.consumer].taste, w.offers[room.offer].vector)
    return uniform(row.key, STAY, row.look) < chance(c.live_stay + c.live_stay_taste * fit)


@inner
def be_social(w, c, s, t):
    """Like, comment, share, follow."""
    row = w.sessions[s]
    j = row.place
    luck = lucky_content(row, j) + (row.exposure << 32)
    if uniform(row.key, LIKE, luck) < c.like:
        note(w, row, t, ACT_LIKE, row.slate[j], row.offer_at[j], 1.0)
        count(w, c, row, LIKES, 1)
    if uniform(row.key, COMMENT, luck) < c.comment:
        note(w, row, t, ACT_COMMENT, row.slate[j], row.offer_at[j], 1.0)
        count(w, c, row, COMMENTS, 1)
    if uniform(row.key, SHARE, luck) < c.share:
        note(w, row, t, ACT_SHARE, row.slate[j], row.offer_at[j], 1.0)
        count(w, c, row, SHARES, 1)
    creator = w.contents[row.slate[j]].creator
    if creator >= 0 and uniform(row.key, FOLLOW, luck) < c.follow:
        follow(w, c, s, t, creator)


@inner
def follow(w, c, s, t, creator):
    """Follow a creator, if not followed yet and a place is free."""
    row = w.sessions[s]
    follows = w.consumers[row.consumer].follows
    for i in range(follows.shape[0]):
        if follows[i] == creator:
            return
        if follows[i] < 0:
            follows[i] = creator
            note(w, row, t, ACT_FOLLOW, row.slate[row.place], row.offer_at[row.place], 1.0)
            count(w, c, row, FOLLOWS, 1)
            return
