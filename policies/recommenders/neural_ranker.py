"""A learned ranker that finds its own combinations of features: a multi-layer perceptron."""

import warnings
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from policies.recommenders._examples import Examples
from policies.recommenders._learned import LearnedRanker
from policies.recommenders._models import Layers, Scale
from policies.recommenders._one_thread import one_thread
from policies.recommenders._ranker import Model

BATCH = 256


@dataclass(frozen=True)
class NeuralRanker(LearnedRanker):
    """Rank retrieved contents by a multi-layer perceptron of clicks on features of consumer, content and moment.

    ``P(click) = sigma(b + w . h)``, ``h = max(0, W z + c)`` layer after layer, z the standardised features; learned
    by Adam on the log loss, in batches of 256, from seeded weights.

    What is retrieved, looked at and learned from: see `LearnedRanker` and `Ranker`, whose parameters it has too.

    Parameters
    ----------
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
