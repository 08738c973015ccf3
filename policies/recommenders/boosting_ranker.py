"""A learned ranker that corrects itself: gradient-boosted trees."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from policies.recommenders._examples import Examples
from policies.recommenders._learned import LearnedRanker
from policies.recommenders._one_thread import one_thread
from policies.recommenders._ranker import Model
from policies.recommenders._trees import of_boosting


@dataclass(frozen=True)
class BoostingRanker(LearnedRanker):
    """Rank retrieved contents by gradient-boosted trees of clicks on features of consumer, content and moment.

    ``P(click) = sigma(b + sum over trees of the leaf's value)``, each tree fitted to the gradient of the log loss that
    the ones before it leave, on features in 255 bins.

    What is retrieved, looked at and learned from: see `LearnedRanker` and `Ranker`, whose parameters it has too.

    Parameters
    ----------
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
