"""A learned ranker that corrects itself: gradient-boosted trees."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from policies.recommenders._examples import Examples
from policies.recommenders._one_thread import one_thread
from policies.recommenders._ranker import Model, Ranker
from policies.recommenders._trees import of_boosting


@dataclass(frozen=True)
class BoostingRanker(Ranker):
    """Rank retrieved contents by gradient-boosted trees of clicks on features of consumer, content and moment.

    ``P(click) = sigma(b + sum over trees of the leaf's value)``, each tree fitted to the gradient of the log loss that
    the ones before it leave, on features in 255 bins.
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
    trees : int
        Steps of boosting.
    leaves : int
        Per tree at most.
    leaf : int
        Examples in a leaf at least.
    learning_rate : float
        Share of each tree's correction that is taken.
    damping : float
        Added to the curvature that a leaf's value is divided by: keeps leaves of sure cases finite.

    References
    ----------
    Friedman, Annals of Statistics 29 (2001); Ke et al., LightGBM, NeurIPS 2017 (histograms).
    """

    trees: Annotated[int, Field(ge=1, le=1000)] = 60
    leaves: Annotated[int, Field(ge=2, le=255)] = 15
    leaf: Annotated[int, Field(ge=1)] = 20
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.1
    damping: Annotated[float, Field(ge=0)] = 1.0

    def _learned(self, found: Examples, seed: int) -> Model:
        from sklearn.ensemble import HistGradientBoostingClassifier

        model = HistGradientBoostingClassifier(
            max_iter=self.trees,
            max_leaf_nodes=self.leaves,
            min_samples_leaf=self.leaf,
            learning_rate=self.learning_rate,
            l2_regularization=self.damping,
            early_stopping=False,
            random_state=seed,
        )
        with one_thread():
            model.fit(found.features, found.clicked, found.weight)
        return of_boosting(model)
