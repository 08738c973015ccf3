"""What a fit may see: the rows strictly before it, in order of time, however they came in."""

from itertools import count, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InvariantError
from sim.record.behaviour_log import LogBook
from sim.schema.clock import TICKS_PER_MINUTE, to_minutes, to_ticks
from sim.schema.kinds import Act
from sim.schema.recommending import BehaviourLog
from sim.world.state import Rows
from tests.record.handmade import acts

COLUMNS = [name for name in BehaviourLog.__dataclass_fields__ if name not in ("until", "visible", "comments")]
instants = st.lists(st.integers(0, 40), max_size=30).map(sorted)


class Browsing:
    """Consumers who have done what lies before their clock, and hand it over in pieces."""

    def __init__(self, rows: Rows, cuts: list[int] | None = None) -> None:
        self.rows = rows
        self.cuts = cuts or []
        self.clock = 0
        self._given = 0

    def take(self) -> list[Rows]:
        end = int(np.searchsorted(self.rows["time"], self.clock))
        edges = sorted({self._given, *(cut for cut in self.cuts if self._given < cut < end), end})
        self._given = end
        return [self.rows[a:b] for a, b in pairwise(edges)]


def run(book: LogBook, browsing: Browsing, later: list[int], fits: list[int]) -> list[BehaviourLog]:
    """Let processes log returns at ``later``, and fit at ``fits`` (ticks), each thing in its turn."""
    logs = []
    events = sorted([(at, 0) for at in later] + [(at, 1) for at in fits])
    numbers = count()
    for at, is_fit in events:
        if is_fit:
            browsing.clock = at
            logs.append(book.until(to_minutes(at)))
        else:
            number = next(numbers)
            book.later(Act.RETURN, at, consumer=2, offer=number, session=number, value=1.0)
    browsing.clock = 1 << 40
    return logs


@given(instants, instants, instants, st.integers(0, 5))
def test_a_fit_sees_exactly_the_rows_strictly_before_it_less_the_delay(browsed, later, fits, delay):
    browsing = Browsing(acts(browsed))
    logs = run(LogBook(browsing.take, delay), browsing, later, fits)
    for fit, log in zip(fits, logs, strict=True):
        seen = sorted(at for at in (*browsed, *later) if at < fit - delay)
        assert (log.minute * TICKS_PER_MINUTE).tolist() == seen
        assert log.until == to_minutes(fit)


@given(instants, instants, instants, st.lists(st.integers(0, 30)), st.integers(0, 5))
def test_neither_chunks_nor_earlier_fits_leave_a_trace_in_the_log(browsed, later, fits, cuts, delay):
    plain, cut = Browsing(acts(browsed)), Browsing(acts(browsed), cuts)
    whole, pieces = LogBook(plain.take, delay), LogBook(cut.take, delay)
    run(whole, plain, later, [])
    run(pieces, cut, later, fits)
    at_once, bit_by_bit = whole.until(1.0), pieces.until(1.0)
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(at_once, name), getattr(bit_by_bit, name), strict=True)
    assert whole.everything().tobytes() == pieces.everything().tobytes()


@given(instants, instants)
def test_the_whole_log_holds_every_row_as_it_was(browsed, later):
    browsing = Browsing(acts(browsed))
    book = LogBook(browsing.take, delay=3)
    run(book, browsing, later, [10, 20])
    rows = book.everything()
    assert rows[rows["act"] == Act.CLICK].tolist() == browsing.rows.tolist()
    assert rows["time"][rows["act"] == Act.RETURN].tolist() == later


def test_at_one_instant_processes_come_before_consumers_and_each_in_the_order_they_were_noted():
    browsing = Browsing(acts([7, 7], consumer=[0, 1]))
    book = LogBook(browsing.take, delay=0)
    book.later(Act.RATING, 7, consumer=3, offer=1, session=9, value=5.0)
    browsing.clock = 7  # the process acts before consumers do
    assert len(book.until(to_minutes(7))) == 0
    book.later(Act.RATING, 7, consumer=2, offer=1, session=9, value=5.0)
    browsing.clock = 8
    assert book.until(to_minutes(8)).consumer.tolist() == [3, 2, 0, 1]


def test_what_is_done_after_delivery_names_the_offers_own_content_and_no_place_on_a_page():
    book = LogBook(list, delay=0)
    book.later(Act.RATING, 5, consumer=3, offer=6, session=9, value=4.0)
    log = book.until(1.0)
    assert (log.act[0], log.consumer[0], log.offer[0], log.content[0], log.session[0]) == (Act.RATING, 3, 6, 6, 9)
    assert (log.surface[0], log.page[0], log.position[0], log.value[0]) == (-1, -1, -1, 4.0)
    assert np.isnan(log.propensity[0])


def test_columns_are_contiguous_read_only_and_of_the_seams_types():
    browsing = Browsing(acts([1, 2, 3]))
    browsing.clock = 10
    log = LogBook(browsing.take, delay=0).until(1.0)
    for name in COLUMNS:
        column = getattr(log, name)
        assert column.flags.c_contiguous
        assert not column.flags.writeable
    assert (log.minute.dtype, log.act.dtype, log.page.dtype, log.value.dtype) == ("f8", "i1", "i4", "f8")


def test_a_log_handed_out_stays_as_it_is_while_the_book_grows():
    browsing = Browsing(acts(list(range(5000))))
    book = LogBook(browsing.take, delay=0)
    browsing.clock = 900
    early = book.until(to_minutes(900))
    before = early.session.copy()
    browsing.clock = 5000
    assert len(book.until(to_minutes(5000))) == 5000
    np.testing.assert_array_equal(early.session, before)


def test_an_earlier_fit_may_be_asked_again_and_sees_what_it_saw():
    browsing = Browsing(acts([1, 4, 9]))
    browsing.clock = 20
    book = LogBook(browsing.take, delay=0)
    assert len(book.until(to_minutes(20))) == 3
    assert book.until(to_minutes(5)).session.tolist() == [0, 1]


def test_a_row_that_comes_after_a_fit_that_should_have_seen_it_breaks_a_law():
    book = LogBook(list, delay=0)
    book.until(to_minutes(50))
    book.later(Act.RETURN, 49, consumer=0, offer=0, session=0, value=1.0)
    with pytest.raises(InvariantError, match="after a fit that should see it"):
        book.until(to_minutes(60))


def test_acts_out_of_the_order_of_time_break_a_law():
    book = LogBook(lambda: [acts([5, 3])], delay=0)
    with pytest.raises(InvariantError, match="order of time"):
        book.until(1.0)


def test_a_fit_costs_what_is_new_not_what_is_old():
    """Each column is copied only when its room runs out: for 30 fits of equal size, about five times."""
    rows = acts(list(range(30_000)))
    browsing = Browsing(rows)
    book = LogBook(browsing.take, delay=0)
    homes = set()
    for fit in range(1000, 30_001, 1000):
        browsing.clock = fit
        log = book.until(to_minutes(fit))
        homes.add(log.minute.ctypes.data)
    assert len(log) == 30_000
    assert len(homes) <= 6


def test_minutes_of_the_log_are_exact():
    late = to_ticks(10_000_000.0) + 1
    browsing = Browsing(acts([late]))
    browsing.clock = late + 1
    book = LogBook(browsing.take, delay=0)
    assert book.until(20_000_000.0).minute[0] == to_minutes(late)
    assert book.everything()["time"][0] == late
