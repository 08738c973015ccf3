"""The scenario that ``sim new`` writes: short, commented, and valid as it stands."""

import re

from sim.errors import ScenarioError

_TEXT = """\
# Run it:      sim run {name}.yaml
# Compare:     sim compare {name}.yaml --vary recommender=popularity,item_knn
# All keys:    sim schema, and sim policies for what can be named below
# What is left out takes its default; a bare number replaces one that carries its evidence.
name: {name}
question: What do we want to know before we launch?
start: 2026-11-01T00:00         # local time: hours and weekdays follow from it
horizon: 14 days                # a duration always carries its unit
warm_up: 2 days                 # simulated, not counted
seed: 7                         # the same seed, the same world
replications: 5                 # worlds to average over

population:
  consumers: 2000
catalogue:
  items: 300                    # or a table:  from: items.csv, columns: {{sku: product_id}}
creators:
  count: 20
  livestreams: {{per_week: 2, slots: 6, slot: 10 min, flash_discount: 0.2, allotment: 30}}
stock:
  opening: cover                # days of expected demand; `units` counts pieces
  amount: 14

policies:
  recommender: {{kind: popularity, refit: 1 day}}
  inventory: {{kind: reorder_up_to, with: {{reorder_days: 7, order_up_to_days: 14}}, review: 1 day}}
  routing: {{kind: nearest_neighbour}}

events:
  - {{kind: supplier_outage, brand: 3, at: 4 days, for: 2 days}}
"""


def starter(name: str) -> str:
    """Return the text of a new scenario.

    Raises
    ------
    ScenarioError
        Where the name could not be a scenario's.
    """
    if not re.fullmatch(r"[a-z0-9_-]{1,64}", name):
        raise ScenarioError("name", f"found {name!r}, allowed 1 to 64 lower-case letters, digits, _ and -")
    return _TEXT.format(name=name)
