"""What consumers wrote, as tables that stand alone: comments while browsing, reviews after delivery.

Both are written down when the record is.  In the world texts act on nothing; a recommender that reads comments is
handed the same words.
"""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.record.columns import flags, ids, instants, names, numbers, words
from sim.schema.kinds import Act, Surface
from sim.world.sayings import comment_texts, review_texts
from sim.world.state import Rows
from sim.world.streams import key64
from sim.world.world import World

Long = NDArray[np.int64]
Ids = NDArray[np.int32]


def comment_table(world: World, acts: Rows) -> pa.Table:
    """Return every comment in order of time: who, when and where, about what, and its text.

    ``acts`` are all acts (`ACT_ROW`), of which comments are taken whether or not impressions are logged.
    Comment n of a consumer on a content is put in the same words in every arm.
    """
    rows = acts[acts["act"] == Act.COMMENT]
    consumer, content, offer = rows["consumer"], rows["content"], rows["offer"]
    text = comment_words(world, consumer, content, offer)
    return pa.table(
        {
            "time": instants(rows["time"]),
            "consumer_id": ids(consumer),
            "consumer": names(consumer, world.cast.consumer_name, "consumer"),
            "session": numbers(rows["session"]),
            "surface": words(rows["surface"], Surface),
            "content_id": ids(content),
            "content": names(content, world.cast.content_name),
            "offer_id": ids(offer),
            "offer": names(offer, world.cast.content_name),
            "text": pa.array(text, pa.string()),
        }
    )


def comment_words(world: World, consumer: Ids, content: Ids, offer: Ids) -> list[str]:
    """Return the text of each of all comments so far, given in order of time."""
    match = _match(world, consumer, content, offer)
    occasion = _occasions(consumer, content)
    return comment_texts(_root(world), occasion, consumer, match, offer, world.cast.offer_text)


def review_table(world: World) -> pa.Table:
    """Return every review in order of delivery: of which order line, by whom, its stars and its text.

    A review depends on the session's own number, the offer, the stars and lateness, not on what an arm does else.
    """
    book = world.orders.rows
    order = np.flatnonzero(book["stars"] > 0)
    occasion = _occasions(*(book[name][order] for name in ("consumer", "number", "offer")))
    by_time = np.argsort(book["delivered"][order], kind="stable")
    order, occasion = order[by_time], occasion[by_time]
    rows = book[order]
    consumer, offer, stars = rows["consumer"], rows["offer"], rows["stars"]
    late = rows["delivered"] > rows["promised"]
    text = review_texts(_root(world), occasion, consumer, stars, late, offer, world.cast.offer_text)
    return pa.table(
        {
            "time": instants(rows["delivered"]),
            "order": numbers(order),
            "consumer_id": ids(consumer),
            "consumer": names(consumer, world.cast.consumer_name, "consumer"),
            "offer_id": ids(offer),
            "offer": names(offer, world.cast.content_name),
            "stars": numbers(stars),
            "late": flags(late),
            "text": pa.array(text, pa.string()),
        }
    )


def _root(world: World) -> int:
    return key64(world.scenario.seed, world.replication, "sayings")


def _match(world: World, consumer: Ids, content: Ids, offer: Ids) -> NDArray[np.float64]:
    """Return how well what is commented on fits its writer: the offer, or a room between two offers."""
    truth = world.truth
    vector = np.where((offer >= 0)[:, None], truth.offers["vector"][offer], truth.contents["vector"][content])
    taste = truth.consumers["taste"][consumer]
    return np.asarray(np.einsum("nd,nd->n", taste, vector, dtype=np.float64))


def _occasions(*columns: NDArray[np.integer[Any]]) -> Long:
    """Return the columns side by side, and how often the same came up in earlier rows, shape (n, columns + 1)."""
    told = np.column_stack(columns).astype(np.int64)
    order = np.lexsort(told.T)  # stable: equal rows stay as they came
    same = np.zeros(len(told), np.bool_)
    same[1:] = (np.diff(told[order], axis=0) == 0).all(axis=1)
    place = np.arange(len(told))
    before = np.empty(len(told), np.int64)
    before[order] = place - np.maximum.accumulate(np.where(same, 0, place))
    return np.column_stack((told, before))
