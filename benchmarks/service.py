"""Pages per second through the example service: ``python -m benchmarks.service``.

The client and the service each take one core.  On a busy machine look at the CPU time: pages per second on two free
cores are bounded by the slower of the two.
"""

import time
from pathlib import Path

import numpy as np

from sim.policy.keyed import KeyedRng
from sim.policy.lookup import build
from sim.testing import toy
from tests.service.running import example_service

PAGES = 50_000
PLACES = 10


def main() -> None:
    """Ask for feed, mall and search pages of 20,000 offers, the service having learned from 100,000 looks."""
    catalogue = toy.catalogue(n_offers=20_000, n_videos=2_000, n_rooms=100, n_consumers=100_000)
    asked = toy.requests(catalogue, toy.serving_view(catalogue), PAGES)
    with example_service() as url:
        policy = build("recommender", "http", {"url": url, "deadline_ms": 60_000.0})
        policy.begin(KeyedRng(7), catalogue)
        policy.fit(toy.log(catalogue, 100_000), catalogue)
        policy.recommend(asked, PLACES)
        wall, own, theirs = time.perf_counter(), time.process_time(), _cpu_of_service(url)
        slates = policy.recommend(asked, PLACES)
        wall, own = time.perf_counter() - wall, time.process_time() - own
        theirs = _cpu_of_service(url) - theirs
        policy._state.wire.close()
    p50, p95, p99 = np.percentile(slates.account.latency, (50, 95, 99))
    client, service = (seconds / PAGES * 1e6 for seconds in (own, theirs))
    print(f"{PAGES / wall:,.0f} pages/s; CPU per page: client {client:.0f} us, service {service:.0f} us")
    print(f"calls of 128 pages: p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms; unserved {slates.unserved.sum()}")


def _cpu_of_service(url: str) -> float:
    """Return the CPU seconds of the service so far, found by its command line; 0 where the system does not say."""
    port = url.rpartition(":")[2].encode()
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if b"service:app" in (words := (path / "cmdline").read_bytes()) and port in words:
                ticks = (path / "stat").read_text().rpartition(") ")[2].split()[11:13]
                return sum(map(int, ticks)) / 100
        except OSError:  # it has ended
            continue
    return 0.0


if __name__ == "__main__":
    main()
