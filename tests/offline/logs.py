"""Small logs, written as tables."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.offline.exam import Exam
from sim.offline.log_table import LogTable, log_table
from sim.offline.split import split

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def written(folder: Path, rows: Any, name: str = "log.csv") -> Path:
    """Write rows (user, item, time, ...) as a table; return its path."""
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows, columns=["user", "item", "time"])
    path = folder / name
    frame.to_csv(path, index=False) if name.endswith(".csv") else frame.to_parquet(path)
    return path


def read(folder: Path, rows: Any, **columns: str) -> LogTable:
    """Return a log as it is read back."""
    return log_table(written(folder, rows), columns)


def tasted(users: int = 60, items: int = 40, rows: int = 16, seed: int = 3) -> pd.DataFrame:
    """Return a log in which users like one half of the items or the other, each as often."""
    rng = np.random.default_rng(seed)
    liked = [
        rng.choice(np.arange(items // 2) + (user % 2) * (items // 2), rows, replace=False) for user in range(users)
    ]
    pairs = [
        (f"u{user}", f"i{item}", minute) for user, own in enumerate(liked) for minute, item in enumerate(own.tolist())
    ]
    return pd.DataFrame(pairs, columns=["user", "item", "time"])


def rated(users: int = 40, items: int = 20, share: float = 0.6, seed: int = 4) -> pd.DataFrame:
    """Return ratings: half of the users give the even items 5 and the others 1, the rest the other way round."""
    rng = np.random.default_rng(seed)
    user, item = np.nonzero(rng.random((users, items)) < share)
    frame = pd.DataFrame({"user": user, "item": item, "rating": np.where((user + item) % 2 == 0, 5, 1)})
    frame["time"] = rng.permutation(len(frame))
    return frame


def examined(folder: Path) -> Exam:
    """Return `rated` as an exam, a fifth held out."""
    log = read(folder, rated())
    return Exam(log, split(log, "time", 0.2, 4.0, 0))
