"""The simplest learned ranker: a weighted sum of features."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from policies.recommenders._examples import Examples
from policies.recommenders._models import Layers, Scale
from policies.recommenders._one_thread import one_thread
from policies.recommenders._ranker import Model, Ranker


@dataclass(frozen=True)
class LogisticRanker(Ranker):
    """Rank retrieved contents by a logistic regression of clicks on features of consumer, content and moment.

    ``P(click) = sigma(b + w . z)``, z the standardised features; w minimises ``C sum log loss + |w|^2 / 2``.
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
