"""Editors learn from the schema what may be written."""

import json
import re

from sim.scenario.editor import schema_json
from sim.scenario.load import starter

SCHEMA = schema_json()


def part(*names):
    node = SCHEMA
    for name in names:
        node = node[name]
    return node


def test_the_schema_is_plain_json():
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


def test_durations_are_text_with_a_unit_and_so_are_their_defaults():
    horizon = part("properties", "horizon")
    assert horizon["type"] == "string"
    assert horizon["default"] == "14 days"
    assert re.match(horizon["pattern"], "36 h")
    assert not re.match(horizon["pattern"], "36")


def test_defaults_inside_unions_lists_and_parts_are_text_too():
    assert part("$defs", "InventoryBlock", "properties", "review", "default") == "1 day"
    assert part("$defs", "Warehouse", "properties", "cut_off", "default") == ["9 h", "15 h"]
    assert part("properties", "serving", "default", "refresh") == "1 min"


def test_keys_are_the_files_own():
    assert "from" in part("$defs", "Catalogue", "properties")
    assert "for" in part("$defs", "Presale", "required")


def test_a_number_may_be_bare_within_its_bounds_or_carry_its_evidence():
    share = part("$defs", "Browsing", "properties", "next_page")
    assert (share["minimum"], share["maximum"]) == (0, 1)
    assert share["default"]["evidence"] == "assumed"
    bare, told = part("$defs", "Parameter", "anyOf")
    assert bare == {"type": "number"}
    assert told["required"] == ["value"]


def test_what_the_models_say_about_a_key_describes_it():
    assert part("properties", "question", "description") == "What the scenario is asked to answer."
    assert part("$defs", "Stock", "description").startswith("Opening stock")


def test_unknown_keys_are_refused_by_the_schema_too():
    assert all(model["additionalProperties"] is False for model in SCHEMA["$defs"].values() if "properties" in model)


def test_the_starter_names_only_keys_of_the_schema():
    keys = set(re.findall(r"^(\w+):", starter("x"), re.M))
    assert keys <= set(SCHEMA["properties"])
