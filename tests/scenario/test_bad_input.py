"""Whatever is wrong with a file is said in one line: file, line, column, key, what was found, what is allowed."""

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load
from tests.scenario.files import refusal

NAME = "name: x\n"
LIVESTREAM = "kind: livestream, creator: 1, at: 1 day, for: 1 h"
WAREHOUSE = "name: a, latitude: 30.25, longitude: 120.17"

FORM = [
    ("", "x.yaml: is empty."),
    ("# only a comment\n", "x.yaml: is empty."),
    ("- 1\n- 2\n", "x.yaml: found a list of 2, allowed a mapping of keys."),
    ("just text", "x.yaml: found 'just text', allowed a mapping of keys."),
    ("name: [x", "x.yaml:1:9: expected ',' or ']', but got '<stream end>'."),
    ("name: x: y", "x.yaml:1:8: mapping values are not allowed here."),
    ("name: \x00", "x.yaml: unacceptable character #x0000: special characters are not allowed."),
    ("name: x\nseed: 1\nname: y", "x.yaml:3:1: name: the key stands here a second time, first at 1:1."),
    ("name: &n x", "x.yaml:1:7: name: anchors such as &n are refused."),
    ("name: *n", "x.yaml:1:7: name: aliases such as *n are refused."),
    ("name: !!str x", "x.yaml:1:7: name: tags such as tag:yaml.org,2002:str are refused."),
    ("name: !python/object:os.system x", "x.yaml:1:7: name: tags such as !python/object:os.system are refused."),
    ("? [a]\n: 1", "x.yaml:1:3: a key must be text."),
    ("1: x", "x.yaml:1:1: a key must be text."),
    ("name: x\n---\nname: y", "x.yaml:2:1: a second document begins here."),
    (f"name: {'[' * 60}", "x.yaml:1:56: lies more than 50 levels deep."),
    ('name: "\\ud800"', "x.yaml:1:7: name: the text holds half of an escaped character."),
    (NAME + "seed: .inf", "x.yaml:2:7: seed: found .inf, allowed a finite number."),
    (NAME + "seed: 1e400", "x.yaml:2:7: seed: found 1e400, allowed a finite number."),
]

KEYS = [
    ("seed: 3\n", "x.yaml: name: is missing."),
    ("nam: x", "x.yaml:1:1: nam: there is no such key. Did you mean 'name'? And 1 more."),
    (NAME + "horizn: 3 days", "x.yaml:2:1: horizn: there is no such key. Did you mean 'horizon'?"),
    (NAME + "consumers: 3", "x.yaml:2:1: consumers: there is no such key. Did you mean 'population.consumers'?"),
    (NAME + "inventory: {}", "x.yaml:2:1: inventory: there is no such key. Did you mean 'policies.inventory'?"),
    (NAME + '"\\e[1m": 3', "x.yaml:2:1: \\x1b[1m: there is no such key."),
    (NAME + "stock:\n  amout: 3", "x.yaml:3:3: stock.amout: there is no such key. Did you mean 'amount'?"),
    (
        NAME + "catalogue: {from_: x.csv}",
        "x.yaml:2:13: catalogue.from_: there is no such key. Did you mean 'from'?",
    ),
    (
        NAME + "policies: {inventori: {kind: none}}",
        "x.yaml:2:12: policies.inventori: there is no such key. Did you mean 'inventory'?",
    ),
    (
        NAME + "events: [{kind: carrier_cut, factor: 1, at: 1 day, fr: 1 day, for: 1 h}]",
        "x.yaml:2:52: events.0.fr: there is no such key. Did you mean 'for'?",
    ),
    (NAME + "events: [{kind: carrier_cut, factor: 1, for: 1 day}]", "x.yaml:2:10: events.0.at: is missing."),
    (NAME + "events: [{at: 1 day}]", "x.yaml:2:10: events.0.kind: is missing."),
    (
        NAME + "events: [{kind: supplier_outag}]",
        "x.yaml:2:11: events.0.kind: found 'supplier_outag', allowed supplier_outage, carrier_cut, demand_surge, "
        "livestream, presale. Did you mean 'supplier_outage'?",
    ),
    (
        NAME + "behaviour: {click: {base: {value: 1, evidnce: assumed}}}",
        "x.yaml:2:38: behaviour.click.base.evidnce: there is no such key. Did you mean 'evidence'?",
    ),
    (
        NAME + "network: {cities: [{name: a, latitude: 1, longitude: 1}]}",
        "x.yaml:2:20: network.cities.0.share: is missing.",
    ),
]

