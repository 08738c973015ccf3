"""Tables a part of the scenario may be read from, instead of being generated."""

from difflib import get_close_matches
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from sim.scenario.parameter import Base
from sim.scenario.refusal import refuse

InputPath = Annotated[str, Field(min_length=1, max_length=500)]
"""A path under the scenario's folder or ``--data``; the loader resolves it and refuses what lies outside."""


class Join(Base):
    """A second table, each row of which goes with the rows of the first that agree with it in one column."""

    from_: InputPath = Field(alias="from")
    on: str = Field(min_length=1, max_length=200)
    """The column, under one name in both; rows without a counterpart are left out."""


class FromTable(Base):
    """A part that may come from a CSV or Parquet table."""

    known_columns: ClassVar[tuple[str, ...]] = ()
    """What may be read from the table, by our names."""

    from_: InputPath | None = Field(default=None, alias="from")
    """The table; left out: the part is generated."""
    columns: dict[str, str] = Field(default_factory=dict)
    """Where the table's own column names differ: {our name: its name}."""
    join: Join | None = None
    """Another table whose columns may be named too."""

    @model_validator(mode="after")
    def _columns(self) -> "FromTable":
        if self.columns and self.from_ is None:
            refuse("columns", "there is no table to map columns of", "Name it with from.")
        if self.join is not None and self.from_ is None:
            refuse("join", "there is no table to join with", "Name it with from.")
        for name in self.columns:
            if name not in self.known_columns:
                close = get_close_matches(name, self.known_columns, n=1)
                hint = f"Did you mean {close[0]!r}?" if close else ""
                refuse(f"columns.{name}", f"no such column is read, allowed {', '.join(self.known_columns)}", hint)
        return self
