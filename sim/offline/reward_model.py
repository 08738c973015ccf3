"""What an item is clicked at a place, learned from a log, for doubly robust estimates."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Int = NDArray[np.int32]
Long = NDArray[np.int64]

FOLDS = 5


class RewardModel:
    """Logistic regression of clicks on item and place; each row is told by the rows of other users (cross-fitting).

    Parameters
    ----------
    user, item, place : int32[n]
    reward : float64[n]
        0 or 1.
    n_items : int

    References
    ----------
    Chernozhukov et al., Double/debiased machine learning, Econometrics Journal 21 (2018): why other rows.
    """

    def __init__(self, user: Int, item: Int, place: Int, reward: Float, n_items: int) -> None:
        self._place = place.astype(np.int64)
        self._fold = np.unique(user, return_inverse=True)[1] % FOLDS
        self._rate = np.empty((FOLDS, int(place.max()) + 1, n_items))
        for fold in range(FOLDS):
            others = self._fold != fold
            self._rate[fold] = _rates(item[others], place[others], reward[others], self._rate.shape[1:])

    def of(self, item: Int) -> Float:
        """Return the rate of an item at each row's place; 0 where nothing is shown (-1)."""
        return np.where(item >= 0, self._rate[self._fold, self._place, np.maximum(item, 0)], 0.0)


def _rates(item: Int, place: Int, reward: Float, shape: tuple[int, ...]) -> Float:
    """Return the click rate of every item at every place, float64[places, n_items]."""
    from sklearn.linear_model import LogisticRegression

    if not len(reward) or reward.min() == reward.max():  # one answer only: nothing to tell items apart by
        return np.full(shape, reward.mean() if len(reward) else 0.0)
    places, n_items = shape
    model = LogisticRegression(max_iter=1000)
    model.fit(_one_hot(item, place, n_items + places, n_items), reward)
    weight = model.coef_[0]
    rate: Float = 1 / (1 + np.exp(-(model.intercept_[0] + weight[n_items:, None] + weight[None, :n_items])))
    return rate


def _one_hot(item: Int, place: Int, width: int, n_items: int) -> Any:
    from scipy.sparse import csr_matrix

    columns = np.column_stack((item, n_items + place)).ravel()
    return csr_matrix((np.ones(len(columns)), columns, np.arange(0, len(columns) + 1, 2)), (len(item), width))
