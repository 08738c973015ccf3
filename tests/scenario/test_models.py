"""Every number says what is possible; what the package assumes lies within."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from sim.scenario.bounds import Bounds
from sim.scenario.complaint import _models
from sim.scenario.parameter import Parameter
from sim.scenario.scenario import Scenario


def fields_below(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """Yield all fields of a model and of those it is made of."""
    for name, field in model.model_fields.items():
        yield f"{model.__name__}.{name}", field
        for part in _models(field.annotation):
            yield from fields_below(part)


NUMBERS = {name: field for name, field in fields_below(Scenario) if field.annotation is Parameter}


def test_there_are_many_numbers_with_evidence():
    assert len(NUMBERS) > 60


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_with_evidence_has_its_bounds_next_to_it_and_its_default_within(name):
    field = NUMBERS[name]
    (bounds,) = (mark for mark in field.metadata if isinstance(mark, Bounds))
    assert bounds.low < bounds.high
    for value in (field.default.value, field.default.low, field.default.high):
        assert value is None or bounds.low <= value <= bounds.high


@pytest.mark.parametrize("name", [name for name, field in fields_below(Scenario) if field.annotation is float])
def test_a_plain_number_has_limits(name):
    field = dict(fields_below(Scenario))[name]
    if name.startswith("Parameter."):
        return
    assert field.metadata, f"{name} may be anything"


def test_a_scenario_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        Scenario(name="x").seed = 3
