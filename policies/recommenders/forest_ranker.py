"""A learned ranker that asks questions: a random forest."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from policies.recommenders._examples import Examples
from policies.recommenders._ranker import Model, Ranker
from policies.recommenders._trees import of_forest


@dataclass(frozen=True)
class ForestRanker(Ranker):
    """Rank retrieved contents by a random forest of clicks on features of consumer, content and moment.

    ``P(click) = mean over trees of the share of clicks in the leaf``; each tree sees a bootstrap sample and, at each
    node, a root's number of the features.
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
        Grown apart, each on a sample of the looks.
    depth : int
        Questions from root to leaf at most.
    leaf : int
        Examples in a leaf at least.

    References
    ----------
    Breiman, Random forests, Machine Learning 45 (2001).
    """

    trees: Annotated[int, Field(ge=1, le=1000)] = 40
    depth: Annotated[int, Field(ge=1, le=30)] = 8
    leaf: Annotated[int, Field(ge=1)] = 20

    def _learned(self, found: Examples, seed: int) -> Model:
        from sklearn.ensemble import RandomForestClassifier

        model = RandomForestClassifier(
            self.trees, max_depth=self.depth, min_samples_leaf=self.leaf, max_features="sqrt", random_state=seed
        )
        model.fit(found.features, found.clicked, found.weight)
        return of_forest(model)
