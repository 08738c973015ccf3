"""How well recommenders rank on real ratings: `python -m benchmarks.accuracy RATINGS.parquet` prints nDCG@10.

The protocol: per user the last fifth of the ratings, in order of time, is held out.  Ratings of 4 and 5 are the
implicit feedback before the split and the relevant items after it; what a user rated before the split, well or not,
is left out of its ranking.  Parameters, of the policies and of the references, were chosen on this very split; on the
ratings before it, split once more in the same way, the policies lead by more.
"""

import sys
import time
import warnings
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.metrics.ranking import MEASURES
from sim.policy.keyed import KeyedRng
from sim.policy.lookup import build
from sim.policy.protocols import Recommender
from sim.schema.kinds import Act
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, ServingView

RATINGS = Path(__file__).parents[2] / "shared" / "data" / "ml100k_ratings.parquet"
"""Columns user_id, item_id, rating (1-5), ts (seconds)."""
HELD_OUT = 0.2
RELEVANT = 4
K = 10
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
    "matrix_factorisation, bpr": ("matrix_factorisation", {"method": "bpr", "learning_rate": 0.1, "retrieved": 1000}),
    "svd": ("svd", {"factors": 16, "popularity": 0.9, "retrieved": 1000}),
}
"""What is measured: a label, the kind and its parameters."""


@dataclass(frozen=True, slots=True)
class Split:
    """Ratings as a recommender meets them.  Users and items are dense ids.

    Attributes
    ----------
    log : BehaviourLog
        Before the split: a CLICK per rating of 4 or 5, a RATING per rating.
    liked : int32[n, 2]
        (user, item) of the clicks.
    known : tuple of int32 arrays
        Per user, what it rated before the split.
    relevant : tuple of int32 arrays
        Per user, what it liked after the split.
    """

    catalogue: CatalogueView
    log: BehaviourLog
    liked: NDArray[np.int32]
    known: tuple[NDArray[np.int32], ...]
    relevant: tuple[NDArray[np.int32], ...]


@cache
def split(path: Path = RATINGS) -> Split:
    """Return the ratings of a file, split by time within each user."""
    ratings = pd.read_parquet(path)
    user, item = (pd.factorize(ratings[name], sort=True)[0] for name in ("user_id", "item_id"))
    ratings = pd.DataFrame({"user": user, "item": item, "stars": ratings.rating, "minute": ratings.ts / 60.0})
    ratings = ratings.sort_values(["minute", "user", "item"], kind="stable", ignore_index=True)
    place = ratings.groupby("user").cumcount()
    size = ratings.groupby("user").user.transform("size")
    late = place >= size - np.ceil(HELD_OUT * size)
    before, after = ratings[~late], ratings[late]
    n_users, n_items = int(user.max()) + 1, int(item.max()) + 1
    liked = before.loc[before.stars >= RELEVANT, ["user", "item"]].to_numpy(np.int32)
    known, relevant = _by_user(before, n_users), _by_user(after[after.stars >= RELEVANT], n_users)
    return Split(_catalogue(n_users, n_items), _log(before), liked, known, relevant)


def _by_user(ratings: pd.DataFrame, n_users: int) -> tuple[NDArray[np.int32], ...]:
    user, item = ratings.user.to_numpy(), ratings.item.to_numpy(np.int32)
    return tuple(item[user == u] for u in range(n_users))


def evaluate(policy: Recommender, path: Path = RATINGS) -> dict[str, float]:
    """Return the mean of each measure of `sim.metrics.ranking` at 10, and the seconds of the fit with compiling."""
    data = split(path)
    policy.begin(KeyedRng(1), data.catalogue)
    began = time.perf_counter()
    policy.fit(data.log, data.catalogue)
    seconds = time.perf_counter() - began
    most = max(len(items) for items in data.known)
    users = _judged_users(data)
    asked = _requests(users, data)
    ranked = policy.recommend(asked, min(K + most, data.catalogue.n_contents)).content
    return judged(users, ranked, data) | {"fit_s": seconds}


def _judged_users(data: Split) -> NDArray[np.int32]:
    """Return the users who liked something after the split."""
    return np.flatnonzero([len(items) for items in data.relevant]).astype(np.int32)


