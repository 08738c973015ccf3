"""A scenario as YAML again: defaults written out, durations with their unit, numbers with their evidence."""

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from sim.scenario.scenario import Scenario

ENDLESS = 1 << 20
"""Lines are not broken: a list stays one line, and a difference of two files shows what differs."""


def to_yaml(scenario: Scenario) -> str:
    """Return the text that loads as an equal scenario; tables are named as the scenario names them."""
    yaml, text = YAML(), StringIO()
    yaml.width = ENDLESS
    yaml.dump(_laid_out(scenario.model_dump(mode="json", by_alias=True)), text)
    return text.getvalue()


def _laid_out(value: Any) -> Any:
    """Put lists of plain values, and numbers with their evidence, on one line."""
    if isinstance(value, dict):
        mapping = CommentedMap((_laid_out(key), _laid_out(item)) for key, item in value.items())
        if not value or "evidence" in value:
            mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list):
        sequence = CommentedSeq(map(_laid_out, value))
        if not any(isinstance(item, dict | list) for item in value):
            sequence.fa.set_flow_style()
        return sequence
    if isinstance(value, str) and not (value.isprintable() and value.isascii()):
        return DoubleQuotedScalarString(value)
    return value
