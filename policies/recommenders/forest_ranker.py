"""A learned ranker that asks questions: a random forest."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from policies.recommenders._examples import Examples
from policies.recommenders._learned import LearnedRanker
from policies.recommenders._ranker import Model
from policies.recommenders._trees import of_forest


@dataclass(frozen=True)
class ForestRanker(LearnedRanker):
    """Rank retrieved contents by a random forest of clicks on features of consumer, content and moment.

    ``P(click) = mean over trees of the share of clicks in the leaf``; each tree sees a bootstrap sample and, at each
    node, a root's number of the features.

    What is retrieved, looked at and learned from: see `LearnedRanker` and `Ranker`, whose parameters it has too.

    Parameters
    ----------
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
