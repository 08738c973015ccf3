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
    """

    folder: str
    method: str


SEAMS = {
    "recommender": Seam("recommenders", "recommend"),
    "inventory": Seam("inventory", "review"),
    "routing": Seam("routing", "plan"),
    "allocation": Seam("allocation", "allocate"),
    "showcase": Seam("showcase", "choose"),
    "pricing": Seam("pricing", "price"),
}
