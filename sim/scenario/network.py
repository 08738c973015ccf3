"""Where goods rest and how they travel: region, warehouses, vans, carriers."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.bounds import Bounds, Money, Seconds, Spread
from sim.scenario.duration import Duration, Period, TimeOfDay, minutes
from sim.scenario.parameter import Base, Parameter, assumed, measured, published
from sim.scenario.refusal import check_distinct, refuse
from sim.schema.clock import MINUTES_PER_DAY

Days = Annotated[Parameter, Bounds(0, 365)]
Speed = Annotated[Parameter, Bounds(0.1, 300)]
Detour = Annotated[Parameter, Bounds(1, 10)]
Grams = Annotated[Parameter, Bounds(0, 100_000)]


class City(Base):
    """A place where consumers live, around a centre."""

    name: str = Field(pattern=r"^[a-z0-9_-]{1,64}$")
    latitude: float = Field(ge=-85, le=85)
    longitude: float = Field(ge=-180, le=180)
    radius_km: float = Field(default=12.0, gt=0, le=500)
    share: float = Field(gt=0, le=1e9)
    """Relative number of consumers."""


class Warehouse(Base):
    """Picks, packs and hands over; local parcels leave in its own vans."""

    name: str = Field(pattern=r"^[a-z0-9_-]{1,64}$")
    latitude: float = Field(ge=-85, le=85)
    longitude: float = Field(ge=-180, le=180)
    pickers: int = Field(default=4, ge=1, le=10_000)
    packers: int = Field(default=4, ge=1, le=10_000)
    pick_wave: Period = minutes("30 min")
    """Orders are picked in waves, this often."""
    pick_seconds: Seconds = published(40.0, "60-120 lines/h manual picking (Carter & Burgess as quoted)")
    """Mean time to pick a line."""
    pack_seconds: Seconds = assumed(90.0, 60.0, 120.0)
    """Mean time to pack a parcel."""
    pack_law: Literal["constant", "exponential", "gamma"] = "gamma"
    """Law of the packing time (gamma: shape 4)."""
    opens: TimeOfDay = minutes("8 h")
    """Minutes after midnight at which stations open."""
    closes: Duration = minutes("22 h")
    vans: int = Field(default=6, ge=0, le=10_000)
    cut_off: tuple[TimeOfDay, ...] = (minutes("9 h"), minutes("15 h"))
    """Times of day at which a delivery wave is planned and leaves."""
    depot_only: bool = False
    """True: no merchant keeps goods here; its vans deliver what the carrier brings."""

    @model_validator(mode="after")
    def _hours(self) -> "Warehouse":
        if not self.opens < self.closes <= MINUTES_PER_DAY:
            refuse("closes", "a warehouse opens before it closes, both within one day")
        if list(self.cut_off) != sorted(set(self.cut_off)):
            refuse("cut_off", "times must ascend, without repeats")
        if self.vans and not self.cut_off:
            refuse("cut_off", f"{self.vans} vans need a time of day at which they leave")
        return self


class Vans(Base):
    """The local fleet: alike everywhere."""

    reach_km: float = Field(default=40.0, ge=0, le=500)
    """Homes nearer than this to the warehouse are delivered by van; 0 = none."""
    weight_kg: float = Field(default=800.0, gt=0, le=1e6)
    volume_litres: float = Field(default=6000.0, gt=0, le=1e9)
    shift: Period = minutes("8 h")
    speed_kmh: Speed = published(28.0, "urban peak speed 24-34 km/h, China (Baidu Maps 2020)")
    road_factor: Detour = published(1.3, "circuity 1.20-1.34 (Newell 1980; Env. & Planning B 2023)")
    stop_seconds: Seconds = published(180.0, "2-4 min a stop (Calderon et al. 2026)")
    cost_per_km: Money = assumed(1.2, 0.8, 1.5)
    cost_per_hour: Money = assumed(30.0, 20.0, 45.0)
    co2_grams_per_km: Grams = published(260.0, "UK government factors 2021, diesel van, tailpipe")


class Carrier(Base):
    """Takes parcels beyond the vans' reach, first come first served, so many a day."""

    name: str = Field(default="express", pattern=r"^[a-z0-9_-]{1,64}$")
    capacity_per_day: int = Field(default=5000, ge=0, le=100_000_000)
    collects: TimeOfDay = minutes("18 h")
    """Time of day at which it collects from the warehouses."""
    base_days: Days = assumed(0.8, 0.5, 2.0)
    """Transit at no distance (median)."""
    days_per_1000_km: Days = assumed(1.2, 0.5, 8.0)
    """Median transit grows so with the distance."""
    to_the_door: bool = True
    """False: what is for homes within the vans' reach of a warehouse goes there, and on in its vans."""
    saturation_km: float = Field(default=0.0, ge=0, le=1e9)
    """0: linear; else transit grows with d / (1 + d / saturation_km): long hauls are faster per km."""
    spread: Spread = measured(0.35, "residual of log transit within distance bands (Olist), rounded")
    """Standard deviation of the log transit."""
    tariff_base: Money = published(5.0, "express price in China about 8 yuan a parcel, 2024 (derived)")
    """Currency units per parcel."""
    tariff_per_100_km: Money = assumed(0.3, 0.1, 1.1)
    tariff_per_kg: Money = assumed(1.0, 0.5, 2.6)


