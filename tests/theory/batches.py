"""How a long run is compared with theory: means of 30 batches, one interval, one tolerance."""

import numpy as np

BATCHES = 30


def assert_agrees(what: str, means: np.ndarray, theory: float, tolerance: float, least: float = 0.1) -> None:
    """Assert that theory lies in the 99.9 % interval of 30 batch means, and their mean within a tolerance of it.

    The tolerance is relative to the theory's value, or to ``least`` where that is more.
    """
    assert len(means) == BATCHES
    half_width = 3.66 * means.std(ddof=1) / np.sqrt(BATCHES)  # t quantile 0.9995, 29 degrees of freedom
    off = abs(means.mean() - theory)
    assert off <= half_width, f"{what}: {means.mean():.4f} +- {half_width:.4f} against {theory:.4f}"
    assert off <= tolerance * max(theory, least), f"{what}: {means.mean():.4f} against {theory:.4f}"
