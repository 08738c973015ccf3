"""The consumers' main loop: events in order of (time, session id), strictly before a limit."""

from sim.behaviour.calendar import drop_first, push, replace_first
from sim.behaviour.crowd import (
    ASKED,
    DONE,
    FULL_ROWS,
    FULL_SESSIONS,
    NEED_SLATES,
    READY,
    RECENT_PLACES,
    SESSION_BITS,
    TRIGGER,
    TURN,
)
from sim.behaviour.session import shown, start, step
from sim.schema.clock import TICKS_PER_MINUTE
from sim.schema.compiled import compiled, inner

MOST_ROWS = 256
"""No event writes more rows of acts than this, nor more than four orders."""
FAR = 2**63 - 1
"""The key of no event."""


@compiled
def advance(w, coefficients, limit):
    """Walk all sessions strictly before ``limit`` (ticks) and before the release of the first order on the way.

    Returns why it stopped (`sim.behaviour.crowd`).
    """
    c, at = coefficients[0], w.at[0]
    at.due_offer = at.sold_out_room = -1
    while True:
        source, key = first_event(w)
        t = key >> SESSION_BITS
        at.next = FAR if key == FAR else t
        if key == FAR or t >= limit or t >= at.release_at:
            at.now = max(at.now, min(limit, at.release_at))
            return DONE
        if at.acts + MOST_ROWS > w.acts.shape[0] or at.orders + 4 > w.orders.shape[0]:
            return FULL_ROWS
        if at.requests >= w.requests.shape[0]:
            return NEED_SLATES
        if source == 0:
            s = w.heap[0].slot
            row = w.sessions[s]
            if row.stage == TURN and row.next_state == ASKED:
                return NEED_SLATES
            at.now = t
            after = step(w, c, s, t)
            if after < 0:
                drop_first(w.heap, at)
                row.next_free = at.free
                at.free = s
            else:
                replace_first(w.heap, at, (after << SESSION_BITS) | row.session, s)
        else:
            if source == 1 and at.arrival >= at.answered:
                return NEED_SLATES
            if at.free < 0 and at.unused >= w.sessions.shape[0]:
                return FULL_SESSIONS
            at.now = t
            arrive(w, c, source)
        if at.due_offer >= 0 or at.sold_out_room >= 0:
            return TRIGGER


@inner
def first_event(w):
    """Return where the first event is (0 heap, 1 arrivals, 2 flash crowd) and its key."""
    source, key = 0, FAR
    if w.at[0].heap > 0:
        key = w.heap[0].key
    if w.at[0].arrival < w.at[0].arrivals:
        arrival = w.arrivals[w.at[0].arrival]
        other = (arrival.time << SESSION_BITS) | arrival.session
        if other < key:
            source, key = 1, other
    if w.at[0].flash < w.at[0].flashes:
        arrival = w.flash[w.at[0].flash]
        other = (arrival.time << SESSION_BITS) | arrival.session
        if other < key:
            source, key = 2, other
    return source, key


@inner
def arrive(w, c, source):
    """Give the arrival a slot and begin its session; an advertisement that cannot be shown brings nobody."""
    at = w.at[0]
    if source == 2 and w.flash[at.flash].paid != 0 and not shown(w, w.flash[at.flash]):
        at.flash += 1
        return
    if at.free >= 0:
        s = at.free
        at.free = w.sessions[s].next_free
    else:
        s = at.unused
        at.unused += 1
    row = w.sessions[s]
    if source == 1:
        arrival = w.arrivals[at.arrival]
        slate = w.first[at.arrival - at.answered_from]
        at.arrival += 1
        for j in range(row.slate.shape[0]):
            row.slate[j] = slate.content[j]
            row.propensity[j] = slate.propensity[j]
    else:
        arrival = w.flash[at.flash]
        at.flash += 1
    after = start(w, c, s, arrival)
    push(w.heap, at, (after << SESSION_BITS) | row.session, s)


@compiled
def ask_for_arrivals(w, until):
    """Request the first page of every known arrival before ``until``: it has no context of its own yet."""
    first = w.at[0].answered
    if w.at[0].arrival < first:
        return
    n = w.at[0].requests
    i = first
    while i < w.at[0].arrivals and w.arrivals[i].time < until:
        if n >= w.requests.shape[0] or i - first >= w.first.shape[0]:
            break
        arrival, request = w.arrivals[i], w.requests[n]
        request.consumer, request.session, request.target = arrival.consumer, arrival.session, -2 - (i - first)
        request.page, request.surface, request.query = 0, arrival.surface, arrival.query
        request.minute = arrival.time / TICKS_PER_MINUTE
        for j in range(RECENT_PLACES):
            request.recent[j] = -1
        n += 1
        i += 1
    w.at[0].requests = n
    w.at[0].answered_from = first
    w.at[0].answered = i


@compiled
def answer(w, content, propensity):
    """Hand the slates to the sessions and arrivals that asked; row i answers request i."""
    for i in range(w.at[0].requests):
        target = w.requests[i].target
        if target >= 0:
            row = w.sessions[target]
            row.next_state = READY
            for j in range(content.shape[1]):
                row.next_slate[j] = content[i, j]
                row.next_propensity[j] = propensity[i, j]
        elif target < -1:
            slate = w.first[-2 - target]
            for j in range(content.shape[1]):
                slate.content[j] = content[i, j]
                slate.propensity[j] = propensity[i, j]
    w.at[0].requests = 0
