"""Files that are there whole or not at all, whoever is killed in the middle of writing."""

import errno
import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from sim.errors import SimError

_LEFTOVER = ".*.part"
_FULL = (errno.ENOSPC, errno.EDQUOT)


def write_whole(path: Path, content: Any) -> None:
    """Write ``content`` (bytes or a buffer) to ``path`` and have it on the disk when this returns.

    It is written beside its place, flushed, and moved there in one step.  The file being written is locked for as
    long as its writer lives: that tells it from what a killed writer left behind.

    Raises
    ------
    SimError
        Where it cannot be written; nothing is left of it then.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_beside(path, memoryview(content))
    except OSError as error:
        hint = "What is finished is kept: make room, and run again" if error.errno in _FULL else ""
        raise SimError(str(path), f"cannot be written: {error.strerror or error}", hint) from error


def clear_leftovers(folder: Path) -> None:
    """Remove what killed writers left behind in ``folder`` and its folders."""
    for leftover in folder.rglob(_LEFTOVER):
        with suppress(OSError):  # its writer lives, or somebody else cleared it
            _remove_unless_locked(leftover)


def _write_beside(path: Path, content: memoryview) -> None:
    beside, file = _locked_new(path)
    try:
        try:
            while content:
                content = content[os.write(file, content) :]
            os.fsync(file)
            os.replace(beside, path)
        finally:
            os.close(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _locked_new(path: Path) -> tuple[Path, int]:
    """Return a new locked file beside ``path``: its path and its descriptor."""
    while True:
        beside = path.with_name(f".{path.name}.{uuid4().hex}.part")
        file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        with suppress(OSError):  # where files cannot be locked, leftovers stay: nobody can lock them either
            fcntl.flock(file, fcntl.LOCK_EX)
        if beside.exists():  # nobody took it for a leftover before it was locked
            return beside, file
        os.close(file)


def _remove_unless_locked(leftover: Path) -> None:
    file = os.open(leftover, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        leftover.unlink()
    finally:
        os.close(file)


def _flush_folder(folder: Path) -> None:
    """Have the move itself on the disk."""
    file = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)
