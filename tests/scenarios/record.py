"""Record anew what the shipped scenarios give, after a change that is meant to change results.

    python -m tests.scenarios.record            # all of them
    python -m tests.scenarios.record festival   # one

The change then shows in the diff of tests/scenarios/recorded/.
"""

import json
import sys

from tests.scenarios.short import RECORDED, SHORT, lacking, outcome


def main(names: list[str]) -> None:
    """Record the scenarios of these names; none: all whose tables are here."""
    for name in names or SHORT:
        if lacking(name):
            print(f"{name}: left as it is, the tables it reads are not here")
            continue
        text = json.dumps(outcome(name), indent=2)
        (RECORDED / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        print(f"{name}: recorded")


if __name__ == "__main__":
    main(sys.argv[1:])
