"""Numbers that carry their evidence, and the base of every part of a scenario."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from sim.scenario.refusal import refuse


class Base(BaseModel):
    """A part of a scenario: frozen, unknown keys refused.

    A file is validated strictly, as JSON is (`sim.scenario.load`): ``"5"``, ``5.5`` and ``True`` are no whole
    numbers.  Code may also pass lists for tuples and Python names for aliases.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=False, populate_by_name=True, use_attribute_docstrings=True,
        allow_inf_nan=False,
    )  # fmt: skip


class Parameter(Base):
    """A number with its evidence; in YAML a bare number is an assumption of the scenario."""

    value: float
    evidence: Literal["measured", "published", "assumed"] = "assumed"
    source: str = Field(default="the scenario", max_length=500)
    low: float | None = None
    """The least plausible value."""
    high: float | None = None
    """The largest plausible value."""

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        return {"value": data} if isinstance(data, int | float) and not isinstance(data, bool) else data

    @model_validator(mode="after")
    def _within(self) -> "Parameter":
        if self.low is not None and self.value < self.low:
            refuse("low", f"{self.low:g} is above the value, {self.value:g}")
        if self.high is not None and self.value > self.high:
            refuse("high", f"{self.high:g} is below the value, {self.value:g}")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        full = handler.resolve_ref_schema(handler(schema))
        return {"anyOf": [{"type": "number"}, full], "description": full.pop("description", "")}

    def __float__(self) -> float:
        return self.value


def measured(value: float, source: str) -> Parameter:
    """Return a number computed from data that ``source`` names."""
    return Parameter(value=value, evidence="measured", source=source)


def published(value: float, source: str) -> Parameter:
    """Return a number that ``source`` states."""
    return Parameter(value=value, evidence="published", source=source)


def assumed(value: float, low: float, high: float, why: str = "") -> Parameter:
    """Return a guess with its plausible range."""
    return Parameter(value=value, evidence="assumed", source=why or "assumption of this package", low=low, high=high)
