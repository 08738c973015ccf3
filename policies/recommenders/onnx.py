"""An exported model in the loop: trained anywhere, run by ONNX Runtime."""

from dataclasses import dataclass, field
from typing import Annotated

import numpy as np
from pydantic import Field

from policies.recommenders._exported import Exported
from policies.recommenders._ranker import Model, Ranker
from policies.recommenders._tastes import Double
from sim.policy.served import Account, PartSlates
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Single, Slates


@dataclass(frozen=True)
class Onnx(Ranker):
    """Rank retrieved contents by a model that was exported to ONNX; it does not learn, what features say does.

    The model takes ``features`` float32[n, 21], a row per content, the columns in the order of
    ``policies.ranking.FEATURES``, and gives ``score`` float32[n] (or [n, 1], or [n, 2]: then the last column counts,
    as of scikit-learn's probabilities).  Its metadata must name those features, so that a model made for others is
    refused (``policies.ranking.told()``).  Any finite score will do, the larger the better; pages with others are
    left to the fallback.  It runs on one thread and is asked about one page of ``candidates`` rows at a time.
    ``examples/onnx_recommender`` trains and exports one.  Needs ONNX Runtime (the extra ``onnx``).

    What is retrieved and looked at: see `Ranker`, whose parameters it has too.

    Parameters
    ----------
    model : str
        File under the working directory.
    features : str
        Name of the model's input.
    score : str
        Name of the model's output.
    """

    model: Annotated[str, Field(min_length=1, max_length=500)] = field(kw_only=True)
    features: Annotated[str, Field(min_length=1)] = field(default="features", kw_only=True)
    score: Annotated[str, Field(min_length=1)] = field(default="score", kw_only=True)

    def __post_init__(self) -> None:
        self._state.exported = Exported.read(self.model, self.features, self.score, self.candidates)

    def artefact(self) -> dict[str, str]:
        """Return the digest of the model's file and the version of what runs it."""
        found: dict[str, str] = self._state.exported.artefact
        return found

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of the candidates by score; leave pages with a score that is no number."""
        marks = self._state.lost = []
        slates = super().recommend(requests, k)
        lost = np.concatenate(marks) if marks else np.zeros(len(requests), np.bool_)
        if not lost.any():
            return slates
        n = int(lost.sum())
        account = Account(malformed=n, kinds={"no_number": n}, first_error="the model gave a score that is no number")
        return PartSlates(slates.content, unserved=lost, account=account)

    def _model(self, log: BehaviourLog, catalogue: CatalogueView) -> Model | None:
        return self if len(log) else None

    def probability(self, features: Single) -> Double:
        """Return each column's rank in its page by the model's score, the worst 0: as `Model` wants it."""
        score: Double = self._state.exported.scores(features)
        finite = np.isfinite(score)
        self._state.lost.append((~finite & features.any(axis=1)).any(axis=1))  # columns of nothing are all 0
        for page in score:
            page[:] = np.unique(np.where(np.isfinite(page), page, 0.0), return_inverse=True)[1]
        return score
