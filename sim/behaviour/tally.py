"""What the kernel writes down: counters by cohort, day and surface, and rows of acts."""

from sim.schema.clock import TICKS_PER_MINUTE
from sim.schema.compiled import inner
from sim.schema.kinds import Surface

TICKS_PER_DAY = 1440 * TICKS_PER_MINUTE
LIVE = int(Surface.LIVE)


@inner
def surface_now(row):
    """Return the surface of the page a session is on: the room's while it is in one."""
    return LIVE if row.room >= 0 else row.surface


@inner
def count(w, c, row, counter, amount):
    """Add to a counter of the session's cohort and day."""
    cohort = 1 if row.started >= c.warm_up else 0
    w.daily[cohort, row.started // TICKS_PER_DAY, surface_now(row), counter] += amount


@inner
def count_session(w, c, row, counter):
    """Count a session once, under the surface it began on."""
    cohort = 1 if row.started >= c.warm_up else 0
    w.daily[cohort, row.started // TICKS_PER_DAY, row.began, counter] += 1


@inner
def note(w, row, t, act, content, offer, value):
    """Write an act down for the log."""
    n = w.at[0].acts
    w.at[0].acts = n + 1
    out = w.acts[n]
    out.time = t
    out.session = row.session
    out.consumer = row.consumer
    out.content = content
    out.offer = offer
    out.act = act
    out.surface = surface_now(row)
    out.page = row.page
    out.position = row.place
    out.value = value
    out.propensity = row.propensity[row.place]
