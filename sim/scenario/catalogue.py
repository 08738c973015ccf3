"""What is sold: categories and items, generated or read from a table."""

from typing import ClassVar

from pydantic import Field, model_validator

from sim.scenario.bounds import PartialShare, Share, Spread
from sim.scenario.inputs import FromTable
from sim.scenario.parameter import Base, assumed, measured
from sim.scenario.refusal import check_distinct


class Category(Base):
    """One category of goods."""

    name: str = Field(pattern=r"^[a-z0-9_ -]{1,64}$")
    share: float = Field(gt=0, le=1e9)
    """Relative number of items."""
    price_median: float = Field(gt=0, le=1e9)
    """In currency units; prices are lognormal."""
    price_spread: float = Field(default=0.6, ge=0, le=2)
    """Standard deviation of the log price."""
    weight_grams: int = Field(default=500, gt=0, le=100_000_000)
    """Median weight."""
    return_rate: Share = assumed(0.12, 0.05, 0.3)
    """Share of delivered units of an average match that come back."""


# Shares: live category mix of McKinsey 2021, rest "other"; returns: compilations in the reference notes.
DEFAULT_CATEGORIES = (
    Category(name="apparel", share=36, price_median=90, weight_grams=450, return_rate=assumed(0.25, 0.2, 0.4)),
    Category(name="beauty", share=12, price_median=80, weight_grams=200, return_rate=assumed(0.08, 0.05, 0.12)),
    Category(name="food", share=12, price_median=40, weight_grams=1200, return_rate=assumed(0.03, 0.01, 0.06)),
    Category(name="electronics", share=10, price_median=250, weight_grams=800, return_rate=assumed(0.1, 0.08, 0.15)),
    Category(name="home", share=15, price_median=70, weight_grams=1500, return_rate=assumed(0.1, 0.05, 0.2)),
    Category(name="other", share=15, price_median=60, weight_grams=600),
)


class Catalogue(FromTable):
    """The SKUs: generated, or read from a table.

    Columns: sku, price; optional category, weight_grams, volume_ml, merchant, unit_cost, title, text.
    """

    known_columns: ClassVar[tuple[str, ...]] = (
        "sku", "price", "category", "weight_grams", "volume_ml", "merchant", "unit_cost", "title", "text",
    )  # fmt: skip

    items: int = Field(default=800, ge=1, le=5_000_000)
    categories: tuple[Category, ...] = Field(default=DEFAULT_CATEGORIES, min_length=1, max_length=256)
    appeal_spread: Spread = measured(0.8, "gives SKU sales a Gini near 0.54 (Complete Journey)")
    """Standard deviation of an item's common appeal, in utility."""
    justified: Share = assumed(0.7, 0.0, 1.0)
    """How much of a dearer item's price consumers find right: what they compare with lies that far from the
    category's reference price (0) towards the item's own usual price (1)."""
    offers_per_item: float = Field(default=1.2, ge=1, le=10)
    """Mean number of merchants that list the same SKU."""
    margin: PartialShare = assumed(0.45, 0.2, 0.7)
    """Share of the list price that is not the unit cost."""
    launched_during: float = Field(default=0.05, ge=0, le=1)
    """Share of items first listed at a random time inside the horizon."""

    @model_validator(mode="after")
    def _names(self) -> "Catalogue":
        check_distinct("categories", [category.name for category in self.categories])
        return self
