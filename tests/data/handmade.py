"""Order lines made by hand, real and as a run keeps them."""

from typing import Any

import numpy as np
import pandas as pd

from sim.scenario.scenario import Scenario

START = pd.Timestamp("2026-11-02")  # a Monday


def lines(n: int = 1, **columns: Any) -> pd.DataFrame:
    """Return ``n`` lines in the form that facts are taken of; times are days since the start."""
    usual = {
        "placed": 0.0, "shipped": 1.0, "delivered": 3.0, "promised": 4.0, "price": 10.0, "km": 100.0, "stars": 5.0,
        "merchant": "ann",
    }  # fmt: skip
    frame = pd.DataFrame({name: np.broadcast_to(value, n) for name, value in {**usual, **columns}.items()})
    for name in ("placed", "shipped", "delivered", "promised"):
        frame[name] = (START + pd.to_timedelta(frame[name].astype(float), "D")).astype("M8[us]")
    return frame


def kept(n: int = 1, **columns: Any) -> pd.DataFrame:
    """Return ``n`` orders as a run's folder keeps them; instants are minutes since the start."""
    usual = {
        "placed": 2000.0, "shipped": 3440.0, "delivered": 6320.0, "promised": 7760.0, "price": 1000,
        "distance": 100_000.0, "consumer_id": 0.0, "stars": 5.0, "merchant": "ann",
    }  # fmt: skip
    return pd.DataFrame({name: np.broadcast_to(value, n) for name, value in {**usual, **columns}.items()})


def scenario(**parts: Any) -> Scenario:
    """Return a scenario of a week after a day of warm-up, with a table of real orders, ``real.csv``."""
    window = {"start": START.to_pydatetime(), "warm_up": "1 day", "horizon": "8 days"}
    return Scenario.model_validate({"name": "x", **window, "real": {"from": "real.csv"}, **parts})
