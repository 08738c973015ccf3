"""scikit-learn's trees as plain arrays."""

from typing import Any

import numpy as np

from policies.recommenders._models import Trees


def of_forest(model: Any) -> Trees:
    """Return a fitted RandomForestClassifier of two classes as arrays."""
    trees = [one.tree_ for one in model.estimators_]
    leaf = [np.where(t.children_left < 0, -1, t.feature) for t in trees]
    share = [t.value[:, 0, 1] / t.value[:, 0].sum(axis=1) for t in trees]
    return _joined(
        leaf, [t.threshold for t in trees], [t.children_left for t in trees], [t.children_right for t in trees],
        share, 0.0, 1.0 / len(trees), logistic=False, single=True,
    )  # fmt: skip


def of_boosting(model: Any) -> Trees:
    """Return a fitted HistGradientBoostingClassifier of two classes as arrays."""
    trees = [one[0].nodes for one in model._predictors]
    feature = [np.where(t["is_leaf"] != 0, -1, t["feature_idx"].astype(np.int64)) for t in trees]
    return _joined(
        feature, [t["num_threshold"] for t in trees], [t["left"] for t in trees], [t["right"] for t in trees],
        [t["value"] for t in trees], float(model._baseline_prediction[0, 0]), 1.0, logistic=True, single=False,
    )  # fmt: skip


def _joined(
    feature: list[Any], threshold: list[Any], left: list[Any], right: list[Any], value: list[Any],
    base: float, share: float, *, logistic: bool, single: bool,
) -> Trees:  # fmt: skip
    """Return the trees one after the other; links count from the first tree's root."""
    root = np.concatenate(([0], np.cumsum([len(one) for one in feature])))[:-1]
    links = [
        np.concatenate([one.astype(np.int64) + at for one, at in zip(side, root, strict=True)])
        for side in (left, right)
    ]
    return Trees(
        root.astype(np.int64),
        np.concatenate(feature).astype(np.int32),
        np.concatenate(threshold).astype(np.float64),
        links[0].astype(np.int32),
        links[1].astype(np.int32),
        np.concatenate(value).astype(np.float64),
        base,
        share,
        logistic,
        single,
    )