TYPES = [
    ("seed: 5.5", "2:1: seed: found 5.5, allowed a whole number."),
    ("seed: '5'", "2:1: seed: found '5', allowed a whole number."),
    ("seed: true", "2:1: seed: found true, allowed a whole number."),
    ("stock: {amount: true}", "2:9: stock.amount: found true, allowed a number."),
    ("stock: {amount: '3'}", "2:9: stock.amount: found '3', allowed a number."),
    ("question: 5", "2:1: question: found 5, allowed text."),
    ("serving: {hide_sold_out: yes}", "2:11: serving.hide_sold_out: found 'yes', allowed true or false."),
    ("population: 5", "2:1: population: found 5, allowed a mapping."),
    ("population:\n", "2:1: population: found nothing, allowed a mapping."),
    ("events: {a: 1}", "2:1: events: found a mapping, allowed a list."),
    ("events: [3]", "2:10: events.0: found 3, allowed a mapping."),
    (
        "record: ordrs",
        "2:1: record: found 'ordrs', allowed 'off', 'orders', 'sampled' or 'full'. Did you mean 'orders'?",
    ),
    ("currency: yuan", "2:1: currency: found 'yuan', allowed text like [A-Z]{3}."),
    ("start: 5", "2:1: start: found 5, allowed a local time without a zone, as in 2026-11-01T00:00."),
    ("start: 20261101", "2:1: start: found 20261101, allowed a local time without a zone, as in 2026-11-01T00:00."),
    ("start: 0001-01-01", "2:1: start: found '0001-01-01', allowed the years 1900 to 2200."),
    (
        "policies: {inventory: none}",
        "2:12: policies.inventory: found 'none', allowed a mapping. "
        "A policy's name goes under kind: policies.inventory.kind.",
    ),
    (
        "start: 2026-11-01T00:00Z",
        "2:1: start: found '2026-11-01T00:00Z', allowed a local time without a zone, as in 2026-11-01T00:00.",
    ),
    (
        "behaviour: {click: {base: true}}",
        "2:21: behaviour.click.base: found true, allowed a number, or a mapping of value, evidence and source.",
    ),
    (
        "population: {segments: [{name: a, share: 1, surfaces: [1, 2]}]}",
        "2:45: population.segments.0.surfaces: item 2, counted from 0, is missing.",
    ),
]

DURATIONS = [
    ("horizon: 14", "2:1: horizon: found 14, allowed a duration, which carries its unit: '14 days' or '30 min'."),
    ("horizon: 5 dayz", "2:1: horizon: found '5 dayz', allowed a number and its unit, as in '14 days' or '30 min'."),
    ("horizon: -1 day", "2:1: horizon: found '-1 day', allowed a number and its unit, as in '14 days' or '30 min'."),
    ("horizon: 0 days", "2:1: horizon: found '0 days', allowed a duration above zero."),
    ("horizon: 601 days", "2:1: horizon: found 601 days, allowed at most 600 days where there are consumers."),
    ("horizon: 99999 days", "2:1: horizon: found '99999 days', allowed at most 36500 days."),
    (
        "policies: {inventory: {review: 5}}",
        "2:24: policies.inventory.review: found 5, allowed a duration, which carries its unit: '14 days' or '30 min'; "
        "or 'continuous'.",
    ),
    (
        f"network: {{warehouses: [{{{WAREHOUSE}, cut_off: [25 h]}}]}}",
        "2:80: network.warehouses.0.cut_off.0: found '25 h', allowed a time of day: less than '24 h' after midnight.",
    ),
]

