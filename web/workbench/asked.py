"""What a request asks of the worklist: in the address, or as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis.errors import N_
from layers.filters import Filters
from layers.placenames.batch import BadBatch, Operation, Target
from layers.placenames.findings import Asked
from web import query

PARAMETERS = (
    *("rule", "severity", "state", "major", "class", "county", "town", "q", "mendable", "after", "limit"),
)  # fmt: skip
_MOST_UUIDS = 60_000


def asked() -> Asked:
    """The filters of the address."""
    given = query.allow(*PARAMETERS)
    severities = query.words("severity")
    return Asked(
        rules=query.words("rule"),
        severities=() if severities == ("all",) else severities or Asked.severities,
        state=given.get("state", "") or "open",
        major=given.get("major", ""),
        class_code=given.get("class", ""),
        county=given.get("county", ""),
        town=given.get("town", ""),
        text=given.get("q", "").strip(),
        mendable=given.get("mendable", "") == "1",
        after=query.whole("after", 0),
        limit=query.whole("limit", 50),
    )


def asked_from_json(given: object) -> Asked:
    """The same filters as JSON: members as the parameters are called, lists where they hold several words."""
    if not isinstance(given, Mapping) or any(name not in PARAMETERS for name in given):
        raise BadBatch(N_("The filters are an object whose members are those of the worklist."))
    severities = _words(given.get("severity"))
    return Asked(
        rules=_words(given.get("rule")),
        severities=() if severities == ("all",) else severities or Asked.severities,
        state=_word(given.get("state")) or "open",
        major=_word(given.get("major")),
        class_code=_word(given.get("class")),
        county=_word(given.get("county")),
        town=_word(given.get("town")),
        text=_word(given.get("q")).strip(),
        mendable=bool(given.get("mendable")),
    )


def target_from_json(given: Mapping[str, Any]) -> Target:
    """Which records a batch is for: ``findings`` (filters of the worklist) or ``places`` (filters of the layer)."""
    uuids = given.get("uuids", [])
    if not isinstance(uuids, list) or len(uuids) > _MOST_UUIDS or not all(isinstance(one, str) for one in uuids):
        raise BadBatch(N_("“uuids” is a list of permanent ids."))
    findings, places = given.get("findings"), given.get("places")
    if (findings is None) == (places is None) and not uuids:
        raise BadBatch(N_("Say which records are meant."), hint=N_("By “findings”, “places” or “uuids”."))
    return Target(
        findings=asked_from_json(findings) if findings is not None else None,
        places=_filters(places) if places is not None else None,
        uuids=tuple(dict.fromkeys(uuids)),
    )


def operation_from_json(given: object) -> Operation:
    """What is done: ``kind``, ``field``, ``find``, ``value``."""
    if not isinstance(given, Mapping) or not all(isinstance(value, str) for value in given.values()):
        raise BadBatch(N_("The operation is an object of texts: kind, field, find, value."))
    members = {name: str(given.get(name, "")) for name in ("kind", "field", "find", "value")}
    return Operation(**members)


def _filters(given: object) -> Filters:
    if not isinstance(given, Mapping):
        raise BadBatch(N_("The filters are an object whose members are those of the worklist."))
    return Filters(classes=_words(given.get("class")), county=_word(given.get("county")), town=_word(given.get("town")))


def _word(given: object) -> str:
    if given is None:
        return ""
    if not isinstance(given, str) or len(given) > 200:
        raise BadBatch(N_("“%(value)s” is no word to filter by."), value=str(given)[:80])
    return given


def _words(given: object) -> tuple[str, ...]:
    listed = given if isinstance(given, list) else [given] if given else []
    return tuple(dict.fromkeys(word for one in listed if (word := _word(one))))
