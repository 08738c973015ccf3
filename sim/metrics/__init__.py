"""KPIs: each defined once, computed from what a replication leaves behind."""

from sim.metrics.highlights import headline
from sim.metrics.table import DEFINITIONS, MEASURED, kpis

__all__ = ["DEFINITIONS", "MEASURED", "headline", "kpis"]
