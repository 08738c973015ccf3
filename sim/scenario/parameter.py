"""Numbers that carry their evidence, and the base of every part of a scenario."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Base(BaseModel):
    """A part of a scenario: frozen, unknown keys refused, no silent conversions."""

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
    high: float | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        return {"value": data} if isinstance(data, int | float) and not isinstance(data, bool) else data

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
