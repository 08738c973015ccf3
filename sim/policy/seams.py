"""The seams: where a decision is pluggable, which folder ships policies for it, which method answers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seam:
    """One kind of decision.

    Parameters
    ----------
    folder : str
        The package under ``policies`` that ships its policies, one file each.
    method : str
        What a policy of this seam must offer.
    spare : str
        Kind that stands in for one inside another policy: where it fails, or may not be imported to be checked.
    block : bool
        Whether a scenario names one under ``policies``; else they are found only inside other policies.
    """

    folder: str
    method: str
    spare: str = ""
    block: bool = True


SEAMS = {
    "recommender": Seam("recommenders", "recommend", "popularity"),
    "inventory": Seam("inventory", "review", "none"),
    "routing": Seam("routing", "plan", "nearest_neighbour"),
    "allocation": Seam("allocation", "allocate", "nearest"),
    "showcase": Seam("showcase", "choose", "best_sellers"),
    "pricing": Seam("pricing", "price", "fixed"),
    "marketing": Seam("marketing", "spend", "none"),
    "forecasting": Seam("forecasting", "forecast", "moving_average", block=False),
}
CAST = tuple(name for name, seam in SEAMS.items() if seam.block)
"""The seams that every scenario has a policy in."""
