"""Every policy that ships keeps the contract of its seam."""

import pytest

from sim.policy.lookup import SEAMS, build, kinds
from sim.testing import CHECKS

ELSEWHERE = {("recommender", "http"), ("recommender", "onnx")}
"""They need a service and a model: tests/service and test_onnx.py check them with one."""
NEEDS = {"sequence_gru": "torch"}
FEW = {"arima": {"most_series": 2, "season": 1, "most_terms": 1}, "ets": {"most_series": 3}}
"""What takes about a second a series."""
SHIPPED = [(seam, kind) for seam in SEAMS for kind in kinds(seam) if (seam, kind) not in ELSEWHERE]


@pytest.mark.parametrize(("seam", "kind"), SHIPPED, ids=["-".join(pair) for pair in SHIPPED])
def test_a_shipped_policy_keeps_the_contract_of_its_seam(seam, kind):
    if kind in NEEDS:
        pytest.importorskip(NEEDS[kind], reason=f"{kind} needs {NEEDS[kind]}, an extra")
    CHECKS[seam](lambda: build(seam, kind, FEW.get(kind)))
