"""An exported model in the loop: it ranks as it would at home, and a wrong one is refused in a line."""

import json
import pickle
import re
import runpy
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from policies.ranking import FEATURES, told
from policies.recommenders._exported import Exported
from sim.errors import ScenarioError
from sim.policy.contain import ContainedRecommender
from sim.policy.faults import Faults
from sim.policy.identity import identity
from sim.policy.keyed import KeyedRng
from sim.policy.lookup import build
from sim.testing import toy
from sim.testing.recommenders import check_recommender
from tests.cli.command import sim
from tests.policies.test_rankers import fitted, looks

onnx = pytest.importorskip("onnx", reason="the package `onnx`, which makes models, is not installed")
pytest.importorskip("onnxruntime", reason="the extra `onnx` is not installed")

WIDTH = len(FEATURES)
FLOAT, DOUBLE = onnx.TensorProto.FLOAT, onnx.TensorProto.DOUBLE
WORLD = """\
name: exported
question: Does an exported model serve?
horizon: 3 days
warm_up: 1 day
replications: 1
population: {consumers: 300}
catalogue: {items: 60}
creators: {count: 4}
policies:
  recommender: {kind: onnx, with: {model: ranker.onnx}, refit: 12 h}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Models are looked for in the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def exported(weight, bias=0.0, *after, kind=FLOAT, width=WIDTH, metadata=None, takes="features", path="ranker.onnx"):
    """Write ``after(features @ weight + bias)``, the operators of ``after`` one by one."""
    dtype = "f8" if kind == DOUBLE else "f4"
    constants = [
        onnx.numpy_helper.from_array(np.asarray(one, dtype), name) for one, name in ((weight, "w"), ([bias], "b"))
    ]
    names = ["product", "sum", *(f"after{n}" for n in range(len(after)))]
    names[-1] = "score"
    operators = [("MatMul", [takes, "w"]), ("Add", ["product", "b"])]
    operators += [(name, [names[n + 1]]) for n, name in enumerate(after)]
    nodes = [onnx.helper.make_node(name, ins, [out]) for (name, ins), out in zip(operators, names, strict=True)]
    rows = onnx.helper.make_tensor_value_info(takes, kind, ["n", width])
    scores = onnx.helper.make_tensor_value_info("score", kind, ["n"])
    graph = onnx.helper.make_graph(nodes, "ranker", [rows], [scores], constants)
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)
    onnx.helper.set_model_props(model, told() if metadata is None else metadata)
    onnx.save(model, path)
    return path


def weights(seed=3):
    return np.random.default_rng(seed).normal(0, 0.5, WIDTH).astype(np.float32)


def policy(**given):
    return build("recommender", "onnx", {"model": "ranker.onnx", **given})


def asked(catalogue, n=64):
    return toy.requests(catalogue, toy.serving_view(catalogue, 2 * toy.DAY), n)


def test_scores_are_those_of_the_same_formula_in_numpy():
    w = weights()
    exported(w, -0.3, "Tanh", "Sigmoid")
    features = np.random.default_rng(1).normal(size=(3, WIDTH, 40)).astype(np.float32)
    ours = Exported.read("ranker.onnx", "features", "score", 40).scores(features)
    total = np.einsum("nfm,f->nm", features.astype(float), w.astype(float)) - 0.3
    np.testing.assert_allclose(ours, 1 / (1 + np.exp(-np.tanh(total))), rtol=1e-5)


def test_it_keeps_the_contract(monkeypatch):
    exported(weights(), 0.0, "Tanh")
    monkeypatch.setattr(toy, "log", looks)
    check_recommender(policy)


def test_an_exported_regression_shows_the_pages_of_the_one_it_was_exported_from():
    """Sums in float32 and in float64 may order two near scores differently: in less than a place in a hundred."""
    catalogue = toy.catalogue()
    log = looks(catalogue)
    home = fitted("logistic_ranker", log, catalogue)
    layers = home._state.model
    exported(layers.weight, layers.bias[0])
    away = policy()
    away.begin(KeyedRng(7), catalogue)
    requests = asked(catalogue, 200)
    before = away.recommend(requests, 10).content
    away.fit(log, catalogue)
    there = away.recommend(requests, 10).content
    assert (there == home.recommend(requests, 10).content).mean() > 0.99
    assert (there == before).mean() < 0.5


def test_a_page_without_a_number_is_left_to_the_fallback_and_the_others_stay():
    catalogue = toy.catalogue()
    log = looks(catalogue)
    in_feed = np.zeros(WIDTH)
    in_feed[FEATURES.index("in_feed")] = -1.0
    exported(in_feed, 0.5, "Log")  # of a negative number in the feed
    faults = Faults()
    guard = ContainedRecommender("recommender", policy(), build("recommender", "random"), faults)
    guard.begin(KeyedRng(7), catalogue)
    guard.fit(log, catalogue)
    requests = asked(catalogue)
    slates = guard.recommend(requests, 10).content
    fallback = guard.fallback.recommend(requests, 10).content
    feed, counts = requests.surface == 0, guard.counts
    np.testing.assert_array_equal(slates[feed], fallback[feed])
    assert (slates[~feed] != fallback[~feed]).any()
    assert (counts.served_by_fallback, counts.kinds) == (feed.sum(), {"no_number": feed.sum()})
    assert counts.first_error == "the model gave a score that is no number"


def test_who_it_is_changes_with_the_files_bytes():
    exported(weights())
    one = identity(policy())
    assert set(one["artefact"]) == {"sha256", "onnxruntime"}
    exported(weights(4))
    other = identity(policy())
    assert one["artefact"]["sha256"] != other["artefact"]["sha256"]
    assert pickle.loads(pickle.dumps(policy())).artefact() == other["artefact"]


def test_it_serves_a_world_twice_alike(folder):
    exported(weights(), 0.0, "Sigmoid")
    (folder / "world.yaml").write_text(WORLD)
    first, again = (sim(folder, "run", "world.yaml", "--out", out, "-q", "--json") for out in ("one", "two"))
    assert first.returncode == 0, first.stderr
    assert first.stdout == again.stdout
    assert json.loads(first.stdout)["kpis"]["recommender_fallback_share"]["mean"] < 0.5


def test_a_missing_model_is_a_line_and_the_exit_code_of_a_wrong_scenario(folder):
    (folder / "world.yaml").write_text(WORLD)
    for command in ("validate", "run"):
        done = sim(folder, command, "world.yaml")
        assert done.returncode == 2
        assert done.stderr.startswith("world.yaml:10:")
        assert "'ranker.onnx' is no file under the working directory" in done.stderr
        assert "Traceback" not in done.stderr


def _nonsense():
    with open("ranker.onnx", "wb") as file:
        file.write(b"no model")


def _weights_elsewhere():
    exported(weights())
    onnx.save(onnx.load("ranker.onnx"), "ranker.onnx", save_as_external_data=True, location="w.bin", size_threshold=0)


def test_another_number_of_scores_than_rows_is_a_fault_told_in_a_line():
    exported(weights(), 0.0, "Unique")  # rows of nothing score alike
    found = Exported.read("ranker.onnx", "features", "score", 40)
    with pytest.raises(ValueError, match=r"'score' has shape \(1,\) for 40 rows"):
        found.scores(np.zeros((1, WIDTH, 40), np.float32))


def test_the_example_trains_on_a_run_and_serves_what_it_exported(folder, capsys):
    pytest.importorskip("skl2onnx", reason="scikit-learn's exporter is not installed")
    example = Path(__file__).parents[2] / "examples" / "onnx_recommender"
    shutil.copy(example / "world.yaml", folder)
    short = ("horizon=3 days", "warm_up=1 day", "population.consumers=800", "catalogue.items=100", "replications=1")
    sets = [word for one in short for word in ("--set", one)]
    kind = ("--set", "policies.recommender.kind=popularity", "--set", "record=full")
    done = sim(folder, "run", "world.yaml", *sets, *kind, "-q", "--json")
    assert done.returncode == 0, done.stderr
    train = runpy.run_path(str(example / "train.py"))
    train["main"](next((folder / "runs").iterdir()), folder / "ranker.onnx")
    assert "learned from" in capsys.readouterr().out
    served = sim(folder, "run", "world.yaml", *sets, "-q", "--json")
    assert served.returncode == 0, served.stderr
    ours, before = (json.loads(one.stdout)["kpis"] for one in (served, done))
    assert ours["recommender_fallback_share"]["mean"] == 0
    assert ours["impressions"]["mean"] != before["impressions"]["mean"]


SWAPPED = {"features": ",".join([FEATURES[1], FEATURES[0], *FEATURES[2:]])}
WRONG = {
    "no_file": (lambda: None, {}, "is no file under the working directory"),
    "outside": (lambda: exported(weights()), {"model": "../ranker.onnx"}, "lies outside the working directory"),
    "folder": (lambda: None, {"model": "."}, "is no file"),
    "nonsense": (_nonsense, {}, "is no model that ONNX Runtime can run"),
    "weights_elsewhere": (_weights_elsewhere, {}, "is no model that ONNX Runtime can run"),
    "input": (lambda: exported(weights(), takes="x"), {}, "it has no input 'features'; it has x"),
    "output": (lambda: exported(weights()), {"score": "y"}, "it has no output 'y'; it has score"),
    "doubles": (lambda: exported(weights(), kind=DOUBLE), {}, r"'features' is tensor\(double\), allowed"),
    "width": (lambda: exported(np.ones(5), width=5), {}, r"has shape \['n', 5\], allowed \[any or 200, 21\]"),
    "untold": (lambda: exported(weights(), metadata={}), {}, "its metadata has no 'features'"),
    "swapped": (lambda: exported(weights(), metadata=SWAPPED), {}, "feature 0 is 'offer_liked', ours is 'content_l"),
    "fewer": (lambda: exported(weights(), metadata={"features": FEATURES[0]}), {}, "made for 1 features, we have 21"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_model_is_refused_with_what_is_wrong(case):
    make, given, why = WRONG[case]
    make()
    with pytest.raises(ScenarioError, match=why) as found:
        policy(**given)
    assert "\n" not in str(found.value)


def test_what_is_asked_beside_a_page_does_not_change_it():
    exported(weights(), 0.1, "Tanh")
    found = Exported.read("ranker.onnx", "features", "score", 50)
    features = np.random.default_rng(2).normal(size=(6, WIDTH, 50)).astype(np.float32)
    together = found.scores(features)
    for page in range(6):
        np.testing.assert_array_equal(together[page], found.scores(features[page : page + 1])[0])


def test_a_request_gets_its_page_alone_as_among_others():
    exported(weights(), 0.1, "Tanh")
    catalogue = toy.catalogue()
    ranker = policy()
    ranker.begin(KeyedRng(7), catalogue)
    ranker.fit(looks(catalogue), catalogue)
    many = asked(catalogue, 150)  # more than are looked at together
    feed = replace(many, surface=np.zeros(150, np.int8), query=np.full(150, -1, np.int32))
    slates = ranker.recommend(feed, 10).content
    for row in (0, 70, 149):
        np.testing.assert_array_equal(ranker.recommend(toy.rows(feed, np.array([row])), 10).content[0], slates[row])


def test_the_page_of_documentation_names_the_columns_in_their_order():
    page = (Path(__file__).parents[2] / "docs" / "onnx_recommender.md").read_text()
    columns = page.partition("## The columns")[2].partition("## Sameness")[0]
    said = [name for row in columns.splitlines() if row.startswith("| ") for name in re.findall(r"`(\w+)`", row)]
    assert tuple(said) == FEATURES
