"""The contract as it is written down, as the client says it, and as the example reads it, is one."""

import json
from pathlib import Path

import pytest

from policies.recommenders._service_words import ACTS, KINDS, Names, said_events, said_items, said_requests
from sim.testing import toy
from tests.service.pages import ASKED, CATALOGUE, K
from tests.service.running import EXAMPLE

CONTRACT = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text())
SCHEMAS = CONTRACT["components"]["schemas"]
NAMES = Names.of(CATALOGUE)
TYPES = {"string": str, "number": (int, float), "integer": int, "array": list, "object": dict, "null": type(None)}


def keeps(value, schema):
    """Fail unless a value is what a schema says: types, required and known keys, enumerations, minima."""
    if "$ref" in schema:
        schema = SCHEMAS[schema["$ref"].rpartition("/")[2]]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(isinstance(value, TYPES[kind]) for kind in kinds), (value, schema)
    if "enum" in schema:
        assert value in schema["enum"]
    if "minimum" in schema and value is not None:
        assert value >= schema["minimum"]
    if isinstance(value, dict):
        assert set(schema["required"]) <= value.keys() <= schema["properties"].keys()
        for key, inner in value.items():
            keeps(inner, schema["properties"][key])
    if isinstance(value, list):
        for inner in value:
            keeps(inner, schema["items"])


def schema_of(path):
    """Return the schema of a path's request."""
    return CONTRACT["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]


def bodies():
    """Return (path, body) of everything the client says."""
    everybody = slice(0, len(ASKED))
    candidates = toy.requests(CATALOGUE, ASKED.view, len(ASKED), recent=7).recent
    log = toy.log(CATALOGUE)
    yield "/recommend", said_requests(ASKED, everybody, K, "w", NAMES, None)
    yield "/recommend", said_requests(ASKED, everybody, K, "w", NAMES, candidates)
    yield from (("/events", body) for body in said_events(log, 0, 1000, "w", NAMES))
    yield from (("/items", body) for body in said_items(CATALOGUE, 0, 100, "w", NAMES))


@pytest.mark.parametrize(("path", "body"), list(bodies()))
def test_what_the_client_says_is_what_is_written_down(path, body):
    keeps(json.loads(body), schema_of(path))


def test_every_act_and_kind_is_written_down():
    assert SCHEMAS["Event"]["properties"]["eventType"]["enum"] == ACTS
    assert SCHEMAS["Item"]["properties"]["kind"]["enum"] == KINDS


def test_the_example_reads_and_answers_what_is_written_down(monkeypatch):
    monkeypatch.syspath_prepend(str(EXAMPLE))
    from service import app

    theirs = app.openapi()
    assert theirs["paths"].keys() == CONTRACT["paths"].keys()
    for name, ours in (("PageRequest", "PageRequest"), ("Event", "Event"), ("Item", "Item")):
        assert theirs["components"]["schemas"][name]["properties"].keys() == SCHEMAS[ours]["properties"].keys()
