"""Whatever a user gets wrong is told in one line before anything is written, with exit code 2."""

import os
from pathlib import Path

import pytest

from tests.cli.command import WORLD, sim, world

VALIDATE, RUN, COMPARE = ["validate", "tiny.yaml"], ["run", "tiny.yaml"], ["compare", "tiny.yaml"]
ITEMS = WORLD.replace("{items: 30}", "{from: items.csv}")
MINE = "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Mine:\n"


def policy(kind, parameters="", seam="inventory"):
    """Return a scenario with a policy."""
    return f"{WORLD}policies: {{{seam}: {{kind: '{kind}', with: {{{parameters}}}}}}}\n"


COMMAND_LINE = [
    (["run", "nothing.yaml"], "nothing.yaml: there is no such file."),
    (["run", "quikstart"], "quikstart: no scenario of this name ships with the package. Did you mean 'quickstart'?"),
    (["run", "tiny.yml"], "tiny.yml: there is no such file. Did you mean 'tiny.yaml'?"),
    (["run", "."], ".: is a folder. A scenario is a file."),
    (["run", "/dev/null"], "/dev/null: is no regular file. A scenario is a file."),
    (["run", ""], "'': is no name of a scenario, nor of its file."),
    (["run", "x" * 5000], f"'{'x' * 56}...: is no name of a scenario, nor of its file."),
    (["run", "x" * 300 + ".yaml"], f"{'x' * 300}.yaml: cannot be read: File name too long."),
    (["run", "a\x1b[31m\nb"], "a\\x1b[31m\\nb: no scenario of this name ships with the package."),
    ([*RUN, "--set", "seed=x"], "--set seed: found 'x', allowed a whole number."),
    ([*RUN, "--set", "sead=3"], "--set sead: there is no such key. Did you mean 'seed'?"),
    ([*RUN, "--set", "items=3"], "--set items: there is no such key. Did you mean 'catalogue.items'?"),
    ([*RUN, "--set", "seed"], "--set seed: is not of the form key=value. As in --set stock.amount=7."),
    ([*VALIDATE, "--set", "horizon=3"], "--set horizon: found 3, allowed a duration, which carries its unit: "),
    ([*RUN, "--set", "policies.inventory.kind=base_stok"], "no policy 'base_stok'. Did you mean 'base_stock'?"),
    ([*RUN, "--set", "policies.recommender.fallback=oracle"], "a privileged policy cannot be a fallback."),
    ([*RUN, "--set", "policies.recommender.fallback=ppularity"], "recommender.fallback: no policy 'ppularity'. "),
    ([*RUN, "--seed", "-1"], "--seed: found -1, allowed >= 0."),
    ([*RUN, "--seed", "1.5"], "--seed: found 1.5, allowed a whole number."),
    ([*RUN, "--replications", "0"], "--replications: found 0, allowed >= 1."),
    ([*RUN, "--workers", "0"], "--workers: found '0', allowed a whole number, 1 or more."),
    ([*RUN, "--workers", "two"], "--workers: found 'two', allowed a whole number, 1 or more."),
    ([*RUN, "--out", "tiny.yaml"], "--out: 'tiny.yaml' is no folder."),
    ([*RUN, "--out", "tiny.yaml/runs"], "--out: 'tiny.yaml' is no folder."),
    ([*RUN, "--data", "nowhere"], "--data: there is no folder 'nowhere'."),
    (COMPARE, "--vary: there is nothing to compare. As in --vary recommender=popularity,item_knn."),
    ([*COMPARE, "--vary", "recommender=popularity,itemknn"], "--vary recommender: no policy 'itemknn'. Did you mean "),
    ([*COMPARE, "--vary", "recomender=popularity,random"], "no such key. Did you mean 'policies.recommender'?"),
    ([*COMPARE, "--vary", "seed=1,x"], "--vary seed: found 'x', allowed a whole number."),
    ([*COMPARE, "--vary", "seed=1"], "--vary seed=1: needs two values or more, between commas. One value is "),
    ([*COMPARE, "--vary", "recommender=random,os:getcwd"], "'os:getcwd' is not a dataclass with a method 'recommend'."),
    ([*COMPARE, "--vary", "recommender=random,no:No"], "--vary recommender: module 'no' cannot be imported (Modul"),
    ([*COMPARE, "--vary", "seed=1,2", "--kpi", "gmvnet"], "--kpi: no KPI 'gmvnet'. Did you mean 'gmv_net'?"),
    (["policies", "inventry"], "policies: no seam 'inventry'. Did you mean 'inventory'?"),
    (["new", "Not a name"], "name: found 'Not a name', allowed 1 to 64 lower-case letters, digits, _ and -."),
    (["new", "../mine"], "name: found '../mine', allowed 1 to 64 lower-case letters, digits, _ and -."),
]  # fmt: skip

