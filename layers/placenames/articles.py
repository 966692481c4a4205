"""Stories of places (地名故事): listed, read, looked through. They are edited as any record is (`layers.editing`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from gis.errors import N_
from gis.toponym.keys import search_keys
from layers import days
from layers.access import Reader
from layers.catalogue import Titled, layer_named
from layers.editing.record import present
from layers.features import UnknownFeature, division_names
from layers.history.log import plain_values
from layers.index import Index
from layers.placenames.media import Medium, media_of
from layers.placenames.prose import as_html
from layers.records import record_field

LAYER: Final = "stories"
OF_A_PAGE: Final = 24
_TEXTS: Final = ("uuid", "title", "summary", "theme", "county_code", "state", "author", "published_on", "source")


@dataclass(frozen=True)
class Line:
    """A story in a list; ``picture`` is the SHA-256 of its first picture, ``place`` the name of its place."""

    uuid: str
    title: str
    summary: str
    theme: str
    county_code: str
    county: str
    place_uuid: str
    place: str
    state: str
    author: str
    published_on: str
    source: str
    picture: str
    lon: float | None
    lat: float | None

    @property
    def published(self) -> bool:
        """Whether everybody sees it."""
        return self.state == "published"


@dataclass(frozen=True)
class Listed:
    """A page of stories, the newest first; counts of all that pass the other filters, by theme and by county."""

    lines: tuple[Line, ...]
    total: int
    page: int
    themes: dict[str, int]
    counties: dict[str, int]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // OF_A_PAGE))


@dataclass(frozen=True)
class Source:
    """Where a story comes from: words, and an address on the web or nothing."""

    title: str
    url: str


@dataclass(frozen=True)
class Story:
    """A story with everything about it; ``html`` is its text, safe to stand in a page."""

    line: Line
    body: str
    html: str
    sources: tuple[Source, ...]
    media: tuple[Medium, ...]
    version: int


def themes() -> tuple[Titled, ...]:
    """The themes that a story may have, as the table of choices says them."""
    return tuple(Titled(one.key, one.title_zh, one.title_en) for one in record_field(LAYER, "theme").choices)


def stories(
    index: Index, *, reader: Reader, asof: date | None = None, theme: str = "", county: str = "", place: str = "",
    words: str = "", page: int = 1,
) -> Listed:  # fmt: skip
    """The stories that a reader may see, the newest first; drafts among them for those who may see what is internal.

    Parameters
    ----------
    words
        All of them stand in title, summary or text, or the title is spelled like them.
    """
    with index.held() as connection:
        columns = index.layer(LAYER)
        seen = columns.seen(reader=reader, asof=asof or days.today())
        rows = np.flatnonzero(seen & columns["place_uuid"].isin([place]) if place else seen)
        if not rows.size:  # of most places: nothing is read then
            return Listed((), 0, 1, {}, {})
        uuids = columns.uuid[rows].tolist()
        frame = index.register.frame(
            connection, "article", uuids=uuids,
            columns=["uuid", "title", "summary", "body", "author", "published_on", "theme", "county_code", "place_uuid",
                     "state", "source"],
        )  # fmt: skip
        names = [str(name) for name in frame.columns]
        states = [
            dict(zip(names, values, strict=True))
            for values in zip(*(plain_values(frame[name]) for name in names), strict=True)
        ]
        wanted = words.split()
        found = [state for state in states if _says(state, wanted)]
        by_theme = [state for state in found if not county or state["county_code"] == county]
        by_county = [state for state in found if not theme or state["theme"] == theme]
        kept = [state for state in by_county if not county or state["county_code"] == county]
        kept.sort(key=lambda state: (state["published_on"] or "9999", state["title"] or ""), reverse=True)
        page = min(max(page, 1), max(1, -(-len(kept) // OF_A_PAGE)))
        shown = kept[(page - 1) * OF_A_PAGE : page * OF_A_PAGE]
        lines = _lines(index, shown, reader)
    return Listed(lines, len(kept), page, _counted(by_theme, "theme"), _counted(by_county, "county_code"))


def story(index: Index, uuid: str, *, reader: Reader) -> Story:
    """One story with its text and pictures.

    Raises
    ------
    UnknownFeature
        Where there is none, or it is a draft and the reader may not see those.
    """
    with index.held() as connection:
        columns = index.layer(LAYER)
        row = columns.row_of(uuid)
        if row is None or not columns.open_to(reader)[row]:
            raise UnknownFeature(N_("The layer “%(layer)s” has no feature %(uuid)s."), layer=LAYER, uuid=uuid[:60])
        record = present(index, connection, layer_named(LAYER), uuid, reader=reader)
        media = media_of(index, "article", uuid, reader=reader)
        (line,) = _lines(index, [record.state], reader)
    body = str(record.state.get("body") or "")
    return Story(line, body, rendered(body, media), sources_of(record.state.get("sources")), media, record.version)


def rendered(body: str, media: Sequence[Medium]) -> str:
    """A text with the pictures that it may show."""
    return as_html(body, pictures={one.sha256 for one in media if one.kind == "image"})


def sources_of(value: object) -> tuple[Source, ...]:
    """The sources of a story; what is written otherwise than it should be is left out."""
    if not isinstance(value, list):
        return ()
    found = []
    for one in value:
        if isinstance(one, dict) and isinstance(one.get("title"), str) and one["title"].strip():
            url = one.get("url")
            web = isinstance(url, str) and url.startswith(("https://", "http://"))
            found.append(Source(one["title"].strip(), str(url) if web else ""))
    return tuple(found)


def _says(state: dict[str, Any], words: Sequence[str]) -> bool:
    text = "\n".join(str(state[name] or "") for name in ("title", "summary", "body")).casefold()
    missing = [word for word in words if word.casefold() not in text]
    if not missing:
        return True
    if not all(word.isascii() for word in missing):
        return False
    spelled = search_keys(str(state["title"] or ""))
    return all(any(word.casefold() in key for key in spelled) for word in missing)


def _counted(states: Sequence[dict[str, Any]], name: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in states:
        if state[name]:
            found[str(state[name])] = found.get(str(state[name]), 0) + 1
    return found


def _lines(index: Index, states: Sequence[dict[str, Any]], reader: Reader) -> tuple[Line, ...]:
    codes = [str(state["county_code"]) for state in states if state["county_code"]]
    counties = division_names(index, codes, reader=reader)
    places, columns = index.layer("place-names"), index.layer(LAYER)
    open_places = places.open_to(reader)
    found = []
    for state in states:
        at = places.row_of(str(state["place_uuid"])) if state["place_uuid"] else None
        seen = at is not None and bool(open_places[at])
        row = columns.row_of(str(state["uuid"]))
        lon, lat = (float(columns.lon[row]), float(columns.lat[row])) if row is not None else (np.nan, np.nan)
        pictures = [one for one in media_of(index, "article", str(state["uuid"]), reader=reader) if one.kind == "image"]
        texts = {
            name: str(state[name] or "")
            for name in (
                "uuid",
                "title",
                "summary",
                "theme",
                "county_code",
                "state",
                "author",
                "published_on",
                "source",
            )
        }
        found.append(
            Line(
                **texts,
                county=counties.get(texts["county_code"], ""),
                place_uuid=str(state["place_uuid"]) if seen else "",
                place=str(places["name"].values(np.array([at]))[0] or "") if seen else "",
                picture=pictures[0].sha256 if pictures else "",
                lon=None if lon != lon else lon,
                lat=None if lat != lat else lat,
            )
        )
    return tuple(found)