IMPOSSIBLE = [
    ("stock: {amount: -1}", "2:9: stock.amount: found -1, allowed >= 0."),
    ("warm_up: 14 days", "2:1: warm_up: found 14 days, allowed less than the horizon, 14 days."),
    ("behaviour: {browsing: {next_page: 1.5}}", "2:24: behaviour.browsing.next_page: found 1.5, allowed 0 to 1."),
    (
        "behaviour: {browsing: {next_page: {value: 1.5}}}",
        "2:36: behaviour.browsing.next_page.value: found 1.5, allowed 0 to 1.",
    ),
    (
        "creators: {commission: {value: 0.1, low: 0.2}}",
        "2:37: creators.commission.low: 0.2 is above the value, 0.1.",
    ),
    (
        "behaviour: {stockout: {leave: 0.9}}",
        "2:13: behaviour.stockout.wait: leave, substitute and wait add up to 1.5, allowed 1.",
    ),
    ("population: {segments: []}", "2:14: population.segments: found a list of 0, allowed at least 1."),
    (
        "population: {segments: [{name: a, share: 1}, {name: a, share: 1}]}",
        "2:47: population.segments.1.name: 'a' is also the name of segments.0.",
    ),
    ("population: {week: [1, 2]}", "2:14: population.week: found 2 weights, allowed 7."),
    (
        "creators: {livestreams: {hours: [0]}}",
        "2:26: creators.livestreams.hours: found 1 weights, allowed 24.",
    ),
    (
        "demand: [{kind: bootstrap, per_day: 5}]",
        "2:10: demand.0.from: a table goes with kind: bootstrap, and only with it.",
    ),
    (
        f"events: [{{{LIVESTREAM}, slots: [{{at: 0 min, for: 61 min}}]}}]",
        "2:70: events.0.slots.0: ends after 61 min, its livestream after 1 h.",
    ),
    (
        f"events: [{{{LIVESTREAM}, slots: [{{at: 0 min, for: 20 min}}, {{at: 10 min, for: 10 min}}]}}]",
        "2:97: events.0.slots.1.at: begins before slot 0 is over.",
    ),
    (
        f"events: [{{{LIVESTREAM}}}, {{kind: livestream, creator: 1, at: 1450 min, for: 1 h}}]",
        "2:94: events.1.at: begins before events.0 is over: creator 1 has one room.",
    ),
    (
        "events: [{kind: livestream, creator: 40, at: 1 day, for: 1 h}]",
        "2:29: events.0.creator: found 40, allowed 0 to 39.",
    ),
    (
        "creators: {count: 0}\nevents: [{kind: livestream, creator: 0, at: 1 day, for: 1 h}]",
        "3:29: events.0.creator: found 0, there are no creators.",
    ),
    (
        "events: [{kind: supplier_outage, brand: 40, at: 1 day, for: 1 h}]",
        "2:34: events.0.brand: found 40, allowed 0 to 39.",
    ),
    (
        "events: [{kind: carrier_cut, factor: 0.5, at: 15 days, for: 1 h}]",
        "2:43: events.0.at: 15 days lies beyond the horizon, 14 days.",
    ),
    (
        "events: [{kind: presale, item: a, at: 1 day, for: 2 days, units: 3}, "
        "{kind: presale, item: a, at: 2 days, for: 2 days, units: 3}]",
        "2:95: events.1.at: begins before events.0 is over: an item such as 'a' has one presale at a time.",
    ),
    (
        f"network: {{warehouses: [{{{WAREHOUSE}, opens: 9 h, closes: 8 h}}]}}",
        "2:82: network.warehouses.0.closes: a warehouse opens before it closes, both within one day.",
    ),
    (
        f"network: {{warehouses: [{{{WAREHOUSE}, cut_off: []}}]}}",
        "2:70: network.warehouses.0.cut_off: 6 vans need a time of day at which they leave.",
    ),
    (
        f"network: {{warehouses: [{{{WAREHOUSE}, cut_off: [9 h, 8 h]}}]}}",
        "2:70: network.warehouses.0.cut_off: times must ascend, without repeats.",
    ),
    (
        f"network: {{carrier: {{capacity_per_day: 0}}, warehouses: [{{{WAREHOUSE}, vans: 0}}]}}",
        "2:102: network.warehouses.0.vans: warehouse 'a' has no vans, and the carrier takes no parcels: "
        "no lane leads out.",
    ),
    (
        "network: {carrier: {capacity_per_day: 0}, warehouses: [{name: a, latitude: 10, longitude: 120.17}]}",
        "2:56: network.warehouses.0: its vans reach 40 km, the nearest homes are 2238 km away, "
        "and the carrier takes no parcels: no lane leads out.",
    ),
    (
        "network: {vans: {reach_km: 0}}",
        "2:18: network.vans.reach_km: 0 leaves the 6 vans of warehouse 'port-wh' nowhere to go. "
        "Give its warehouses vans: 0.",
    ),
]

