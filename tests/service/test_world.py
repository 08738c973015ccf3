"""A world whose consumers are served by a real service, in a process of its own on this machine."""

import json

import pytest

from sim.policy.lookup import build
from sim.processes.story import play
from sim.scenario.scenario import Scenario
from sim.schema.kinds import Act
from sim.study.replicate import simulate
from sim.testing import check_recommender
from tests.cli.command import sim
from tests.service.running import example_service, free_port

WORLD = """\
name: served
horizon: 2 days
warm_up: 6 h
replications: 1
population: {consumers: 150}
catalogue: {items: 40}
creators: {count: 2}
"""


def scenario(**recommender):
    """Return a small world with a recommender."""
    return Scenario.model_validate(
        {
            "name": "served", "horizon": "2 days", "warm_up": "6 h", "population": {"consumers": 150},
            "catalogue": {"items": 40}, "creators": {"count": 2},
            "policies": {"recommender": {"refit": "6 h", **recommender}},
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def service():
    with example_service(MODEL_VERSION="example-7") as url:
        yield url


def test_the_example_keeps_the_recommenders_contract(service):
    check_recommender(lambda: build("recommender", "http", {"url": service}))


def test_a_world_is_served_by_it_without_a_fault_and_alike_each_time(service):
    first, again = (play(scenario(kind="http", with_={"url": service, "batch_size": 16}), 0) for _ in range(2))
    counts = first.faults.at("recommender")
    assert counts.asked > 100
    assert (counts.served_by_fallback, counts.first_error) == (0, "")
    assert not counts.real_time
    assert len(counts.latency) > 10
    assert first.acts.tobytes() == again.acts.tobytes()
    assert (first.acts["act"] == Act.CLICK).any()


def test_what_it_shows_changes_as_it_learns(service):
    learns, stays = (
        play(scenario(kind="http", with_={"url": service, "feedback": feedback}), 0) for feedback in (True, False)
    )
    assert learns.acts.tobytes() != stays.acts.tobytes()


class Folder:
    """Keeps nothing."""

    def keep(self, finished, kpis):
        self.kpis = kpis[kpis["dimension"] == ""].set_index("name")["value"]


def simulated(**recommender):
    """Return what is told of a replication, and its KPIs."""
    folder = Folder()
    told = simulate(scenario(**recommender), 0, ["tests"], folder, lambda share: None)
    return told, folder.kpis


def test_a_service_that_is_not_there_is_told_in_the_kpis_and_the_fallback_serves_all():
    url = f"http://127.0.0.1:{free_port()}"
    told, kpis = simulated(kind="http", **{"with": {"url": url, "retries": 0}})
    assert kpis["recommender_fallback_share"] == 1
    assert kpis["recommender_timeouts"] == 0
    assert kpis["recommender_latency_p95"] > 0
    hours = 2 * 24
    refits = 8
    assert 5 <= kpis["recommender_errors"] <= 5 + hours + refits
    assert told.faults["recommender"].startswith("connection: ConnectError")
    assert not told.reproducible


def test_a_recommender_that_hangs_in_a_process_of_its_own_does_not_stop_the_world():
    told, kpis = simulated(
        kind="tests.service.awkward:Awkward", isolate="process", answer_within="1 s",
        **{"with": {"how": "spin", "good_for": 20}},
    )  # fmt: skip
    assert kpis["recommender_timeouts"] == 1
    assert 0 < kpis["recommender_fallback_share"] < 1
    assert not told.reproducible


def test_the_manifest_names_the_model_and_no_secret_is_in_the_runs_folder(service, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "hidden-47")
    policy = f'{{kind: http, with: {{url: "{service}", headers: {{authorization: "Bearer ${{SECRET_TOKEN}}"}}}}}}'
    (tmp_path / "served.yaml").write_text(f"{WORLD}policies:\n  recommender: {policy}\n")
    done = sim(tmp_path, "run", "served.yaml", "--workers", 1, "--json")
    assert done.returncode == 0, done.stderr
    manifest = json.loads(next(tmp_path.glob("runs/*/manifest.json")).read_text())
    assert manifest["policies"]["recommender"]["policy"]["artefact"] == {"model": "example-7"}
    assert manifest["reproducible"] is True
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"${SECRET_TOKEN}" in written
    assert b"hidden-47" not in written + done.stdout.encode() + done.stderr.encode()


@pytest.mark.parametrize(
    ("url", "code", "told"),
    [
        ("http://127.0.0.1:PORT", 1, "no service answers at http://127.0.0.1"),
        ("http://models.example.com", 2, "say --allow-host models.example.com"),
    ],
)
def test_a_service_out_of_reach_or_not_allowed_is_told_in_one_line_and_nothing_is_written(url, code, told, tmp_path):
    url = url.replace("PORT", str(free_port()))
    (tmp_path / "served.yaml").write_text(f'{WORLD}policies:\n  recommender: {{kind: http, with: {{url: "{url}"}}}}\n')
    done = sim(tmp_path, "run", "served.yaml")
    assert done.returncode == code
    assert done.stderr.startswith("served.yaml:9:")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["served.yaml"]
