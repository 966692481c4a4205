"""An application looked at before it is made: what the rules would say of it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from layers.access import Editor
from layers.office import applications
from layers.office.applications import Application
from layers.placenames.procedures.desk import Desk
from layers.placenames.procedures.handling import find
from layers.placenames.procedures.judging import Judgement, judged
from layers.placenames.procedures.proposing import Request, columns_of


def tried(desk: Desk, request: Request, uuid: str, *, editor: Editor) -> Judgement:
    """What the check says of a request; of an application that would be changed by it where ``uuid`` names one.

    Raises
    ------
    BadApplication, UnknownFeature, UnknownApplication, NotAllowed, OutOfReach
    """
    values = columns_of(desk.index, request, editor=editor)
    if uuid:
        application = replace(find(desk, uuid, editor=editor), **_as_given(values))
    else:
        application = Application(**{**_BLANK, **_as_given(values)})
    return judged(desk.index, desk.office, application, editor=editor)


def _as_given(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "carried": tuple(values["carried"])}


_BLANK: dict[str, Any] = {
    **{one.name: "" for one in fields(applications.Application)},
    **dict.fromkeys(("opinion", "override", "submitted", "reviewed", "approved", "filed", "announced", "batch")),
    **dict.fromkeys(("file_due", "announce_due")),
    "uuid": "proposed",  # an empty one would be no record to the rules
    "version": 0,
    "steps": (),
    "attachments": (),
}
"""An application that nobody has made yet."""
