"""Linear algebra on one thread: how many there are would show in the last bits of what is learned."""

from contextlib import AbstractContextManager


def one_thread() -> AbstractContextManager[object]:
    """Return a context in which BLAS and OpenMP use one thread."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped,unused-ignore]

    limits: AbstractContextManager[object] = threadpool_limits(1)
    return limits
