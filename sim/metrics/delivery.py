"""The rounds of the vans, as planned and driven."""

from sim.metrics.cohort import Cohort
from sim.metrics.definition import define
from sim.metrics.ratio import ratio

DEFINITIONS = define(
    "delivery",
    ("routes", "count", "", "rounds of vans that left in the window"),
    ("stops", "count", "", "doors on these rounds"),
    ("route_km", "km", "down", "road driven on them, back to the depot"),
    ("vehicle_utilisation", "share", "up", "time on rounds / shifts of the vans that were sent"),
    ("km_per_parcel", "km", "down", "route_km / parcels on board"),
    ("co2_kg_per_parcel", "kg", "down", "route_km x the vans' emissions / parcels on board"),
)


def delivery(cohort: Cohort) -> dict[str, float]:
    """Return the KPIs of the rounds that left in the window."""
    routes = cohort.rows("route")
    fleet = cohort.world.scenario.network.vans
    parcels, km = int(routes["parcels"].sum()), int(routes["metres"].sum()) / 1000
    return {
        "routes": len(routes),
        "stops": int(routes["stops"].sum()),
        "route_km": km,
        "vehicle_utilisation": ratio(int(routes["seconds"].sum()), len(routes) * fleet.shift * 60),
        "km_per_parcel": ratio(km, parcels),
        "co2_kg_per_parcel": ratio(km * float(fleet.co2_grams_per_km) / 1000, parcels),
    }
