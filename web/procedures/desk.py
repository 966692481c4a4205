"""The desk of this server, and what a request says of a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis.errors import N_
from layers import days
from layers.placenames.procedures.deadlines import Deadlines
from layers.placenames.procedures.desk import Desk
from layers.placenames.procedures.handling import Given
from layers.placenames.procedures.proposing import BadApplication, text_of
from web.body import NotJson, sent
from web.service import service


def desk() -> Desk:
    """The register, the office and the deadlines of this server."""
    found = service()
    settings = found.settings
    return Desk(
        found.index, found.office, Deadlines({"file": settings.filing_days, "announce": settings.announcing_days})
    )


def body() -> dict[str, Any]:
    """The request's body, a JSON object."""
    given = sent()
    if given is None:
        raise NotJson(N_("The request's body is not JSON."))
    if not isinstance(given, Mapping):
        raise BadApplication(N_("An application is sent as a JSON object."))
    return dict(given)


_MEMBERS = ("version", "remark", "override", "number", "authority", "day", "opinion")


def given_from(body_: Mapping[str, Any]) -> Given:
    """What somebody says with a step.

    Raises
    ------
    BadApplication, BadDay
    """
    unknown = [name for name in body_ if name not in _MEMBERS]
    if unknown:
        raise BadApplication(
            N_("An application has no member “%(name)s”."), hint=N_("Its members are: %(known)s."),
            name=unknown[0][:80], known=", ".join(_MEMBERS),
        )  # fmt: skip
    version, opinion = body_.get("version"), body_.get("opinion") or {}
    if type(version) is not int:
        raise BadApplication(N_("Say which version of the application you have seen."))
    if not isinstance(opinion, Mapping):
        raise BadApplication(N_("An application is sent as a JSON object."))
    day = text_of(body_, "day", 10)
    return Given(
        version=version,
        remark=text_of(body_, "remark"),
        override=text_of(body_, "override"),
        number=text_of(body_, "number", 100),
        authority=text_of(body_, "authority", 100),
        day=days.parse_day(day) if day else None,
        opinion=dict(opinion),
    )
