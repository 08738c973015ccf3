"""Train a model of clicks on what a run recorded, and export it for ``kind: onnx``.

Run from this folder, on the folder of a run with ``record: full`` or ``sampled``::

    python train.py runs/onnx_recommender-0123456789ab

Needs scikit-learn's exporter: ``pip install skl2onnx``.
"""

import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from policies.ranking import FEATURES, Examples, table, told
from sim.scenario.load import load
from sim.schema.kinds import Act, Surface
from sim.schema.recommending import BehaviourLog
from sim.world.build import build_world
from sim.world.view import catalogue_view


def main(run: Path, model: Path) -> None:
    """Write ``model``, trained on the run's first replication."""
    catalogue = catalogue_view(build_world(load(run / "scenario.resolved.yaml").scenario, 0))
    found = table(read_log(run), catalogue)
    if found is None:
        raise SystemExit(f"{run}: too few clicks to learn from")
    model.write_bytes(exported(found))
    print(f"{model}: learned from {len(found.clicked):,} looks, {found.clicked.mean():.1%} of them clicked")


def read_log(run: Path) -> BehaviourLog:
    """Return what the run recorded, as a policy's ``fit`` gets it."""
    acts = pq.read_table(run / "events" / "acts" / "0000.parquet").to_pandas()
    whole = ("consumer_id", "content_id", "offer_id", "page", "position")
    number = {name: acts[name].fillna(-1).to_numpy().astype(np.int32) for name in whole}
    return BehaviourLog(
        minute=acts["time"].to_numpy(),
        act=coded(acts["act"], Act),
        consumer=number["consumer_id"],
        content=number["content_id"],
        offer=number["offer_id"],
        session=acts["session"].to_numpy().astype(np.int64),
        surface=coded(acts["surface"], Surface),
        page=number["page"],
        position=number["position"],
        value=acts["value"].to_numpy().astype(float),
        propensity=acts["propensity"].to_numpy().astype(np.float32),
        until=float(acts["time"].max()) + 1.0,
    )


def coded(words, vocabulary):
    """Return the numbers of words such as ``click``; -1 where there is none."""
    number = {one.name.lower(): int(one) for one in vocabulary}
    return np.array([number.get(word, -1) for word in words], np.int8)


def exported(found: Examples) -> bytes:
    """Return a pipeline of scikit-learn, fitted, as ONNX: the features in, the probability of a click out."""
    from onnx.helper import set_model_props
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    pipeline = make_pipeline(StandardScaler(), GradientBoostingClassifier(n_estimators=40, random_state=0))
    pipeline.fit(found.features, found.clicked)
    takes = [("features", FloatTensorType([None, len(FEATURES)]))]
    model = to_onnx(pipeline, initial_types=takes, options={"zipmap": False})  # the probabilities as an array
    set_model_props(model, told())
    return model.SerializeToString()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "ranker.onnx"))
