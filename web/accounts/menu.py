"""Who is signed in and where they can go: for the head of every page and the map's tools."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import quote

from flask import current_app, request
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from gis.errors import N_, DijieError
from layers.access import ACTIONS, PUBLIC, may
from layers.catalogue import LAYERS
from layers.office.accounts import Account
from web.accounts.forms import next_path
from web.language import reader_language, translated
from web.permissions import current_person
from web.service import service

SUBJECTS = ("place-names", "facilities", "divisions", "population", "lines", "stakes")
"""What can be imported."""


class Entry(NamedTuple):
    """One place to go; ``action`` (with ``layer``) is what a reader must be allowed, empty for all with an account.

    ``more``: in the head of a page it stands folded behind the others.
    """

    path: str
    title: str
    icon: str
    action: str
    layer: str = ""
    more: bool = False


ENTRIES: tuple[Entry, ...] = (
    Entry("/workbench", N_("Workbench"), "check", "edit", "place-names"),
    Entry("/procedures", N_("Procedures"), "edit", "procedures"),
    Entry("/submissions", N_("Submissions"), "upload", "edit", "place-names"),
    Entry("/names", N_("Place names"), "search", "read"),
    Entry("/boundaries", N_("Boundaries"), "line", "read"),
    Entry("/rounds", N_("Inspections"), "check", "read"),
    Entry("/statistics", N_("Statistics"), "chart", "read", more=True),
    Entry("/stories", N_("Stories"), "list", "read", more=True),
    Entry("/geocode", N_("Find addresses"), "target", "read", more=True),
    Entry("/formbook", N_("Registration form"), "table", "import", "place-names", more=True),
    Entry("/field-files", N_("Field files"), "upload", "surveys", more=True),
    Entry("/imports", N_("Imports"), "upload", "import", more=True),
    Entry("/jobs", N_("Jobs"), "list", "jobs", more=True),
    Entry("/history", N_("Changes"), "undo", "history", more=True),
    Entry("/people", N_("People"), "people", "people", more=True),
    Entry("/account", N_("Account"), "person", "", more=True),
)


def context() -> dict[str, Any]:
    """For templates: ``person`` (None without an account) and ``menu``, what they may open."""
    try:
        person = current_person()
    except DijieError:  # the office cannot be asked, and a page says so: it must not fail for the same reason
        person = None
    return {"person": person, "menu": entries(person), "sign_in_path": _sign_in_path()}


def entries(person: Account | None) -> list[dict[str, Any]]:
    """The entries of the menu for somebody, with titles in the reader's language; None: for who has no account."""
    if person is None and not service().settings.public:
        return []
    reader = PUBLIC if person is None else person.reader
    language = reader_language()
    return [
        {
            "path": entry.path,
            "title": translated(entry.title, language),
            "icon": entry.icon,
            "more": entry.more,
            "here": request.path == entry.path or request.path.startswith(entry.path + "/"),
        }
        for entry in ENTRIES
        if (may(reader, entry.action, entry.layer) if entry.action else person is not None) and _is_there(entry.path)
    ]


def for_scripts(person: Account | None) -> dict[str, Any] | None:
    """What the map's scripts know of who is signed in: what they may do, and with which layers."""
    if person is None:
        return None
    reader = person.reader
    actions: dict[str, Any] = {action: may(reader, action) for action in ACTIONS}
    actions["edit"] = [key for key in (*LAYERS, "population") if may(reader, "edit", key)]
    actions["import"] = [key for key in SUBJECTS if may(reader, "import", key)]
    return {
        "name": person.name,
        "display": person.display,
        "roles": sorted(reader.roles),
        "scope": None if reader.scope is None else sorted(reader.scope),
        "side": reader.side,
        "actions": actions,
    }


def initial(person: Account) -> str:
    """The sign that stands for a person."""
    return person.display[0].upper()


def _is_there(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except RequestRedirect:
        return True
    except (NotFound, MethodNotAllowed):
        return False
    return True


def _sign_in_path() -> str:
    wanted = next_path(request.full_path.removesuffix("?")) if request.method == "GET" else "/"
    return "/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted, safe='/')}"
