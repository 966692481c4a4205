"""What belongs to a feature beside its record: attributes by title, pictures, stories, signs."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from layers.access import Reader
from layers.features import Found, value_titles
from layers.history.reach import MEDIA_OWNERS
from layers.index import Index
from layers.placenames.articles import stories
from layers.placenames.attributes import attributes_of
from layers.placenames.media import media_of
from layers.records.cells import shown
from web.media.views import medium_as_json

_OWNER_OF: Final = {layer: owner for owner, (layer, _) in MEDIA_OWNERS.items()}
_MOST_SIGNS: Final = 50


def beside(index: Index, found: Found, *, reader: Reader) -> dict[str, Any]:
    """Further members of a feature's answer; none for layers that have nothing of the kind."""
    key = found.layer.key
    if key not in _OWNER_OF:
        return {}
    with index.held():
        return _members(index, found, key, reader)


def _members(index: Index, found: Found, key: str, reader: Reader) -> dict[str, Any]:
    media = media_of(index, _OWNER_OF[key], found.uuid, reader=reader)
    answer: dict[str, Any] = {"owner": _OWNER_OF[key], "media": [medium_as_json(one) for one in media]}
    if key == "place-names":
        told = stories(index, reader=reader, place=found.uuid)
        answer["attributes"] = _attributes(found)
        answer["stories"] = [
            {"uuid": line.uuid, "title": line.title, "url": f"/stories/{line.uuid}", "published": line.published}
            for line in told.lines
        ]
        answer["signs"] = _signs(index, found.uuid, reader)
    return answer


def _attributes(found: Found) -> list[dict[str, Any]]:
    """What a place has by its class: titles, values and units; what its class does not know stands with its key."""
    value, code = found.record.get("attributes"), found.record.get("class_code")
    if not isinstance(value, dict):
        return []
    known = {one.key: one for one in attributes_of(code if isinstance(code, str) else None)}
    order = [*known, *(key for key in value if key not in known)]
    answer = []
    for key in order:
        given = value.get(key)
        if given is None:
            continue
        one = known.get(key)
        choice = next((each for each in one.choices if each.key == given), None) if one else None
        answer.append(
            {
                "key": key,
                "title": {"zh": one.title_zh, "en": one.title_en} if one else {"zh": key, "en": key},
                "value": given if isinstance(given, (int, float)) else shown(given),
                "text": {"zh": choice.title_zh, "en": choice.title_en} if choice else None,
                "unit": one.unit if one else "",
            }
        )
    return answer


def _signs(index: Index, place: str, reader: Reader) -> list[dict[str, Any]]:
    columns = index.layer("place-signs")
    rows = np.flatnonzero(columns["place_uuid"].isin([place]) & columns.open_to(reader))[:_MOST_SIGNS]
    values = (columns[name].values(rows) for name in ("number", "kind", "state"))
    return [
        {
            "uuid": uuid, "number": number,
            "kind": _title("kind", kind), "state": _title("state", state), "intact": state == "intact",
        }
        for uuid, number, kind, state in zip(columns.uuid[rows].tolist(), *values, strict=True)
    ]  # fmt: skip


def _title(name: str, value: object) -> dict[str, str] | None:
    if value is None:
        return None
    zh, en = value_titles("place-signs", name, value) or (str(value), str(value))
    return {"zh": zh, "en": en}
