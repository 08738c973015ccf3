"""Every policy that ships keeps the contract of its seam."""

import pytest

from sim.policy.lookup import SEAMS, build, kinds
from sim.testing import CHECKS

SHIPPED = [(seam, kind) for seam in SEAMS for kind in kinds(seam)]


@pytest.mark.parametrize(("seam", "kind"), SHIPPED, ids=["-".join(pair) for pair in SHIPPED])
def test_a_shipped_policy_keeps_the_contract_of_its_seam(seam, kind):
    CHECKS[seam](lambda: build(seam, kind))
