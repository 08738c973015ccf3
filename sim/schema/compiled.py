"""How kernels are compiled: `compiled` for what Python calls, `inner` for what only kernels call.

numba's own cache looks at the file of the outermost function alone, so a change in a function it calls would
go unnoticed.  Ours is named by a digest of all sources that kernels are made of.
"""

import os
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

from numba import config, njit

F = TypeVar("F", bound=Callable[..., Any])

inner: Callable[[F], F] = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)
"""Compile into each kernel that calls it: allocates nothing, and is not callable from Python."""


def compiled(function: F) -> F:
    """Compile a kernel that allocates nothing, and keep its machine code between runs.

    Without numba's run-time (``_nrt``) arrays are not reference-counted at each call of an inner function,
    which would take two thirds of the kernels' time.
    """
    return _kept(function, _nrt=False)


def allocating(function: F) -> F:
    """Compile a kernel that makes arrays of its own, and keep its machine code between runs."""
    return _kept(function)


def _kept(function: F, **options: Any) -> F:
    before = config.CACHE_DIR
    config.CACHE_DIR = before or str(_cache_folder())
    try:
        kernel: F = njit(cache=True, **options)(function)
    finally:
        config.CACHE_DIR = before
    return kernel


def _cache_folder() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "streamstock" / _DIGEST


def _digest() -> str:
    digest = blake2b(digest_size=8)
    for path in _sources():
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources() -> list[Path]:
    """Return the files that kernels are made of, and those whose constants and rows they are compiled with."""
    root = Path(__file__).resolve().parent.parent
    whole = [path for folder in ("schema", "behaviour") for path in sorted((root / folder).glob("*.py"))]
    rest = [path for folder in ("world", "policy") for path in sorted((root / folder).glob("*.py"))]
    return whole + [path for path in rest if path.name == "state.py" or b"@compiled" in path.read_bytes()]


_DIGEST = _digest()
