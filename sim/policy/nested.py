"""Policies inside policies: which parameters are policies, and how a scenario writes one.

A field annotated with a seam's Protocol (``base: Recommender``), or with a tuple of them, takes ``{kind: ..., with:
{...}}``, or, where a policy that ships is meant with its usual parameters, its name alone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from sim.policy import protocols

Build = Callable[[str, Any, str], Any]
"""``build(seam, block, where)`` returns the policy that a block at a dotted key describes."""

STAND_IN = "*"
"""The kind of whatever stands in for a policy that is not imported, where a scenario is only checked."""

_SEAM_OF: dict[Any, str] = {
    protocols.Recommender: "recommender",
    protocols.ReplenishmentPolicy: "inventory",
    protocols.RoutingPolicy: "routing",
    protocols.AllocationPolicy: "allocation",
    protocols.ShowcasePolicy: "showcase",
    protocols.PricingPolicy: "pricing",
    protocols.MarketingPolicy: "marketing",
    protocols.Forecaster: "forecasting",
}


@dataclass(frozen=True, slots=True)
class Nested:
    """That a parameter is a policy of a seam, or, where ``many``, several."""

    seam: str
    many: bool

    @property
    def in_words(self) -> str:
        """What may be given."""
        return f"{self.seam} policies" if self.many else f"a {self.seam} policy"


def nested(hint: Any) -> Nested | None:
    """Return which policies a parameter's type stands for; None where it is a plain value."""
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    many = get_origin(hint) is tuple and get_args(hint)[1:] == (Ellipsis,)
    one = get_args(hint)[0] if many else hint
    seam = next((seam for protocol, seam in _SEAM_OF.items() if protocol is one), None)
    return None if seam is None else Nested(seam, many)


def inside(policy: Any) -> list[Any]:
    """Return the policies that are parameters of a policy, in the order of its fields."""
    hints = get_type_hints(type(policy), include_extras=True)
    found: list[Any] = []
    for field in fields(policy):
        if field.init and (kind := nested(hints[field.name])):
            value = getattr(policy, field.name)
            found += value if kind.many else [value]
    return found


def block_of(policy: Any) -> Any:
    """Return how a scenario would write a policy: its name, and what differs from its usual parameters."""
    cls = type(policy)
    ships = cls.__module__.startswith("policies.")
    kind = cls.__module__.rpartition(".")[2] if ships else f"{cls.__module__}:{cls.__qualname__}"
    given = {}
    for field in fields(policy):
        usual = field.default if field.default_factory is MISSING else field.default_factory()
        if field.init and getattr(policy, field.name) != usual:
            given[field.name] = written(getattr(policy, field.name))
    if ships and not given:
        return kind
    return {"kind": kind, "with": given} if given else {"kind": kind}


def written(value: Any) -> Any:
    """Return a parameter's value as a scenario would write it."""
    if isinstance(value, tuple):
        return [written(one) for one in value] if any(map(is_policy, value)) else value
    return block_of(value) if is_policy(value) else value


def is_policy(value: Any) -> bool:
    """Whether a parameter's value is a policy."""
    from sim.policy.seams import SEAMS

    return not isinstance(value, type) and any(callable(getattr(value, seam.method, None)) for seam in SEAMS.values())


def foreign(given: Any, where: str) -> Iterator[tuple[str, str]]:
    """Yield the dotted key and kind of each block, at any depth, that names somebody's own class."""
    if isinstance(given, Mapping):
        if _is_foreign(given):
            yield f"{where}.kind", given["kind"]
            return
        for name, value in given.items():
            yield from foreign(value, f"{where}.{name}")
    elif isinstance(given, list | tuple):
        for number, value in enumerate(given):
            yield from foreign(value, f"{where}.{number}")


def without_foreign(given: Any, stand_in: str = STAND_IN) -> Any:
    """Return parameters with another kind in place of everybody's own classes."""
    if isinstance(given, Mapping):
        if _is_foreign(given):
            return {"kind": stand_in}
        return {name: without_foreign(value, stand_in) for name, value in given.items()}
    if isinstance(given, list | tuple):
        return [without_foreign(value, stand_in) for value in given]
    return given


def _is_foreign(block: Mapping[str, Any]) -> bool:
    kind = block.get("kind")
    return isinstance(kind, str) and ":" in kind
