"""The simplest learned ranker: a weighted sum of features."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from policies.recommenders._examples import Examples
from policies.recommenders._learned import LearnedRanker
from policies.recommenders._models import Layers, Scale
from policies.recommenders._one_thread import one_thread
from policies.recommenders._ranker import Model


@dataclass(frozen=True)
class LogisticRanker(LearnedRanker):
    """Rank retrieved contents by a logistic regression of clicks on features of consumer, content and moment.

    ``P(click) = sigma(b + w . z)``, z the standardised features; w minimises ``C sum log loss + |w|^2 / 2``.

    What is retrieved, looked at and learned from: see `LearnedRanker` and `Ranker`, whose parameters it has too.

    Parameters
    ----------
    regularisation : float
        C: the smaller, the nearer weights stay to zero.

    References
    ----------
    Richardson, Dominowska & Ragno, Predicting clicks, WWW 2007.
    """

    regularisation: Annotated[float, Field(gt=0)] = 1.0

    def _learned(self, found: Examples, seed: int) -> Model:
        from sklearn.linear_model import LogisticRegression

        scale = Scale.of(found.features)
        model = LogisticRegression(C=self.regularisation, max_iter=1000)
        with one_thread():
            model.fit(scale(found.features), found.clicked, found.weight)
        return Layers.of(scale, [model.coef_.T], [model.intercept_])
