"""Where a scenario's keys stand: in its file, or on the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from sim.errors import PolicyError, ScenarioError, SimError
from sim.scenario.overrides import parameters_of
from sim.scenario.scenario import Scenario

E = TypeVar("E", bound=SimError)


@dataclass(frozen=True, slots=True)
class Source:
    """Locates dotted keys such as ``policies.inventory.kind`` or ``events.2.at``.

    Attributes
    ----------
    name : str
        The file, as errors call it.
    places : dict of str to str
        ``line:column`` of each key that the file writes.
    options : dict of str to str
        The option that gave a key instead, such as ``--set seed``.
    """

    name: str
    places: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)

    def locate(self, error: E) -> E:
        """Return the error with file, line and column in front of its key; others come back as they are.

        A key that stands nowhere is located by its longest part that does; one that is a default, by the file.
        """
        where, why, hint = error.args
        if not isinstance(error, ScenarioError | PolicyError) or not _is_key(where):
            return error
        return type(error)(self.place(where), why, hint)

    def place(self, where: str) -> str:
        """Return ``file:line:column: key``, or ``--set key``."""
        parts = where.partition(": ")[0].split(".")
        prefixes = [".".join(parts[:n]) for n in range(len(parts), 0, -1)]
        if where not in self.places:  # an option may have made it, with something below
            prefixes[1:1] = [key for key in self.options if key.startswith(f"{where}.")]
        for prefix in prefixes:
            if option := self.options.get(prefix):
                return option if prefix == where else f"{option}: {where}"
            if prefix in self.places:
                return f"{self.name}:{self.places[prefix]}: {where}"
        return f"{self.name}: {where}"

    def line(self, where: str) -> tuple[int, int]:
        """Return line and column of a key's longest part that stands in the file; (0, 0) where none does."""
        parts = where.split(".")
        for n in range(len(parts), 0, -1):
            if place := self.places.get(".".join(parts[:n])):
                line, _, column = place.partition(":")
                return int(line), int(column)
        return 0, 0


def overrule(source: Source, options: Mapping[str, str]) -> Source:
    """Return the source after ``--set``: what a key overwrote no longer stands in the file."""
    gone = [*options, *filter(None, map(parameters_of, options))]
    places = {
        key: place
        for key, place in source.places.items()
        if not any(key == other or key.startswith(f"{other}.") for other in gone)
    }
    return Source(source.name, places, dict(options))


def _is_key(where: str) -> bool:
    return where.partition(": ")[0].partition(".")[0] in Scenario.model_fields
