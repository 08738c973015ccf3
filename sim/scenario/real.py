"""Where the real orders stand that the simulated ones are held against."""

from typing import ClassVar

from pydantic import model_validator

from sim.scenario.inputs import FromTable
from sim.scenario.refusal import refuse


class Real(FromTable):
    """Real orders, one row per order line; they change nothing of what is simulated.

    Columns: placed, price (currency units); optional shipped (handed to the carrier), delivered, promised (times,
    nothing where it did not happen), stars (1 to 5), merchant, and where buyer and seller live (degrees):
    home_latitude, home_longitude, seller_latitude, seller_longitude.
    """

    known_columns: ClassVar[tuple[str, ...]] = (
        "placed", "price", "shipped", "delivered", "promised", "stars", "merchant",
        "home_latitude", "home_longitude", "seller_latitude", "seller_longitude",
    )  # fmt: skip

    @model_validator(mode="after")
    def _table(self) -> "Real":
        if self.from_ is None:
            refuse("from", "real orders are read from a table", "Name it with from.")
        return self
