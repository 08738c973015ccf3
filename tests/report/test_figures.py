"""Numbers are shown with the digits their interval supports."""

import pytest

from sim.report.figures import count, figure, p_value, percent, plus_minus, shown_unit, size, times

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "half_width", "unit", "shown"),
    [
        (12345.678, 120.0, "count", ("12,346", "120")),
        (0.03123, 0.0004, "share", ("3.123", "0.040")),
        (0.5, 0.12, "share", ("50", "12")),
        (61.2345, 4.7, "money", ("61.2", "4.7")),
        (61.2345, 0.99999, "money", ("61.2", "1.0")),
        (0.573312, 0.0045, "ratio", ("0.5733", "0.0045")),
        (1.0, 0.0, "count", ("1", "0")),
        (NAN, NAN, "count", ("–", "–")),
        (1.23456, NAN, "count", ("1.235", "–")),
    ],
)
def test_a_mean_has_the_digits_of_its_half_width(value, half_width, unit, shown):
    assert (figure(value, half_width, unit), plus_minus(value, half_width, unit)) == shown


@pytest.mark.parametrize(
    ("share", "half_width", "shown"),
    [
        (0.031, 0.006, "3.1 % ± 0.6 %"),
        (-0.42, 0.11, "-42 % ± 11 %"),
        (0.031, NAN, "3.1 %"),
        (0.0002, 0.0003, "0.02 % ± 0.03 %"),
        (0.0, NAN, "0.0 %"),
        (NAN, NAN, "–"),
    ],
)
def test_relative_changes_are_in_per_cent(share, half_width, shown):
    assert percent(share, half_width) == shown


@pytest.mark.parametrize(("p", "shown"), [(0.0004, "< 0.001"), (0.0123, "0.012"), (0.4567, "0.46"), (NAN, "–")])
def test_p_values_are_short(p, shown):
    assert p_value(p) == shown


@pytest.mark.parametrize(("ratio", "shown"), [(0.75, "0.8x"), (2122.2, "2,122x"), (99.94, "99.9x"), (NAN, "–")])
def test_ratios_are_told_as_times(ratio, shown):
    assert times(ratio) == shown


def test_words_agree_with_numbers():
    assert (count(1, "replication"), count(1200, "replication")) == ("1 replication", "1,200 replications")
    assert (size(3.21e9), size(41e6)) == ("3.2 GB", "41 MB")
    assert (shown_unit("share"), shown_unit("money", "CNY"), shown_unit("hours")) == ("%", "CNY", "hours")
