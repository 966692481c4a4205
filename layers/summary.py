"""What a map shows first: layers with their counts, days worth looking at, the extent, where the data is from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from layers import days
from layers.access import Reader
from layers.catalogue import Layer
from layers.features import ClassCount, counts
from layers.index import Index
from layers.tiles import MAX_TILE_ZOOM, tiled_layers


@dataclass(frozen=True)
class LayerSummary:
    """A layer with its counts as at a day."""

    layer: Layer
    count: int
    classes: list[ClassCount]
    min_zoom: int
    max_zoom: int


@dataclass(frozen=True)
class Source:
    """Where data is from; ``synthetic`` is true for what was made up."""

    title_zh: str
    title_en: str
    source: str
    licence: str
    synthetic: bool

    def say(self, language: str) -> str:
        """The title in a language."""
        return self.title_zh if language == "zh" else self.title_en


@dataclass(frozen=True)
class Summary:
    """The whole: ``seq`` is the change that it is up to date with, ``bbox`` west, south, east, north or None."""

    seq: int
    asof: date
    synthetic: bool
    layers: list[LayerSummary]
    days: list[date]
    bbox: tuple[float, float, float, float] | None
    sources: list[Source]


def summary(index: Index, *, reader: Reader, asof: date) -> Summary:
    """Summarize the register as a reader may see it at the end of a day."""
    with index.held():
        layers = []
        for layer in tiled_layers():
            total, classes = counts(index, layer.key, reader=reader, asof=asof)
            layers.append(LayerSummary(layer, total, classes, layer.min_zoom, MAX_TILE_ZOOM))
        found = sources(index)
        return Summary(
            seq=index.seq(),
            asof=asof,
            synthetic=any(source.synthetic for source in found),
            layers=layers,
            days=_days(index, reader=reader),
            bbox=extent(index, reader=reader, asof=asof),
            sources=found,
        )


def extent(index: Index, *, reader: Reader, asof: date) -> tuple[float, float, float, float] | None:
    """West, south, east, north of the city's areas, else of all areas; None where there is none."""
    areas = index.layer("division-areas")
    seen = areas.seen(reader=reader, asof=asof)
    inside = seen & areas["inside"].isin([True])
    return areas.extent(np.flatnonzero(inside)) or areas.extent(np.flatnonzero(seen))


def _days(index: Index, *, reader: Reader) -> list[date]:
    """The days for which figures of facilities have been published: the register as at such a day can be held to them.

    A day on which no facility stands yet, such as that of a census, would show an empty map.
    """
    known = {days.day_or_none(text) for text in index.frame("published_figure")["as_of"].tolist()}
    facilities = index.layer("facilities")
    found = sorted(day for day in known if day is not None)
    return [day for day in found if facilities.seen(reader=reader, asof=day).any()]


def sources(index: Index) -> list[Source]:
    """Where the register's data is from."""
    datasets = index.frame("dataset").fillna({"title_zh": "", "title_en": "", "source": "", "licence": ""})
    return [
        Source(
            title_zh=row["title_zh"],
            title_en=row["title_en"],
            source=row["source"],
            licence=row["licence"],
            synthetic=row["source"] == "synthetic",
        )
        for row in datasets.to_dict("records")
    ]
