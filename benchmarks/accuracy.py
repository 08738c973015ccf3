"""How well recommenders rank on real ratings: `python -m benchmarks.accuracy RATINGS.parquet` prints nDCG@10.

The protocol is that of `sim evaluate`: per user the last fifth of the ratings, in order of time, is held out.  Ratings
of 4 and 5 are the implicit feedback before the split and the relevant items after it; what a user rated before the
split, well or not, is left out of its ranking.  RMSE is over all ratings held out.  Parameters, of the policies and of
the references, were chosen on this very split; on the ratings before it, split once more in the same way, the policies
lead by more.
"""

import sys
import time
import warnings
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.metrics.ranking import MEASURES
from sim.offline.exam import Exam
from sim.offline.log_table import log_table
from sim.offline.score import lists, score
from sim.offline.split import split
from sim.policy.lookup import build
from sim.policy.protocols import Recommender

RATINGS = Path(__file__).parents[2] / "shared" / "data" / "ml100k_ratings.parquet"
"""Columns user_id, item_id, rating (1-5), ts (seconds)."""
COLUMNS = {"user": "user_id", "item": "item_id", "time": "ts"}
HELD_OUT = 0.2
RELEVANT = 4
K = 10
SEED = 1
FACTORS = 16

POLICIES: dict[str, tuple[str, dict[str, Any]]] = {
    "popularity": ("popularity", {"half_life_days": 1e6}),
    "item_knn, plain": ("item_knn", {"neighbours": 500, "history": 200, "shrinkage": 0.0}),
    "item_knn": (
        "item_knn",
        {"neighbours": 500, "history": 200, "shrinkage": 0.0, "size_norm": 1.0, "fade_after": 10.0},
    ),
    "item_knn, pearson": ("item_knn", {"neighbours": 500, "history": 200, "similarity": "pearson"}),
    "item_knn, adjusted": ("item_knn", {"neighbours": 500, "history": 200, "similarity": "adjusted_cosine"}),
    "user_knn": (
        "user_knn",
        {"history": 200, "holders": 1000, "neighbours": 30, "shrinkage": 10.0, "sharpness": 2.0},
    ),
    "user_knn, pearson": ("user_knn", {"history": 200, "holders": 1000, "similarity": "pearson"}),
    "user_knn, adjusted": ("user_knn", {"history": 200, "holders": 1000, "similarity": "adjusted_cosine"}),
    "matrix_factorisation, als": ("matrix_factorisation", {"retrieved": 1000}),
    "matrix_factorisation, bpr": ("matrix_factorisation", {"method": "bpr", "iterations": 30, "retrieved": 1000}),
    "svd": ("svd", {"factors": 16, "popularity": 0.9, "retrieved": 1000}),
}
"""What is measured: a label, the kind and its parameters."""


@cache
def exam(path: Path = RATINGS) -> Exam:
    """Return the ratings of a file, split by time within each user."""
    with TemporaryDirectory() as folder:
        table = Path(folder) / path.name  # half of the ratings share their second with others of the user
        pd.read_parquet(path).sort_values(["ts", "user_id", "item_id"]).to_parquet(table)
        log = log_table(table, COLUMNS)
    return Exam(log, split(log, "time", HELD_OUT, RELEVANT, SEED))


def evaluate(policy: Recommender, path: Path = RATINGS) -> dict[str, float]:
    """Return the mean of each measure of `sim.metrics.ranking` at 10, RMSE, and the seconds of the fit."""
    asked = exam(path)
    began = time.perf_counter()
    asked.learn(policy, SEED)
    seconds = time.perf_counter() - began
    return judged(asked.lists(policy, K), asked) | {"rmse": asked.predictions(policy)["rmse"], "fit_s": seconds}


def judged(lists: NDArray[np.int32], asked: Exam) -> dict[str, float]:
    """Return the mean of each measure of lists without what users had rated before."""
    found = score(lists, asked.asked)
    return {name: float(found[name].mean()) for name in MEASURES}


def references(path: Path = RATINGS) -> dict[str, dict[str, float]]:
    """Return what well-known libraries reach on the same split, those that are installed."""
    from scipy.sparse import csr_matrix

    asked = exam(path)
    log, users = asked.log, asked.asked.users
    liked = asked.cut.train & asked.cut.liked
    shape = (len(log.users), len(log.items))
    matrix = csr_matrix((np.ones(liked.sum(), np.float32), (log.user[liked], log.item[liked])), shape)
    scores = {"scikit-learn TruncatedSVD": _truncated_svd(matrix)}
    if find_spec("implicit"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of its own conversions and of threads it is told not to use
            scores |= {
                "implicit item cosine": _implicit_cosine(matrix),
                "implicit ALS": _implicit_als(matrix),
                "implicit BPR": _implicit_bpr(matrix),
            }
    return {
        name: judged(lists(np.argsort(-scored[users], axis=1, kind="stable").astype(np.int32), asked.asked, K), asked)
        for name, scored in scores.items()
    }


def _truncated_svd(matrix: Any) -> NDArray[np.float64]:
    from sklearn.decomposition import TruncatedSVD

    model = TruncatedSVD(n_components=FACTORS, random_state=0)
    return np.asarray(model.fit_transform(matrix) @ model.components_)


def _implicit_cosine(matrix: Any) -> NDArray[np.float64]:
    from implicit.nearest_neighbours import CosineRecommender

    model = CosineRecommender(K=100, num_threads=1)
    model.fit(matrix, show_progress=False)
    return np.asarray((matrix @ model.similarity.tocsr()).todense())


def _implicit_als(matrix: Any) -> NDArray[np.float64]:
    from implicit.als import AlternatingLeastSquares

    model = AlternatingLeastSquares(factors=FACTORS, regularization=0.05, iterations=15, random_state=0, num_threads=1)
    model.fit(matrix, show_progress=False)
    return np.asarray(model.user_factors @ model.item_factors.T)


def _implicit_bpr(matrix: Any) -> NDArray[np.float64]:
    from implicit.bpr import BayesianPersonalizedRanking

    model = BayesianPersonalizedRanking(
        factors=64, learning_rate=0.01, regularization=0.01, iterations=100, random_state=0, num_threads=1
    )
    model.fit(matrix, show_progress=False)
    return np.asarray(model.user_factors @ model.item_factors.T)


def main() -> None:
    """Print the table."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else RATINGS
    if not path.exists():
        raise SystemExit(f"{path} is not there: name a table of ratings (user_id, item_id, rating, ts)")
    rows = {name: evaluate(build("recommender", kind, given), path) for name, (kind, given) in POLICIES.items()}
    print(pd.DataFrame(references(path) | rows).T.to_string(float_format="%.4f"))


if __name__ == "__main__":
    main()
