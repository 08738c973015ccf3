"""The run's folder: what is kept, found again, and told from what is damaged."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.errors import SimError
from sim.record import whole_file
from sim.record.event_tables import kinds_at
from sim.record.folder import RunFolder
from sim.record.rows import KINDS
from tests.record.handmade import replication

ROOT = Path(__file__).parents[2]
KPIS = pd.DataFrame(
    {
        "name": ["gmv", "ctr", "gmv"],
        "dimension": ["", "", "merchant"],
        "key": ["", "", "=cy"],
        "value": [12.25, np.nan, 0.1],
    }
)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder.of(tmp_path, "small", "0123abcd")


def files(folder: RunFolder) -> list[str]:
    return sorted(str(path.relative_to(folder.path)) for path in folder.path.rglob("*") if path.is_file())


def contents(folder: RunFolder) -> dict[str, bytes]:
    return {name: (folder.path / name).read_bytes() for name in files(folder)}


def test_kpis_come_back_as_they_were_kept(folder):
    folder.keep(replication(number=7), KPIS)
    pd.testing.assert_frame_equal(folder.read(7), KPIS)


def test_the_folder_is_named_by_scenario_and_hash_and_empty_until_something_is_kept(folder, tmp_path):
    assert folder.path == tmp_path / "small-0123abcd"
    assert folder.done() == set()
    assert not folder.path.exists()


@pytest.mark.parametrize("level", ["off", "orders", "sampled", "full"])
def test_each_level_keeps_its_kinds_and_no_others(folder, level):
    folder.keep(replication(level), KPIS)
    expected = [f"events/{kind}/0000.parquet" for kind in kinds_at(level)]
    assert files(folder) == sorted([*expected, "replications/0000.parquet", "series/0000.parquet"])
    assert folder.done(level) == {0}


def test_levels_keep_what_they_promise():
    assert kinds_at("off") == ()
    always = {"orders", "comments", "reviews", *KINDS}
    assert set(kinds_at("orders")) == always
    assert set(kinds_at("sampled")) == set(kinds_at("full")) == always | {"acts", "slates"}


@pytest.mark.parametrize(
    ("kept", "done_for"),
    [
        ("off", {"off"}),
        ("orders", {"off", "orders"}),
        ("sampled", {"off", "orders", "sampled"}),
        ("full", {"off", "orders", "sampled", "full"}),
    ],
)
def test_a_replication_kept_at_a_lower_level_is_not_done_for_a_higher_one(folder, kept, done_for):
    folder.keep(replication(kept), KPIS)
    assert {level for level in ("off", "orders", "sampled", "full") if folder.done(level)} == done_for


def test_the_record_level_changes_no_byte_of_the_kpis(folder, tmp_path):
    other = RunFolder.of(tmp_path, "other", "0")
    folder.keep(replication("off"), KPIS)
    other.keep(replication("full"), KPIS)
    for name in ("replications/0000.parquet", "series/0000.parquet"):
        assert contents(folder)[name] == contents(other)[name]


def test_the_same_replication_gives_the_same_bytes(folder, tmp_path):
    again = RunFolder.of(tmp_path, "again", "0")
    for place in (folder, again):
        for number in (0, 3):
            place.keep(replication("full", number), KPIS)
        place.finish(place.done())
    assert contents(folder) == contents(again)


@pytest.mark.parametrize("name", ["replications/0003.parquet", "series/0003.parquet", "events/orders/0003.parquet"])
@pytest.mark.parametrize("damage", ["cut short", "empty", "absent", "other bytes"])
def test_a_damaged_replication_is_not_done(folder, name, damage):
    for number in (2, 3):
        folder.keep(replication("orders", number), KPIS)
    path = folder.path / name
    content = path.read_bytes()
    if damage == "absent":
        path.unlink()
    else:
        path.write_bytes({"cut short": content[:-9], "empty": b"", "other bytes": b"?" * len(content)}[damage])
    assert folder.done("orders") == {2}
    folder.keep(replication("orders", 3), KPIS)
    assert folder.done("orders") == {2, 3}


def test_one_flipped_bit_in_the_kpis_is_noticed(folder):
    folder.keep(replication(), KPIS)
    path = folder.path / "replications/0000.parquet"
    content = bytearray(path.read_bytes())
    content[content.index(b"\x28\xb5\x2f\xfd") + 12] ^= 1  # within the first compressed page
    path.write_bytes(content)
    assert folder.done() == set()
    with pytest.raises(SimError, match="missing or damaged"):
        folder.read(0)


def test_a_sound_file_of_something_else_is_not_taken_for_kpis(folder):
    folder.keep(replication(), KPIS)
    pq.write_table(pa.table({"x": [1]}), folder.path / "replications/0000.parquet")
    assert folder.done() == set()


def test_strange_files_among_the_replications_are_left_alone(folder):
    folder.keep(replication(), KPIS)
    (folder.path / "replications" / "notes.parquet").write_bytes(b"mine")
    (folder.path / "replications" / ".0001.parquet.123.part").write_bytes(b"half")
    assert folder.done() == {0}


def test_a_full_disk_keeps_what_is_finished_and_nothing_half_written(folder, monkeypatch):
    """Room for so many bytes, for every amount of room: the second replication is there whole or not done."""
    folder.keep(replication(number=0), KPIS)
    needed = sum(len(content) for content in contents(folder).values())
    real = os.write
    for room in range(0, needed * 9 // 10, needed // 7):  # what each says differs by a few bytes
        left = [room]

        def write(file: int, content: memoryview, left: list[int] = left) -> int:
            if left[0] <= 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            done = real(file, content[: left[0]])
            left[0] -= done
            return done

        with monkeypatch.context() as patched:
            patched.setattr(whole_file.os, "write", write)
            with pytest.raises(SimError, match=r"No space left on device\. What is finished is kept"):
                folder.keep(replication(number=1), KPIS)
        assert folder.done("orders") == {0}
        assert not [name for name in files(folder) if name.endswith(".part")]
    folder.keep(replication(number=1), KPIS)
    assert folder.done("orders") == {0, 1}


KEEPER = """
import sys
from pathlib import Path
import pandas as pd
from sim.record.folder import RunFolder
from tests.record.handmade import replication
kpis = pd.DataFrame({"name": ["gmv"], "dimension": [""], "key": [""], "value": [1.0]})
for number in range(10_000):
    RunFolder(Path(sys.argv[1])).keep(replication("full", number), kpis)
    print(number, flush=True)
