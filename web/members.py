"""The members of a change that is sent as JSON: values, version, reason, each checked the same way everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import request

from gis.errors import N_
from layers.editing import BadDraft
from web.body import NotJson, sent

MOST_REASON: Final = 500
"""Characters of a reason."""


def body(*members: str) -> dict[str, Any]:
    """What was sent, an object with none but these members; of a DELETE it may be left out.

    Raises
    ------
    NotJson, BadDraft
    """
    given = sent()
    if given is None and request.method == "DELETE":
        given = {}
    if given is None:
        raise NotJson(N_("The request's body is not JSON."))
    if not isinstance(given, Mapping):
        raise BadDraft(N_("A record is sent as a JSON object."))
    unknown = [str(name)[:80] for name in given if name not in members]
    if unknown:
        raise BadDraft(
            N_("A record to be saved has no member “%(name)s”."), hint=N_("Its members are: %(known)s."),
            name=unknown[0], known=", ".join(members),
        )  # fmt: skip
    return dict(given)


def values(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The member ``values``: field to value; empty where there is none."""
    found = given.get("values", {})
    if not isinstance(found, Mapping):
        raise BadDraft(N_("“values” is an object: field to value."))
    return found


def version(given: Mapping[str, Any], name: str = "version") -> int | None:
    """The version that was seen."""
    found = given.get(name)
    if found is not None and type(found) is not int:
        raise BadDraft(
            N_("“version” is the number of the version that was seen, not “%(given)s”."), given=str(found)[:80]
        )
    return found


def why(given: Mapping[str, Any]) -> str:
    """The reason, empty where there is none."""
    found = given.get("why") or ""
    if not isinstance(found, str) or len(found) > MOST_REASON:
        raise BadDraft(N_("The reason is a text of at most %(most)s characters."), most=MOST_REASON)
    return found.strip()
