"""The JSON schema of a scenario, for editors: what may be written, with defaults and descriptions."""

from typing import Any

from sim.scenario.duration import JSON_PATTERN, format_duration
from sim.scenario.scenario import Scenario


def schema_json() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of a scenario's file."""
    schema = Scenario.model_json_schema(by_alias=True)
    _tidy(schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _tidy(node: Any) -> None:
    """Write default durations as text, and leave out titles that only repeat a key."""
    if isinstance(node, list):
        for item in node:
            _tidy(item)
    if not isinstance(node, dict):
        return
    if "default" in node and any(one.get("pattern") == JSON_PATTERN for one in (node, *_alternatives(node))):
        node["default"] = _written(node["default"])
    for properties in (node.get("properties", {}), node.get("$defs", {})):
        for part in properties.values():
            part.pop("title", None)
    for key, part in node.items():
        if key != "default":
            _tidy(part)


def _alternatives(node: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = node.get("anyOf", [])
    return [*found, node.get("items", {})]


def _written(default: Any) -> Any:
    if isinstance(default, list | tuple):
        return [_written(item) for item in default]
    return format_duration(default) if isinstance(default, float) else default
