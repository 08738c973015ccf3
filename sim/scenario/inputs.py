"""Tables a part of the scenario may be read from, instead of being generated."""

from typing import Annotated

from pydantic import Field

from sim.scenario.parameter import Base

InputPath = Annotated[str, Field(min_length=1, max_length=500)]
"""A path under the scenario's folder or ``--data``; the loader resolves it and refuses what lies outside."""


class FromTable(Base):
    """A part that may come from a CSV or Parquet table."""

    from_: InputPath | None = Field(default=None, alias="from")
    """The table; left out: the part is generated."""
    columns: dict[str, str] = Field(default_factory=dict)
    """Where the table's own column names differ: {our name: its name}."""
