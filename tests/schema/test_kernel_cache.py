"""Machine code is kept between runs, and made anew when any source it comes from has changed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from numba import config

from sim.schema import kernel_cache
from sim.schema.compiled import compiled
from sim.schema.kernel_cache import cache_folder

ROOT = Path(__file__).resolve().parents[2]
HELPER = """
from sim.schema.compiled import inner
@inner
def step(x):
    return x + {step}
"""
KERNEL = """
from sim.schema.compiled import compiled
from {helper} import step
@compiled
def walk(x):
    return step(step(x))
"""
RUN = """
import json
import alone, shop.models.mine
print(json.dumps([[m.walk(0), sum(m.walk.stats.cache_hits.values())] for m in (alone, shop.models.mine)]))
"""


def write_plug_ins(folder: Path, step: int) -> None:
    """A module beside its helper, and a package whose helper is in another of its folders."""
    for package in ("shop", "shop/models", "shop/tools"):
        (folder / package).mkdir(exist_ok=True)
        (folder / package / "__init__.py").touch()
    sources = {
        "steps.py": HELPER.format(step=step),
        "alone.py": KERNEL.format(helper="steps"),
        "shop/tools/steps.py": HELPER.format(step=10 * step),
        "shop/models/mine.py": KERNEL.format(helper="shop.tools.steps"),
    }
    for name, source in sources.items():
        if not (folder / name).exists() or (folder / name).read_text() != source:
            (folder / name).write_text(source)


def walked(folder: Path) -> list[list[int]]:
    """Run both in a process of their own; return for each its answer, and how often it found kept code."""
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"} | {
        "XDG_CACHE_HOME": str(folder / "cache"),
        "PYTHONPATH": os.pathsep.join((str(folder), str(ROOT))),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run([sys.executable, "-c", RUN], env=environment, capture_output=True, text=True, check=True)
    answer: list[list[int]] = json.loads(done.stdout)
    return answer


def test_a_changed_helper_is_noticed_and_an_unchanged_one_is_not_compiled_again(tmp_path):
    write_plug_ins(tmp_path, step=1)
    assert walked(tmp_path) == [[2, 0], [20, 0]]
    assert walked(tmp_path) == [[2, 1], [20, 1]]
    write_plug_ins(tmp_path, step=2)
    assert walked(tmp_path) == [[4, 0], [40, 0]]


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of two files, and nothing remembered of others."""
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path / "kept"))
    kernel_cache._digest_of_package.cache_clear()
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "mine.py").write_text("x = 1\n")
    return tmp_path / "shop" / "mine.py"


def test_the_users_own_cache_folder_is_divided_by_digest_too(sources, tmp_path):
    found = cache_folder(sources)
    assert found.parent == tmp_path / "kept"
    assert cache_folder(Path(kernel_cache.__file__)).name == found.name.partition("-")[0]


def test_a_file_that_moves_inside_its_package_counts_as_a_change(sources):
    before = cache_folder(sources)
    kernel_cache._digest_of_package.cache_clear()
    assert cache_folder(sources.rename(sources.with_name("yours.py"))) != before


@pytest.mark.parametrize(("bound", "most"), [("MOST_FILES", 1), ("MOST_BYTES", 5)])
def test_nothing_is_kept_of_a_package_too_large_to_read(sources, monkeypatch, bound, most):
    assert cache_folder(sources) is not None
    kernel_cache._digest_of_package.cache_clear()
    monkeypatch.setattr(kernel_cache, bound, most)
    assert cache_folder(sources) is None


def test_nothing_is_kept_where_nothing_can_be_written(sources, monkeypatch):
    monkeypatch.setattr(config, "CACHE_DIR", str(sources))  # a file
    assert cache_folder(sources) is None


def test_a_kernel_without_a_file_is_compiled_all_the_same():
    names: dict[str, object] = {}
    exec("def twice(x):\n    return x + x", names)
    assert compiled(names["twice"])(21) == 42
