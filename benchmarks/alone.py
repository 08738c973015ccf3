"""Run one measurement in a process of its own, on one thread."""

import json
import os
import subprocess
import sys
from typing import Any

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")


def measure(*words: str) -> dict[str, Any]:
    """Return what one measurement of `benchmarks.measure` printed."""
    command = [sys.executable, "-m", "benchmarks.measure", *words]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | ONE_THREAD, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stderr}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