"""


@pytest.mark.parametrize("files_later", [0, 3, 10, 17])
def test_a_worker_killed_while_it_keeps_a_replication_loses_only_that_one(folder, files_later):
    """Killed so many files after it told that replication 1 was kept."""
    command = [sys.executable, "-c", KEEPER, str(folder.path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        kept = [int(child.stdout.readline()) for _ in range(2)]
        while len(list(folder.path.rglob("0002.parquet"))) < files_later:
            pass
        child.send_signal(signal.SIGKILL)
        kept += [int(line) for line in child.stdout]
    done = folder.done("full")
    assert done >= set(kept)
    assert done <= {*kept, max(kept) + 1}  # one may have been finished and not yet told
    for path in folder.path.rglob("*.parquet"):
        pq.read_table(path)


def test_the_series_of_all_replications_are_merged_in_order(folder):
    for number in (3, 0, 12):
        folder.keep(replication(number=number), KPIS)
    folder.finish(folder.done())
    merged = pd.read_parquet(folder.path / "series.parquet")
    assert merged["replication"].unique().tolist() == [0, 3, 12]
    parts = [pd.read_parquet(folder.path / "series" / f"{number:04d}.parquet") for number in (0, 3, 12)]
    pd.testing.assert_frame_equal(merged.drop(columns="replication"), pd.concat(parts, ignore_index=True))


def test_nothing_to_merge_makes_no_file(folder):
    folder.finish([])
    assert not folder.path.exists()


def test_a_run_begins_by_clearing_leftovers_and_writing_what_is_run(folder):
    leftover = folder.path / "replications" / ".0001.parquet.123.part"
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b"half")
    folder.begin("name: small\n", {"seed": 7, "versions": {"streamstock": "0.1.0"}})
    assert files(folder) == ["manifest.json", "scenario.resolved.yaml"]
    assert (folder.path / "scenario.resolved.yaml").read_text() == "name: small\n"
    assert folder.manifest() == {"seed": 7, "versions": {"streamstock": "0.1.0"}}


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff"])
def test_a_damaged_manifest_reads_as_empty(folder, content):
    assert folder.manifest() == {}
    folder.path.mkdir()
    (folder.path / "manifest.json").write_bytes(content)
    assert folder.manifest() == {}
