"""The bar: how much is done, whatever the order in which jobs tell of it."""

from io import StringIO

import pytest
from rich.console import Console

from sim.report import progress
from sim.report.progress import progress_bar


@pytest.fixture
def screen(monkeypatch):
    """Return what a terminal of 80 columns is sent."""
    sent = StringIO()
    terminal = Console(file=sent, force_terminal=True, width=80, color_system=None)
    monkeypatch.setattr(progress, "Console", lambda stderr: terminal)
    return sent


def shown(screen, *told):
    """Return the bar when the jobs have told their shares, before it is taken away."""
    with progress_bar("a world", 4) as watch:
        for number, share in told:
            watch(number, share)
        screen.truncate(0)
    return screen.getvalue()


def test_it_tells_the_share_and_how_many_are_finished(screen):
    bar = shown(screen, (0, 0.5), (1, 0.5), (0, 1.0), (2, 0.5))
    assert "a world" in bar
    assert " 50 % 1 of 4 done " in bar
    assert " left " in bar


def test_a_job_that_begins_again_falls_back(screen):
    assert " 12 % 0 of 4 done " in shown(screen, (0, 0.75), (0, 0.5))


@pytest.mark.parametrize(("compiled", "said"), [(False, "compiling, this once"), (True, "a world")])
def test_before_anything_is_done_it_says_what_is_waited_for(screen, monkeypatch, compiled, said):
    monkeypatch.setattr(progress, "is_compiled", lambda: compiled)
    assert said in shown(screen)


def test_where_stderr_is_no_terminal_nothing_is_shown(capsys):
    with progress_bar("a world", 4) as watch:
        watch(0, 1.0)
    assert capsys.readouterr() == ("", "")
