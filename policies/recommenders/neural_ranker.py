"""A learned ranker that finds its own combinations of features: a multi-layer perceptron."""

import warnings
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from policies.recommenders._examples import Examples
from policies.recommenders._models import Layers, Scale
from policies.recommenders._one_thread import one_thread
from policies.recommenders._ranker import Model, Ranker

BATCH = 256


@dataclass(frozen=True)
class NeuralRanker(Ranker):
    """Rank retrieved contents by a multi-layer perceptron of clicks on features of consumer, content and moment.

    ``P(click) = sigma(b + w . h)``, ``h = max(0, W z + c)`` layer after layer, z the standardised features; learned
    by Adam on the log loss, in batches of 256, from seeded weights.
    Retrieved are the profile's nearest neighbours (as ``item_knn``), half at most, and the most popular.  Features:
    see ``_features.py``; the position is not among them.  Learned from are the latest half of the logged impressions,
    judged by what was known before them; where none are logged, clicks against contents that others clicked.  The
    log has no prices: what a price does is learned from list prices.  Page n shows the next k of the candidates;
    popularity fills what stays empty, and everything while there are fewer than 30 clicks or looks without one.

    Parameters
    ----------
    candidates : int
        Contents ranked per page.
    neighbours : int
        Neighbours kept per content (retrieval and affinity).
    history : int
        Contents in a profile.
    examples : int
        Looks learned from at most, the latest.
    inverse_propensity : bool
        Whether a look weighs 1 / its propensity (0.02 at least) where the log has one.
    half_life_days : float, days
        Of the popularity that is a feature, retrieves and fills up.
    hidden : tuple of int
        Units of each hidden layer.
    epochs : int
        Times that each example is used.
    learning_rate : float
        Of Adam.
    damping : float
        Weight of |W|^2.

    References
    ----------
    Kingma & Ba, Adam, ICLR 2015; Covington, Adams & Sargin, RecSys 2016 (ranking network).
    """

    hidden: Annotated[tuple[Annotated[int, Field(ge=1, le=512)], ...], Field(min_length=1, max_length=4)] = (32, 16)
    epochs: Annotated[int, Field(ge=1, le=200)] = 10
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.002
    damping: Annotated[float, Field(ge=0)] = 0.0001

    def _learned(self, found: Examples, seed: int) -> Model:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.neural_network import MLPClassifier

        scale = Scale.of(found.features)
        model = MLPClassifier(
            self.hidden,
            alpha=self.damping,
            batch_size=min(BATCH, len(found.features)),
            learning_rate_init=self.learning_rate,
            max_iter=self.epochs,
            random_state=seed,
        )
        with one_thread(), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # so many epochs are meant
            model.fit(scale(found.features), found.clicked, found.weight)
        return Layers.of(scale, model.coefs_, model.intercepts_)