def judged(users: NDArray[np.int32], ranked: NDArray[np.int32], data: Split) -> dict[str, float]:
    """Return the mean of each measure over users, once what each rated before is taken out of its ranking."""
    hits = np.zeros((len(users), K), bool)
    for row, user in enumerate(users):
        fresh = ranked[row][(ranked[row] >= 0) & ~np.isin(ranked[row], data.known[user])][:K]
        hits[row, : len(fresh)] = np.isin(fresh, data.relevant[user])
    to_find = np.array([len(data.relevant[user]) for user in users])
    return {name: float(measure(hits, to_find).mean()) for name, measure in MEASURES.items()}


def _catalogue(n_users: int, n_items: int) -> CatalogueView:
    """Return a shop of offers that differ in nothing but their ids."""
    none, cents = np.zeros(n_items, np.int32), np.full(n_items, 1000, np.int64)
    return CatalogueView(
        n_consumers=n_users,
        kind=np.zeros(n_items, np.int8),
        offer=np.arange(n_items, dtype=np.int32),
        creator=np.full(n_items, -1, np.int32),
        listed=np.full(n_items, -1.0),
        sku=np.arange(n_items, dtype=np.int32),
        merchant=none,
        category=none,
        brand=none,
        list_price=cents,
        unit_cost=cents // 2,
        commission=np.zeros(n_items),
        segment=np.zeros(n_users, np.int32),
        region=np.zeros(n_users, np.int32),
        names=tuple(f"item-{i}" for i in range(n_items)),
        text=("",) * n_items,
        tags=((),) * n_items,
    )


def _log(before: pd.DataFrame) -> BehaviourLog:
    """Return clicks on what was liked, and all ratings, in order of time; a session per user and day."""
    clicks = before[before.stars >= RELEVANT].assign(act=int(Act.CLICK), value=1.0)
    acts = pd.concat([clicks, before.assign(act=int(Act.RATING), value=before.stars.astype(float))])
    acts = acts.sort_index(kind="stable")
    n = len(acts)
    day = (acts.minute // 1440).to_numpy(np.int64)
    item = acts.item.to_numpy(np.int32)
    return BehaviourLog(
        minute=acts.minute.to_numpy(float),
        act=acts.act.to_numpy(np.int8),
        consumer=acts.user.to_numpy(np.int32),
        content=item,
        offer=item,
        session=acts.user.to_numpy(np.int64) << 32 | day,
        surface=np.zeros(n, np.int8),
        page=np.zeros(n, np.int32),
        position=np.zeros(n, np.int32),
        value=acts.value.to_numpy(float),
        propensity=np.full(n, np.nan, np.float32),
        until=float(acts.minute.max()) + 1.0,
    )


def _requests(users: NDArray[np.int32], data: Split) -> PageRequests:
    """Return a first page of the feed for each user, right after the log ends."""
    n, n_items = len(users), data.catalogue.n_offers
    view = ServingView(
        minute=data.log.until,
        available=np.ones(n_items, np.int64),
        price=data.catalogue.list_price,
        sold=np.zeros(n_items, np.int64),
        room_offer=np.empty(0, np.int32),
        room_price=np.empty(0, np.int64),
    )
    return PageRequests(
        consumer=users,
        session=np.arange(n, dtype=np.int64),
        page=np.zeros(n, np.int32),
        surface=np.zeros(n, np.int8),
        minute=np.full(n, data.log.until),
        query=np.full(n, -1, np.int32),
        recent=np.full((n, 5), -1, np.int32),
        view=view,
    )


def references(path: Path = RATINGS) -> dict[str, dict[str, float]]:
    """Return what well-known libraries reach on the same split, those that are installed."""
    from scipy.sparse import csr_matrix

    data = split(path)
    shape = (data.catalogue.n_consumers, data.catalogue.n_offers)
    matrix = csr_matrix((np.ones(len(data.liked), np.float32), (data.liked[:, 0], data.liked[:, 1])), shape)
    users = _judged_users(data)
    scores = {"scikit-learn TruncatedSVD": _truncated_svd(matrix)}
    if find_spec("implicit"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of its own conversions and of threads it is told not to use
            scores |= {"implicit item cosine": _implicit_cosine(matrix), "implicit ALS": _implicit_als(matrix)}
    return {
        name: judged(users, np.argsort(-score[users], axis=1, kind="stable").astype(np.int32), data)
        for name, score in scores.items()
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


def main() -> None:
    """Print the table."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else RATINGS
    if not path.exists():
        raise SystemExit(f"{path} is not there: name a table of ratings (user_id, item_id, rating, ts)")
    rows = {name: evaluate(build("recommender", kind, given), path) for name, (kind, given) in POLICIES.items()}
    print(pd.DataFrame(references(path) | rows).T.to_string(float_format="%.4f"))


if __name__ == "__main__":
    main()
