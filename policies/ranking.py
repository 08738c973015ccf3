"""What a ranker of one's own learns from and is asked about: the features of `policies.recommenders`, to export."""

import numpy as np

from policies.recommenders._examples import Examples, examples
from policies.recommenders._exported import KEY
from policies.recommenders._features import FEATURES
from sim.schema.recommending import BehaviourLog, CatalogueView

__all__ = ["FEATURES", "Examples", "table", "told"]


def table(
    log: BehaviourLog,
    catalogue: CatalogueView,
    most: int = 100_000,
    history: int = 20,
    half_life_days: float = 7.0,
    neighbours: int = 50,
    seed: int = 0,
) -> Examples | None:
    """Return rows to learn from, as the learned rankers do; None where fewer than 30 were clicked, or were not.

    Each row is a look at a content, described by what was known before it and whether a click followed.

    Parameters
    ----------
    most : int
        Rows at most, the latest.
    history, half_life_days, neighbours
        As the policy will be given them: they decide what features say.

    Returns
    -------
    Examples
        ``features`` float32[n, len(FEATURES)], ``clicked`` bool[n], ``weight`` float64[n], all 1.
    """
    rng = np.random.default_rng(seed)
    return examples(log, catalogue, most, history, half_life_days, neighbours, False, rng)


def told() -> dict[str, str]:
    """Return the metadata that an exported model must carry."""
    return {KEY: ",".join(FEATURES)}
