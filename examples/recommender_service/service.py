# ruff: noqa: N815  # field names are the words of the contract
"""A recommender service to copy: what consumers liked lately, and what goes with what they clicked just now.

Run it, then let a world's consumers use it::

    pip install fastapi uvicorn
    uvicorn service:app --port 8000
    sim run world.yaml

It answers as docs/recommender_service.md says.  Put your own model in place of `Model`.
"""

import os
from collections import OrderedDict
from typing import Annotated

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from model import Model
from pydantic import BaseModel, Field

VERSION = os.environ.get("MODEL_VERSION", "goes-together-1")
MOST_WORLDS = 32

app = FastAPI(title="Recommender service", version="1")
worlds: OrderedDict[str, Model] = OrderedDict()


class PageRequest(BaseModel):
    """One page of one consumer's session."""

    userId: str
    sessionId: str
    surface: str
    page: Annotated[int, Field(ge=0)]
    time: float
    recent: list[str] = []
    context: dict[str, str] = {}
    candidates: list[str] | None = None


class Recommend(BaseModel):
    """A batch of pages."""

    worldId: str
    numResults: Annotated[int, Field(ge=1, le=1000)]
    live: list[str] = []
    requests: Annotated[list[PageRequest], Field(max_length=10_000)]


class Item(BaseModel):
    """One content: an offer, a video or a room."""

    itemId: str
    kind: str
    offerId: str | None
    creatorId: str | None
    merchantId: str | None
    category: str | None
    price: float | None
    listed: float
    text: str = ""
    tags: list[str] = []


class Items(BaseModel):
    """A part of the catalogue."""

    worldId: str
    items: Annotated[list[Item], Field(max_length=100_000)]


class Event(BaseModel):
    """What a consumer did."""

    userId: str
    sessionId: str
    eventType: str
    eventValue: float
    itemId: str | None
    offerId: str | None
    category: str | None
    surface: str | None
    page: int | None
    position: int | None
    time: float


class Events(BaseModel):
    """A batch of what consumers did, in order of time."""

    worldId: str
    events: Annotated[list[Event], Field(max_length=100_000)]


@app.get("/health")
async def health() -> dict[str, str]:
    """Tell that the service is up, and which model it serves."""
    return {"status": "ok", "modelVersion": VERSION}


@app.post("/recommend")
async def recommend(asked: Recommend) -> JSONResponse:
    """Return a list of items for each request, best first, in the order of the requests."""
    model = model_of(asked.worldId)
    live = frozenset(asked.live)
    results = []
    for one in asked.requests:
        ranked = model.page(one, asked.numResults, live)
        results.append({"itemList": [{"itemId": item, "score": score} for item, score in ranked]})
    return JSONResponse({"recommendationId": asked.worldId, "results": results})


@app.post("/items")
async def items(listed: Items) -> dict[str, int]:
    """Take in what there is to show."""
    model_of(listed.worldId).list_items(listed.items)
    return {"accepted": len(listed.items)}


@app.post("/events")
async def events(told: Events) -> dict[str, int]:
    """Learn from what consumers did."""
    model_of(told.worldId).learn(told.events)
    return {"accepted": len(told.events)}


def model_of(world: str) -> Model:
    """Return the model of a world: each learns from its own consumers alone."""
    if world not in worlds:
        worlds[world] = Model()
        if len(worlds) > MOST_WORLDS:
            worlds.popitem(last=False)
    worlds.move_to_end(world)
    return worlds[world]