SCENARIOS = [
    (WORLD + "consumers: 3\n", "tiny.yaml:8:1: consumers: there is no such key. Did you mean 'population.consumers'?"),
    (WORLD + "stock: {amount: .nan}\n", "tiny.yaml:8:17: stock.amount: found .nan, allowed a finite number."),
    (WORLD + 'stock: {"\\e[31m": 1}\n', "tiny.yaml:8:9: stock.\\x1b[31m: there is no such key."),
    (WORLD + "seed: 1\nseed: 2\n", "tiny.yaml:9:1: seed: the key stands here a second time, first at 8:1."),
    (
        WORLD + f"stock: {{{', '.join(f'k{i}: 1' for i in range(2000))}}}\n",
        "tiny.yaml:8:9: stock.k0: there is no such key. Known: opening, amount, expected_daily_sales, holding_rate, "
        "when_short. And 1,999 more.",
    ),
    (
        WORLD.replace("120", "20000000").replace("3 days", "600 days"),
        "tiny.yaml:5:1: population: what consumers do in 6,360,000,000 sessions would take about ",
    ),
    (
        WORLD + "events: [{kind: presale, item: sku-30, at: 1 day, for: 1 day, units: 3}]\n",
        "tiny.yaml:8:26: events.0.item: no item 'sku-30'. Did you mean 'sku-3'?",
    ),
    (policy("item_knn"), "policies.inventory.kind: no policy 'item_knn'. Known: base_stock, clairvoyant, "),
    (policy("base_stock", "levels: 3"), "with.levels: BaseStock has no such parameter. Did you mean 'level'?"),
    (policy("base_stock", "level: -1"), "tiny.yaml:8:51: policies.inventory.with.level: found -1, allowed >= 0"),
    (policy("item_knn", "neighbours: ", "recommender"), "with.neighbours: found nothing, allowed a whole number."),
    (
        policy("mine:Mine"),
        "tiny.yaml:8:24: policies.inventory.kind: 'mine:Mine' would import code from 'mine', which is not trusted. "
        "If you trust it, say --trust mine.",
    ),
]  # fmt: skip

MODULES = [
    ("", "tiny.yaml:8:24: policies.inventory.kind: module 'mine' has no class 'Mine'."),
    ("def x(:\n", "module 'mine' cannot be imported (SyntaxError: invalid syntax (mine.py, line 1))."),
    ("raise SystemExit(0)\n", "module 'mine' cannot be imported (SystemExit: 0)."),
    ("class Mine:\n    def review(self, view): ...\n", "'mine:Mine' is not a dataclass with a method 'review'."),
    (MINE + "    units: int\n    def review(self, view): ...\n", "policies.inventory.with: Mine needs 'units'."),
    (
        MINE + "    def __post_init__(self): {}['x']\n    def review(self, view): ...\n",
        "policies.inventory.with: KeyError: 'x'.",
    ),
    (
        MINE + "    units: 'Nothing' = 3\n    def review(self, view): ...\n",
        "Mine has an annotation that cannot be read (name 'Nothing' is not defined).",
    ),
]

TABLES = [
    (b"", "tiny.yaml:6:13: catalogue.from: items.csv: the table is empty: it has not even a header."),
    (b"sku,price\n", "items.csv: the table has 0 rows, allowed 1 to 20,000,000."),
    (b"sku,cost\na,1\n", "items.csv: no column 'price' for price. There are: 'cost'."),
    (b"SKU,price\na,1\n", "items.csv: no column 'sku' for sku. Did you mean 'SKU'?"),
    (b"sku,price\na,cheap\n", "items.csv: column 'price', row 1: found 'cheap', allowed a number."),
    (b"sku,price\na,-1\n", "items.csv: column 'price', row 1: found -1, allowed 0 to 1e+09."),
    (b"sku,price\n\x1b[31m,1\n", "column 'sku', row 1: found a control character in '\\x1b[31m'."),
    (b"sku,price\ncaf\xe9,1\n", "items.csv: not a readable table: In CSV column #0: "),
    (bytes(range(256)) * 40, "items.csv: not a readable table: CSV parse error: "),
]


def refused(folder, words):
    """Return the one line that a command says, having written nothing."""
    before = _contents(folder)
    done = sim(folder, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.rstrip("\n").isprintable()
    assert _contents(folder) == before
    return done.stderr


@pytest.mark.parametrize(("words", "line"), COMMAND_LINE)
def test_wrong_words_are_told_in_one_line(tmp_path, words, line):
    world(tmp_path)
    assert line in refused(tmp_path, words)


@pytest.mark.parametrize(("text", "line"), SCENARIOS)
def test_a_wrong_scenario_is_told_in_one_line(tmp_path, text, line):
    world(tmp_path, text)
    assert line in refused(tmp_path, RUN)


@pytest.mark.parametrize(("code", "line"), MODULES)
def test_a_module_without_a_policy_is_told_in_one_line(tmp_path, code, line):
    world(tmp_path, policy("mine:Mine"))
    (tmp_path / "mine.py").write_text(code)
    assert line in refused(tmp_path, [*RUN, "--trust", "mine"])


@pytest.mark.parametrize("command", ["validate", "run"])
@pytest.mark.parametrize(("content", "line"), TABLES)
def test_a_wrong_table_is_told_in_one_line(tmp_path, command, content, line):
    world(tmp_path, ITEMS)
    (tmp_path / "items.csv").write_bytes(content)
    assert line in refused(tmp_path, [command, "tiny.yaml", *(["--workers", "1"] if command == "run" else [])])


def test_a_table_behind_a_link_that_leads_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "outside.csv").write_text("sku,price\na,1\n")
    folder = tmp_path / "inside"
    folder.mkdir()
    world(folder, ITEMS)
    (folder / "items.csv").symlink_to(tmp_path / "outside.csv")
    assert "found 'items.csv', allowed a file under the scenario's folder or --data." in refused(folder, VALIDATE)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_never_waited_for(tmp_path, make):
    make(tmp_path / "tiny.yaml")
    assert refused(tmp_path, RUN).startswith("tiny.yaml: is ")


@pytest.mark.parametrize("words", [["rum"], ["run"], [*RUN, "--nothing"], [*RUN, "extra"], [*RUN, "--set"]])
def test_wrong_usage_is_exit_code_2_without_a_traceback(tmp_path, words):
    done = sim(tmp_path, *words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def _contents(folder):
    return {path for path in Path(folder).rglob("*") if "__pycache__" not in path.parts}
