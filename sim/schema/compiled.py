"""How kernels are compiled: `compiled` for what Python calls, `inner` for what only kernels call.

Policies compile theirs with these too.  Machine code is kept where `sim.schema.kernel_cache` says.
"""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from numba import config, njit, typeof

from sim.schema.kernel_cache import cache_folder

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


def ready(kernel: Any, *arguments: Any) -> Callable[..., Any]:
    """Return a kernel compiled for the types of ``arguments``: at a call it need not look at types again.

    To look takes longer than many a kernel's work.  All later arguments must be of the same types.
    """
    types = tuple(typeof(argument) for argument in arguments)
    kernel.compile(types)
    run: Callable[..., Any] = kernel.get_overload(types)
    return run


def _kept(function: F, **options: Any) -> F:
    folder = cache_folder(Path(inspect.getfile(function)))
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder or before)
    try:
        kernel: F = njit(cache=folder is not None, **options)(function)
    finally:
        config.CACHE_DIR = before
    return kernel
