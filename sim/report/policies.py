"""Which policies can be named, with their parameters: for people and for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.errors import ScenarioError
from sim.policy.lookup import listing, nearest
from sim.policy.parameters import ParameterInfo, PolicyInfo
from sim.report.terminal import Screen

Listing = Mapping[str, Sequence[PolicyInfo]]


def chosen(seam: str | None) -> Listing:
    """Return what ships, of one seam or of all."""
    found = listing()
    if seam is not None and seam not in found:
        raise ScenarioError("policies", f"no seam {seam!r}", nearest(seam, list(found)))
    return found if seam is None else {seam: found[seam]}


def listing_json(found: Listing) -> dict[str, Any]:
    """Return the listing as plain values."""
    return {seam: [asdict(policy) for policy in policies] for seam, policies in found.items()}


def show_policies(found: Listing) -> None:
    """Print each seam's policies, their parameters below them."""
    screen = Screen()
    for seam, policies in found.items():
        screen.show(Text(seam, style="bold"))
        for policy in policies:
            seen = "  (sees the latent truth)" if policy.privileged else ""
            screen.show(Padding(Text(f"{policy.kind}  {policy.summary}{seen}"), (0, 0, 0, 2)))
            if policy.parameters:
                screen.show(Padding(_parameters(policy.parameters), (0, 0, 0, 6)))
        screen.show(Text())


def _parameters(parameters: Sequence[ParameterInfo]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    for one in parameters:
        default = "required" if one.required else "optional" if one.default is None else f"= {one.default}"
        table.add_row(*map(Text, (one.name, one.type, default, one.allowed, one.description)))
    return table
