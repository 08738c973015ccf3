"""Random scenarios, as files say them: short ones, with parts left out, given in other words, and events."""

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from sim.scenario.duration import format_duration
from sim.schema.clock import to_minutes, to_ticks

DAY = to_ticks(1440.0)
NAMES = st.from_regex(r"[a-z0-9_-]{1,64}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
AMOUNTS = st.floats(0, 1e6)


def durations(low: int = 1, high: int = 30 * DAY) -> st.SearchStrategy[str]:
    """Return durations of so many ticks."""
    return st.integers(low, high).map(lambda ticks: format_duration(to_minutes(ticks)))


def numbers(low: float, high: float) -> st.SearchStrategy[Any]:
    """Return numbers with evidence, or bare."""
    value = st.floats(low, high)
    told = st.fixed_dictionaries(
        {"value": value, "evidence": st.sampled_from(["measured", "published", "assumed"])},
        optional={"source": TEXTS, "low": st.just(low), "high": st.just(high)},
    )
    return st.one_of(value, told)


def some(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return mappings in which any key may be left out."""
    return st.fixed_dictionaries({}, optional=parts)


SEGMENT = st.builds(
    lambda own, name: {"share": 1, **own, "name": name},
    some(share=st.floats(0.1, 9), hours=st.lists(st.floats(0.1, 1), min_size=24, max_size=24), budget=st.just(3)),
    NAMES,
)
PLAIN = st.none() | st.booleans() | st.integers() | TEXTS
PARAMETERS = st.dictionaries(TEXTS, st.recursive(PLAIN, st.lists, max_leaves=5))
EVENT = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.just("carrier_cut"), "factor": st.floats(0, 9), "at": durations(0, DAY), "for": durations()}
    ),
    st.fixed_dictionaries(
        {"kind": st.just("supplier_outage"), "brand": st.integers(0, 39), "at": durations(0, DAY), "for": durations()}
    ),
    st.fixed_dictionaries(
        {"kind": st.just("livestream"), "creator": st.just(3), "at": durations(0, DAY), "for": durations(60, DAY)},
        optional={"slots": st.just([{"at": "0 min", "for": "0.03 s", "item": "sku-3"}]), "crowd": st.integers(0, 99)},
    ),
)


def scenarios() -> st.SearchStrategy[dict[str, Any]]:
    """Return valid scenarios as plain values."""
    policies = some(
        recommender=some(kind=NAMES, refit=durations(), fallback=NAMES) | st.fixed_dictionaries({"with": PARAMETERS}),
        inventory=some(kind=NAMES, review=durations() | st.just("continuous")),
    )
    return st.fixed_dictionaries(
        {"name": NAMES, "horizon": durations(2 * DAY), "warm_up": durations(0, DAY)},
        optional={
            "question": TEXTS,
            "start": st.datetimes(datetime(1900, 1, 1), datetime(2200, 12, 31)).map(lambda at: at.isoformat()),
            "seed": st.integers(0, 2**63 - 1),
            "currency": st.sampled_from(["CNY", "EUR", "NOK"]),
            "population": some(consumers=st.integers(0, 10**7), segments=st.lists(SEGMENT, min_size=1, max_size=1)),
            "catalogue": some(items=st.integers(1, 10**6), margin=numbers(0, 0.9)),
            "stock": some(amount=AMOUNTS, opening=st.sampled_from(["cover", "units"]), holding_rate=numbers(0, 9)),
            "behaviour": some(browsing=some(next_page=numbers(0, 1)), click=some(base=numbers(-9, 9))),
            "orders": some(handling=st.none() | durations(), release_every=durations()),
            "demand": st.lists(st.fixed_dictionaries({"per_day": st.floats(0.1, 99)}), max_size=2),
            "policies": policies,
            "events": st.lists(EVENT, max_size=1),
        },
    )
