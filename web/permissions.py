"""Who may call what: every route is in this table, and what is not in it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask, Response, g, request, session

from gis.errors import N_, Denied
from layers.access import ACTIONS, PUBLIC, Editor, Reader, require
from layers.office.accounts import Account
from layers.office.sessions import SignedIn, signed_in
from web.errors import PasswordChangeNeeded, SignInNeeded
from web.service import service

__all__ = [
    "ANYONE",
    "PERMISSIONS",
    "SIGNED_IN",
    "SignInNeeded",
    "current_editor",
    "current_person",
    "current_reader",
    "current_session",
]

ANYONE = "anyone"
"""Even where nothing is public: what somebody needs in order to sign in."""
SIGNED_IN = "signed-in"
"""Whoever has an account."""

PERMISSIONS: Mapping[str, str] = MappingProxyType(
    {
        "static": ANYONE,
        "accounts.sign_in": ANYONE,
        "accounts.first": ANYONE,
        "accounts.invitation": ANYONE,
        "accounts.sign_out": SIGNED_IN,
        "accounts.account": SIGNED_IN,
        "accounts.change_password": SIGNED_IN,
        "accounts.end_session": SIGNED_IN,
        "accounts.end_others": SIGNED_IN,
        "people.everybody": "people",
        "people.add": "people",
        "people.edit": "people",
        "people.set_state": "people",
        "people.link": "people",
        "people.end_sessions": "people",
        "maps.page": "read",
        "maps.design": "read",
        "maps.health": ANYONE,
        "maps.basemap": "read",
        "tiles.tilejson": "read",
        "tiles.tile": "read",
        "api.layers": "read",
        "api.search": "read",
        "api.feature": "read",
        "api.features": "read",
        "api.norms": "read",
        "api.coverage_answer": "read",
        "api.coverage_outline": "read",
        "downloads.workbook": "export",
        "downloads.shapefile": "export",
        "downloads.export": "export",
        "editing.layer_form": "edit",
        "editing.check": "edit",
        "editing.add_record": "edit",
        "editing.change_record": "edit",
        "editing.close_record": "edit",
        "editing.reopen_record": "edit",
        "editing.undo_save": "edit",
        "stories.listed": "read",
        "stories.read": "read",
        "stories.of_place": "read",
        "stories.new": "edit",
        "stories.edit": "edit",
        "stories.preview": "edit",
        "media.file": "read",
        "media.listed": "read",
        "media.add": "edit",
        "media.order": "edit",
        "media.change": "edit",
        "media.remove": "edit",
        "names.listed": "read",
        "names.add": "edit",
        "names.change": "edit",
        "names.remove": "edit",
        "names.standard": "edit",
        "boundaries.page": "read",
        "boundaries.line_page": "read",
        "boundaries.stake_page": "read",
        "boundary_papers.stake_form": "export",
        "boundary_papers.line_forms": "export",
        "boundary_papers.exchange": "export",
        "boundary_changes.listed": "read",
        "boundary_changes.add": "edit",
        "boundary_changes.change": "edit",
        "boundary_changes.remove": "edit",
        "boundary_changes.features": "read",
        "boundary_changes.set_features": "edit",
        "rounds.page": "read",
        "rounds.round_page": "read",
        "rounds.plan": "read",
        "rounds.one": "read",
        "rounds.add": "edit",
        "rounds.change": "edit",
        "rounds.remove": "edit",
        "rounds.more_lines": "edit",
        "rounds.change_one_task": "edit",
        "rounds.task_step": "edit",
        "rounds.remove_one_task": "edit",
        "history.page": "history",
        "history.record_page": "history",
        "history.listed": "history",
        "history.undo_one": "edit",
        "history.undo_together": "edit",
        "jobs.page": "jobs",
        "jobs.listed": "jobs",
        "jobs.one": "jobs",
        "jobs.cancel": "jobs",
        "jobs.export": "jobs",
        "jobs.file": "jobs",
        "imports.page": "import",
        "imports.one_page": "import",
        "imports.listed": "import",
        "imports.receive": "import",
        "imports.one": "import",
        "imports.remove": "import",
        "imports.understand": "import",
        "imports.check": "import",
        "imports.apply": "import",
        "imports.report": "import",
        "imports.save_mapping": "import",
        "imports.forget_mapping": "import",
        "workbench.page": "edit",
        "workbench.record_page": "edit",
        "workbench.listed": "edit",
        "workbench.check": "edit",
        "workbench.record": "edit",
        "workbench.accept": "edit",
        "workbench.keep": "edit",
        "workbench.skip": "edit",
        "workbench.reopen": "edit",
        "workbench.plan": "edit",
        "workbench.apply": "edit",
        "workbench.result": "edit",
        "submissions.page": "edit",
        "submissions.one_page": "edit",
        "submissions.listed": "edit",
        "submissions.outlook": "edit",
        "submissions.submit": "edit",
        "submissions.one": "edit",
        "submissions.draw": "edit",
        "submissions.record": "edit",
        "submissions.judge": "edit",
        "submissions.decide": "edit",
        "submissions.sheet": "edit",
        "geocoding.page": "read",
        "geocoding.one": "read",
        "geocoding.many": "read",
        "geocoding.table": "export",
        "formbook.page": "import",
        "formbook.export": "import",
        "formbook.receive": "import",
        "formbook.one_page": "import",
        "formbook.one": "import",
        "formbook.apply": "import",
        "formbook.apply_by_program": "import",
        "public.page": "read",
        "public.one": "read",
        "statistics.page": "read",
        "statistics.as_json": "read",
        "statistics.workbook": "export",
        "lookup.names": "read",
        "lookup.one_name": "read",
        "lookup.divisions": "read",
        "lookup.divisions_beneath": "read",
        "procedures.page": "procedures",
        "procedures.new_page": "procedures",
        "procedures.one_page": "procedures",
        "procedures.amend_page": "procedures",
        "procedures.listed": "procedures",
        "procedures.apply": "procedures",
        "procedures.check": "procedures",
        "procedures.places": "procedures",
        "procedures.one": "procedures",
        "procedures.amend": "procedures",
        "procedures.act": "procedures",
        "procedures.paper": "procedures",
        "rural.page": "procedures",
        "rural.village_page": "procedures",
        "rural.listed": "procedures",
        "rural.names": "procedures",
        "field_files.page": "surveys",
        "field_files.listed": "surveys",
        "field_files.receive": "surveys",
        "field_files.one": "surveys",
        "field_files.read_again": "surveys",
        "field_files.original": "surveys",
        "field_files.outline_of": "surveys",
        "field_files.result": "surveys",
        "tus.options": "surveys",
        "tus.create": "surveys",
        "tus.head": "surveys",
        "tus.append": "surveys",
        "tus.give_up": "surveys",
        "ripples.page": "edit",
        "ripples.look": "edit",
        "ripples.carry_out": "edit",
    }
)
"""Endpoint to `ANYONE`, `SIGNED_IN` or one of `layers.access.ACTIONS`.

