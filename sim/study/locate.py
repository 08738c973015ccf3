"""Errors that name a key of the scenario, told with the place in the file where it stands."""

from collections.abc import Iterator
from contextlib import contextmanager

from sim.errors import SimError
from sim.scenario.load import Loaded


@contextmanager
def located(loaded: Loaded) -> Iterator[None]:
    """Put file, line and column in front of the key that an error raised in the body names."""
    try:
        yield
    except SimError as error:
        found = loaded.source.locate(error)
        if found is error:
            raise
        raise found from error
