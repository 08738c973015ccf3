"""Jobs on one process or several: the same results; killed workers are replaced, errors told in one line."""

import os
from pathlib import Path

import pytest

from sim.errors import InvariantError, ScenarioError, SimError
from sim.study.executor import Job, execute
from tests.study import tasks


def jobs(*made):
    return [Job(f"replication {number}", task) for number, task in enumerate(made)]


def results(made, workers):
    heard = []
    found = dict(execute(made, workers, lambda number, share: heard.append((number, share))))
    return found, heard


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_every_job_is_performed_once_whatever_the_number_of_workers(workers):
    found, heard = results(jobs(*map(tasks.Square, range(5))), workers)
    assert {number: value for number, (value, _) in found.items()} == {n: n**2 for n in range(5)}
    assert sorted(heard) == [(n, share) for n in range(5) for share in (0.5, 1.0)]


def test_one_worker_is_this_process_and_two_are_others():
    alone, _ = results(jobs(tasks.Square(1)), 1)
    apart, _ = results(jobs(tasks.Square(1), tasks.Square(2)), 2)
    assert alone[0][1] == os.getpid()
    assert os.getpid() not in {pid for _, pid in apart.values()}


def test_nothing_to_do_is_done_at_once():
    assert results([], 2) == ({}, [])


def test_a_killed_worker_costs_only_the_job_in_hand(tmp_path):
    """The job runs again on a new worker; what the other worker does goes on undisturbed."""
    beside = Path(tmp_path / "beside")
    found, _ = results(jobs(tasks.KilledOnce(tmp_path / "mark"), tasks.Mark(beside, 0.5), tasks.Square(3)), 2)
    assert found[0][0] == "done"
    assert found[2][0] == 9
    assert beside.read_text() == "x"


def test_a_job_that_kills_its_worker_twice_is_named():
    with pytest.raises(SimError) as caught:
        results(jobs(tasks.Square(1), tasks.killed_always), 2)
    assert "replication 1: its worker was killed twice (signal 9)" in str(caught.value)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_job_raises_on_purpose_names_the_job(workers):
    with pytest.raises(InvariantError) as caught:
        results(jobs(tasks.law_broken, tasks.Square(1)), workers)
    assert str(caught.value) == "replication 0: stock: 3 units vanished. At minute 7."
    assert "tasks.py" in caught.value.__notes__[0]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_users_mistake_passes_unchanged(workers):
    with pytest.raises(ScenarioError) as caught:
        results(jobs(tasks.wrong_table, tasks.Square(1)), workers)
    assert caught.value.args == ("catalogue.from", "no column 'price'", "")


@pytest.mark.parametrize("workers", [1, 2])
def test_what_nobody_planned_is_one_line_too(workers):
    with pytest.raises(SimError, match=r"replication 0: KeyError: .*--traceback"):
        results(jobs(tasks.defect, tasks.Square(1)), workers)


@pytest.mark.parametrize("workers", [1, 2])
def test_every_job_computes_on_one_thread(workers):
    found, _ = results(jobs(tasks.threads, tasks.threads), workers)
    assert all(threads and set(threads) == {1} for threads in found.values())


def test_the_environment_of_this_process_stays_as_it_was(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    results(jobs(tasks.Square(1), tasks.Square(2)), 2)
    assert os.environ["OMP_NUM_THREADS"] == "7"


def test_an_error_ends_the_workers_that_are_still_busy(tmp_path):
    marks = tmp_path / "marks"
    with pytest.raises(InvariantError):
        results(jobs(tasks.law_broken, tasks.Mark(marks, 600.0)), 2)
    assert not marks.exists()
