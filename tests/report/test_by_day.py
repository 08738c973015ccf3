"""The loop's KPIs day by day."""

from io import StringIO

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from sim.report.by_day import LOOP, MOST_DAYS, day_table, spaced


def rows(days, replications=2):
    """Return two KPIs by day: each replication's values are a twenty-fifth apart."""
    made = [
        (number, name, "day", str(day), day / 10 + number / 25)
        for number in range(replications)
        for name in ("gini_exposure", "homogenisation", "sessions")
        for day in days
    ]
    made.append((0, "gini_exposure", "", "", 9.0))
    return pd.DataFrame(made, columns=["replication", "name", "dimension", "key", "value"])


def printed(table):
    screen = Console(file=StringIO(), width=80)
    screen.print(table)
    return [line.split() for line in screen.file.getvalue().splitlines()]


def test_means_over_replications_stand_under_their_days():
    head, *lines = printed(day_table(rows([9, 10, 11]), None))
    assert head == ["by", "day", "day", "9", "day", "10", "day", "11"]
    assert lines == [
        ["gini_exposure", "0.9200", "1.020", "1.120"],
        ["homogenisation", "0.9200", "1.020", "1.120"],
    ]


def test_many_days_still_fit_on_a_terminal():
    frame = pd.concat([rows(range(2, 365)).assign(name=name) for name in LOOP])
    lines = printed(day_table(frame, None))
    assert all(len(line) == MOST_DAYS + 1 for line in lines[1:])
    assert lines[0][2:4] + lines[0][-2:] == ["day", "2", "day", "364"]


def test_one_day_is_no_table():
    assert day_table(rows([3]), None) is None
    assert day_table(rows([]), None) is None


@given(st.integers(1, 1000))
def test_days_shown_are_the_first_the_last_and_some_between_each_once(days):
    found = spaced(days)
    assert (found[0], found[-1]) == (0, days - 1)
    assert found == sorted(set(found))
    assert len(found) == min(days, MOST_DAYS)