TABLES = [
    (
        "catalogue: {from: items.csv}",
        "2:13: catalogue.from: there is no file 'items.csv'. Does it lie elsewhere? Say --data.",
    ),
    (
        "catalogue: {from: ../items.csv}",
        "2:13: catalogue.from: found '../items.csv', allowed a file under the scenario's folder or --data.",
    ),
    (
        "catalogue: {from: /etc/items.csv}",
        "2:13: catalogue.from: found '/etc/items.csv', allowed a file under the scenario's folder or --data.",
    ),
    (
        f"catalogue: {{from: {'x' * 300}.csv}}",
        f"2:13: catalogue.from: '{'x' * 300}.csv' cannot be read: File name too long.",
    ),
    (
        "catalogue: {from: /etc/passwd}",
        "2:13: catalogue.from: found '/etc/passwd', allowed the name of a .csv or .parquet file.",
    ),
    (
        "catalogue: {columns: {sku: a}}",
        "2:13: catalogue.columns: there is no table to map columns of. Name it with from.",
    ),
    (
        "catalogue: {join: {from: a.csv, on: b}}",
        "2:13: catalogue.join: there is no table to join with. Name it with from.",
    ),
    (
        "merchants: {from: x.csv, columns: {latitud: a}}",
        "2:36: merchants.columns.latitud: no such column is read, allowed merchant, latitude, longitude. "
        "Did you mean 'latitude'?",
    ),
]


@pytest.mark.parametrize(("text", "line"), [*FORM, *KEYS])
def test_what_is_no_scenario_is_refused_in_one_line(tmp_path, text, line):
    assert refusal(tmp_path, text) == line


@pytest.mark.parametrize(("part", "line"), [*TYPES, *DURATIONS, *IMPOSSIBLE, *TABLES])
def test_a_wrong_value_is_refused_at_its_place(tmp_path, part, line):
    assert refusal(tmp_path, NAME + part) == f"x.yaml:{line}"


def test_of_several_errors_the_first_in_the_file_is_told_and_the_others_counted(tmp_path):
    text = "horizn: 3 days\nname: x\nstock: {amount: -1}\nseed: true\n"
    line = "x.yaml:1:1: horizn: there is no such key. Did you mean 'horizon'? And 2 more."
    assert refusal(tmp_path, text) == line


def test_what_is_shown_of_a_value_is_short_and_printable(tmp_path):
    line = refusal(tmp_path, f'name: x\nseed: "\\x1b[31m{"a" * 10_000}"')
    assert len(line) < 150
    assert line.isprintable()


def test_a_file_of_more_than_a_megabyte_is_refused(tmp_path):
    assert (
        refusal(tmp_path, f"name: x\nquestion: {'a' * 1_000_000}") == "x.yaml: is larger than 1 MB (1,000,000 bytes)."
    )


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "x.yaml").write_bytes(b"name: \xff\xfe")
    with pytest.raises(ScenarioError, match=r"is not UTF-8 text \(byte 6\)"):
        load(tmp_path / "x.yaml")
