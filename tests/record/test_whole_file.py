"""A file is there whole or not at all."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.errors import SimError
from sim.record import whole_file
from sim.record.whole_file import clear_leftovers, write_whole

WRITER = """
import sys
from pathlib import Path
from sim.record.whole_file import write_whole
folder = Path(sys.argv[1])
for number in range(10**9):
    write_whole(folder / f"{number % 8}.bin", bytes([number % 251]) * 300_000)
    if number == 0:
        print("writing", flush=True)
"""


def leftovers(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.suffix == ".part"]


def test_a_writer_killed_at_any_moment_leaves_no_half_file(tmp_path):
    """Twelve writers, killed at twelve moments; a leftover may stay, and is cleared."""
    for attempt in range(12):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(0.003 * attempt)
            child.send_signal(signal.SIGKILL)
            child.wait()
        for path in tmp_path.glob("*.bin"):
            content = path.read_bytes()
            assert len(content) == 300_000
            assert len(set(content)) == 1
        clear_leftovers(tmp_path)
        assert leftovers(tmp_path) == []
    assert list(tmp_path.glob("*.bin"))


def test_what_a_living_writer_is_at_is_no_leftover(tmp_path, monkeypatch):
    def look_before_the_move(source, target):
        clear_leftovers(tmp_path)
        return real(source, target)

    real = os.replace
    monkeypatch.setattr(whole_file.os, "replace", look_before_the_move)
    write_whole(tmp_path / "a.bin", b"whole")
    assert (tmp_path / "a.bin").read_bytes() == b"whole"


def test_a_file_that_is_taken_for_a_leftover_before_it_is_locked_is_begun_anew(tmp_path, monkeypatch):
    def lock_too_late(file, how):
        if taken.pop():
            clear_leftovers(tmp_path)
        return real(file, how)

    real, taken = whole_file.fcntl.flock, [False, False, True]
    monkeypatch.setattr(whole_file.fcntl, "flock", lock_too_late)
    write_whole(tmp_path / "a.bin", b"whole")
    assert (tmp_path / "a.bin").read_bytes() == b"whole"
    assert leftovers(tmp_path) == []


def test_clearing_a_folder_touches_nothing_else(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / ".0007.parquet.abc.part").write_bytes(b"half")
    (tmp_path / "deep" / ".hidden").write_bytes(b"mine")
    (tmp_path / "notes.part").write_bytes(b"mine")
    clear_leftovers(tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*")) == [".hidden", "deep", "notes.part"]
    clear_leftovers(tmp_path / "absent")


def test_where_files_cannot_be_locked_they_are_written_and_leftovers_stay(tmp_path, monkeypatch):
    def no_locks(file, how):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(whole_file.fcntl, "flock", no_locks)
    (tmp_path / ".b.bin.1.part").write_bytes(b"perhaps somebody is at it")
    write_whole(tmp_path / "a.bin", b"whole")
    clear_leftovers(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".b.bin.1.part", "a.bin"]


@pytest.mark.parametrize(("code", "hint"), [(errno.ENOSPC, "make room"), (errno.EDQUOT, "make room"), (errno.EIO, "")])
def test_a_disk_that_is_full_in_the_middle_is_one_line_and_the_old_file_stays(tmp_path, monkeypatch, code, hint):
    def full(file, content):
        if len(written) == 2:
            raise OSError(code, os.strerror(code))
        written.append(real(file, content[:10]))
        return written[-1]

    real, written = os.write, []
    path = tmp_path / "a.bin"
    write_whole(path, b"old")
    monkeypatch.setattr(whole_file.os, "write", full)
    with pytest.raises(SimError, match=os.strerror(code)) as caught:
        write_whole(path, b"x" * 100)
    assert "\n" not in str(caught.value)
    assert hint in str(caught.value)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.bin"]


def test_a_folder_that_may_not_be_written_is_one_line(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SimError, match="cannot be written"):
        write_whole(tmp_path / "file" / "a.bin", b"content")


def test_an_interrupt_in_the_middle_leaves_nothing(tmp_path, monkeypatch):
    def interrupt(file):
        raise KeyboardInterrupt

    monkeypatch.setattr(whole_file.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "a.bin", b"content")
    assert list(tmp_path.iterdir()) == []
