"""What numbers are possible: stated next to the field of each number that carries its evidence."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from sim.scenario.parameter import Parameter
from sim.scenario.refusal import allowed


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lowest and the highest possible value of a `Parameter`."""

    low: float
    high: float

    def check(self, parameter: Parameter) -> Parameter:
        """Return the parameter, or refuse it."""
        if not self.low <= parameter.value <= self.high:
            raise allowed(f"{self.low:g} to {self.high:g}")
        return parameter

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"allOf": [handler(schema)], "minimum": self.low, "maximum": self.high}


Share = Annotated[Parameter, Bounds(0, 1)]
"""A probability, or a part of a whole."""
PartialShare = Annotated[Parameter, Bounds(0, 0.99)]
"""A part of a whole that leaves something over; the odds of going on that come to an end."""
Logit = Annotated[Parameter, Bounds(-50, 50)]
"""A coefficient or a constant of a utility, in logit units."""
Factor = Annotated[Parameter, Bounds(0, 10)]
"""What multiplies, or is an exponent: never negative."""
Spread = Annotated[Parameter, Bounds(0, 5)]
"""A standard deviation of a logarithm."""
Seconds = Annotated[Parameter, Bounds(0, 86_400)]
Money = Annotated[Parameter, Bounds(0, 1e9)]
"""Currency units."""
Step = Annotated[Parameter, Bounds(-1, 1)]
"""How far trust moves."""
Stars = Annotated[Parameter, Bounds(1, 5)]
