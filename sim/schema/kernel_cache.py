"""Where the machine code of kernels is kept between runs: a folder named by a digest of all they are made from.

numba's own cache looks at the file of the outermost function alone, so a change in a function it calls would
go unnoticed.
"""

import os
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from numba import config

MOST_FILES, MOST_BYTES = 500, 1 << 23
"""Sources of a package that are read at most; kernels of a larger one are compiled anew in every run."""
_SIM = Path(__file__).resolve().parent.parent


def cache_folder(source: Path) -> Path | None:
    """Return where to keep the kernels written in ``source``; None = nowhere, they are compiled in every run.

    The folder changes with any source of the simulator's own kernels and, for a kernel from elsewhere (a policy),
    with any Python file of its top-level package, or of its folder where that is no package.  What a policy calls
    in other packages than these two is not looked at.

    Nothing is kept of functions without a file, of packages too large to read, and where no folder can be written:
    ``NUMBA_CACHE_DIR``, then ``XDG_CACHE_HOME``, then ``~/.cache``.
    """
    source = source.resolve()
    if not source.is_file():
        return None
    own = "" if source.is_relative_to(_SIM) else _digest_of_package(_package_of(source))
    return None if own is None else _writable(_digest_of_sim() + own)


def _package_of(source: Path) -> Path:
    """Return the outermost package that a file is in, or its folder."""
    folder = source.parent
    while (folder.parent / "__init__.py").is_file():
        folder = folder.parent
    return folder


@cache
def _digest_of_package(folder: Path) -> str | None:
    inside = folder.rglob("*.py") if (folder / "__init__.py").is_file() else folder.glob("*.py")
    files = list(islice((path for path in inside if path.is_file()), MOST_FILES + 1))
    if len(files) > MOST_FILES or sum(path.stat().st_size for path in files) > MOST_BYTES:
        return None
    return f"-{_digest(folder, files)}"


@cache
def _digest_of_sim() -> str:
    """Digest what kernels of the simulator are made of, and whose constants and rows they are compiled with."""
    whole = [path for room in ("schema", "behaviour") for path in (_SIM / room).glob("*.py")]
    rest = [path for room in ("world", "policy") for path in (_SIM / room).glob("*.py")]
    return _digest(_SIM, whole + [path for path in rest if path.name == "state.py" or _has_kernels(path)])


def _has_kernels(path: Path) -> bool:
    source = path.read_bytes()
    return any(mark in source for mark in (b"@compiled", b"@allocating", b"@inner"))


def _digest(folder: Path, files: Iterable[Path]) -> str:
    digest = blake2b(digest_size=8)
    for path in sorted(files):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder)}:{len(content)}:".encode() + content)
    return digest.hexdigest()


def _writable(name: str) -> Path | None:
    """Return the folder of a name where it is there and may be written."""
    try:
        folder = Path(config.CACHE_DIR or _usual_folder()) / name
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # nobody's home
        return None
    return folder if os.access(folder, os.W_OK) else None


def _usual_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "streamstock"