DEFAULT_CITIES = (City(name="port", latitude=30.25, longitude=120.17, radius_km=14, share=3),
                  City(name="inland", latitude=30.58, longitude=114.30, radius_km=14, share=2),
                  City(name="north", latitude=39.90, longitude=116.40, radius_km=16, share=2))  # fmt: skip
DEFAULT_WAREHOUSES = (Warehouse(name="port-wh", latitude=30.30, longitude=120.10),
                      Warehouse(name="inland-wh", latitude=30.62, longitude=114.20))  # fmt: skip


class Network(Base):
    """Cities, warehouses, vans and the carrier."""

    cities: tuple[City, ...] = Field(default=DEFAULT_CITIES, min_length=1, max_length=1000)
    warehouses: tuple[Warehouse, ...] = Field(default=DEFAULT_WAREHOUSES, max_length=1000)
    """None: parcels appear at the door after ``delivery_without_network``."""
    vans: Vans = Vans()
    carrier: Carrier = Carrier()
    inbound: Duration = minutes("1 day")
    """Travel from a brand to a warehouse."""
    receiving: Duration = minutes("4 h")
    """From the dock to the shelf."""
    delivery_without_network: Duration = minutes("2 days")

    @model_validator(mode="after")
    def _names(self) -> "Network":
        check_distinct("cities", [city.name for city in self.cities])
        check_distinct("warehouses", [warehouse.name for warehouse in self.warehouses])
        return self

    @model_validator(mode="after")
    def _lanes(self) -> "Network":
        """A warehouse sends parcels by its vans or by the carrier; vans need homes within reach."""
        for number, warehouse in enumerate(self.warehouses):
            if not warehouse.vans and not self.carrier.capacity_per_day:
                why = f"warehouse {warehouse.name!r} has no vans, and the carrier takes no parcels: no lane leads out"
                refuse(f"warehouses.{number}.vans", why)
            if warehouse.depot_only and (self.carrier.to_the_door or not warehouse.vans):
                why = f"{warehouse.name!r} gets parcels where it has vans and network.carrier.to_the_door is false"
                refuse(f"warehouses.{number}.depot_only", why)
            if warehouse.vans and not self.vans.reach_km:
                why = f"0 leaves the {warehouse.vans} vans of warehouse {warehouse.name!r} nowhere to go"
                refuse("vans.reach_km", why, "Give its warehouses vans: 0.")
        return self