``read`` and ``export`` need no account unless ``DIJIE_PUBLIC`` is 0: what is not public is left out beneath.
``edit`` and ``import`` let in whoever may change any layer; the view asks for the layer.
"""

TOKEN = "token"  # noqa: S105 - the name of a place in the cookie
"""Where the signed cookie keeps the session's token."""

_WITHOUT_ACCOUNT = ("read", "export")
_WITH_OLD_PASSWORD = ("accounts.account", "accounts.change_password", "accounts.sign_out")


class NotPermitted(Denied):
    """A route that nobody has been given."""

    code = "not-permitted"


def install(app: Flask) -> None:
    """Refuse every route that is not in the table, or not open to who asks, before its view runs."""

    @app.before_request
    def check() -> None:
        if request.endpoint is not None:
            require_permission(request.endpoint)

    @app.after_request
    def keep_private(response: Response) -> Response:
        """What somebody with an account was sent is theirs: no proxy keeps it, no page comes back after signing out."""
        if g.get("person") is not None and "no-store" not in response.headers.get("Cache-Control", ""):
            page = response.mimetype == "text/html" and response.status_code != 304
            response.headers["Cache-Control"] = "no-store" if page else "private, no-cache"
        return response


def require_permission(endpoint: str) -> None:
    """Raise unless who asks may call an endpoint."""
    needed = PERMISSIONS.get(endpoint, "")
    if needed == ANYONE:
        return
    if needed != SIGNED_IN and needed not in ACTIONS:
        raise NotPermitted(N_("This address is not open to you."))
    person = current_person()
    if person is None:
        if needed in _WITHOUT_ACCOUNT and service().settings.public:
            return
        raise SignInNeeded(N_("This is only for people with an account."))
    if person.must_change and endpoint not in _WITH_OLD_PASSWORD:
        raise PasswordChangeNeeded(
            N_("Your password was given to you by another."), hint=N_("Choose your own one first, under “Account”.")
        )
    if needed != SIGNED_IN:
        require(person.reader, needed)


def current_person() -> Account | None:
    """Whose request this is; None without an account."""
    found = _signed_in()
    return found.account if found is not None else None


def current_session() -> str | None:
    """The id of the session by which this request is made."""
    found = _signed_in()
    return found.session if found is not None else None


def current_reader() -> Reader:
    """Who reads in this request; `PUBLIC` without an account."""
    person = current_person()
    return PUBLIC if person is None else person.reader


def current_editor() -> Editor:
    """Who writes in this request.

    Raises
    ------
    SignInNeeded
        Without an account.
    """
    person = current_person()
    if person is None:
        raise SignInNeeded(N_("This is only for people with an account."))
    return person.editor


def _signed_in() -> SignedIn | None:
    """The session of this request, asked for once."""
    if "person" not in g:
        token = session.get(TOKEN)
        found = service()
        idle_s = found.settings.session_minutes * 60
        g.person = signed_in(found.office, token, idle_s=idle_s) if isinstance(token, str) else None
    person: SignedIn | None = g.person
    return person
