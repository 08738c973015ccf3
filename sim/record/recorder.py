"""Who writes down what happens while a world runs: rows of processes, the behaviour log, slates."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.record.behaviour_log import LogBook, TakeActs
from sim.record.rows import KINDS
from sim.record.table import Table
from sim.record.visibility import visibility
from sim.record.word_tables import comment_words
from sim.schema.clock import TICKS_PER_MINUTE, to_ticks
from sim.schema.kinds import Act
from sim.schema.recommending import BehaviourLog, Comments, PageRequests
from sim.schema.rows import slate_log_row
from sim.world.state import Rows
from sim.world.world import World


class Record:
    """The live record of one replication.

    Parameters
    ----------
    take_acts : callable
        Returns what consumers did since the last call, in chunks of `ACT_ROW` in order of time.

    Attributes
    ----------
    reads_comments : bool
        Whether a fit sees the words of comments too; making them takes time.
    """

    def __init__(self, world: World, take_acts: TakeActs) -> None:
        serving = world.scenario.serving
        self._tables = {name: Table(kind) for name, kind in KINDS.items()}
        self._append = {name: table.append for name, table in self._tables.items()}
        self._log = LogBook(take_acts, to_ticks(serving.log_delay), visibility(world))
        self.log = self._log.later
        self._world = world
        self.reads_comments = False
        self._logged = world.truth.consumers["logged"] == 1
        self._slate_row = slate_log_row(serving.slate_size)
        self._slates: list[Rows] = []

    def row(self, kind: str, **values: Any) -> None:
        """Append a row of a kind (`sim.record.rows`)."""
        self._append[kind](values)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all rows by kind, in the order they were written; a kind nobody wrote is empty."""
        return {name: table.frame() for name, table in self._tables.items()}

    def behaviour_log(self, minute: float) -> BehaviourLog:
        """Return what a fit at ``minute`` may see."""
        log = self._log.until(minute)
        return replace(log, comments=self._comments(log)) if self.reads_comments else log

    def _comments(self, log: BehaviourLog) -> Comments:
        rows = log.rows(log.act == Act.COMMENT)
        text = comment_words(self._world, rows.consumer, rows.content, rows.offer)
        about = rows.offer >= 0
        return Comments(rows.offer[about], tuple(text[i] for i in np.flatnonzero(about)))

    def all_acts(self) -> Rows:
        """Return the whole behaviour log as `ACT_ROW`, in order of time."""
        return self._log.everything()

    def slates(self, requests: PageRequests, content: NDArray[np.int32]) -> None:
        """Keep the pages served to consumers whose impressions are logged.

        A page is kept when it is served, whether or not the consumer comes to open it.

        Parameters
        ----------
        content : int32[n, places]
        """
        chosen = np.flatnonzero(self._logged[requests.consumer])
        if not len(chosen):
            return
        rows = np.zeros(len(chosen), self._slate_row)
        rows["time"] = requests.minute[chosen] * TICKS_PER_MINUTE  # exact: minutes lie on the grid
        for name in ("session", "consumer", "page", "surface"):
            rows[name] = getattr(requests, name)[chosen]
        rows["content"] = content[chosen]
        self._slates.append(rows)

    def all_slates(self) -> Rows:
        """Return the kept pages by (time, session, page): in which batch a page was served leaves no trace."""
        kept = np.concatenate((np.zeros(0, self._slate_row), *self._slates))
        order = np.lexsort((kept["page"], kept["session"], kept["time"]))
        rows = np.zeros(len(kept), self._slate_row)  # the bytes between columns too are the same in every run
        for name in self._slate_row.names or ():
            rows[name] = kept[name][order]
        return rows
