"""The accounts of all, for administrators."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as Answer

from gis.errors import Conflict, Invalid
from layers import days
from layers.access import ROLES
from layers.features import counties, county_codes
from layers.office import accounts as office_accounts
from layers.office import invitations, sessions
from layers.office.accounts import Account, Profile
from web import query
from web.accounts import forms
from web.accounts.pages import moment, page
from web.permissions import current_editor, current_reader
from web.service import service

people = Blueprint("people", __name__, url_prefix="/people")


@people.get("")
def everybody() -> Answer:
    """Every account."""
    query.allow("done")
    found = service()
    signed_in = {each.account for each in sessions.sessions(found.office, idle_s=_idle_s())}
    return page(
        "people.html",
        people=office_accounts.accounts(found.office),
        here=signed_in,
        counties=dict(_counties()),
        done=request.args.get("done", ""),
    )


@people.route("/new", methods=["GET", "POST"])
def add() -> Answer:
    """Make an account; its link is shown once."""
    query.allow()
    faults = forms.Faults()
    name = forms.text("name")
    profile = forms.profile() if request.method == "POST" else Profile()
    if request.method == "POST":
        try:
            _require_counties(profile)
            made = office_accounts.add_account(service().office, name, profile, by=current_editor().name)
        except (Invalid, Conflict) as refused:
            faults.add_error(_field(refused), refused)
        else:
            return _with_link(made)
    return _form(None, name, profile, faults)


@people.route("/<name>", methods=["GET", "POST"])
def edit(name: str) -> Answer:
    """Change an account's shown name, roles and reach."""
    query.allow("done")
    office = service().office
    found = office_accounts.account(office, name)
    faults = forms.Faults()
    profile = Profile(found.display, found.roles, found.scope, found.side)
    if request.method == "POST":
        profile = forms.profile()
        try:
            _require_counties(profile)
            office_accounts.edit_account(office, name, profile)
        except (Invalid, Conflict) as refused:
            faults.add_error(_field(refused), refused)
        else:
            return redirect("/people?done=saved", 303)
    return _form(found, found.name, profile, faults)


@people.post("/<name>/state")
def set_state(name: str) -> Answer:
    """Disable or enable an account."""
    state = "disabled" if request.form.get("state") == "disabled" else "active"
    office_accounts.set_state(service().office, name, state)
    return redirect(f"/people?done={state}", 303)


@people.post("/<name>/link")
def link(name: str) -> Answer:
    """A one-time link for a new password."""
    return _with_link(office_accounts.account(service().office, name))


@people.post("/<name>/sessions")
def end_sessions(name: str) -> Answer:
    """Sign an account out everywhere."""
    found = office_accounts.account(service().office, name)
    sessions.end_sessions(service().office, found.name)
    return redirect("/people?done=sessions", 303)


def _with_link(holder: Account) -> Answer:
    made = invitations.password_link(service().office, holder.name, by=current_editor().name)
    url = f"{request.host_url}invitation/{made.token}"
    return page("link.html", holder=holder, url=url, until=moment(made.expires))


def _form(found: Account | None, name: str, profile: Profile, faults: forms.Faults) -> Response:
    sides = _counties()
    known = {code for code, _ in sides}
    kept = [(code, code) for code in sorted({*(profile.scope or ()), *([profile.side] if profile.side else [])})]
    return page(
        "person.html",
        400 if faults else 200,
        found=found,
        name=name,
        profile=profile,
        faults=faults,
        roles=ROLES,
        counties=[*sides, *(pair for pair in kept if pair[0] not in known)],
        own=found is not None and found.name == current_editor().name,
    )


def _counties() -> list[tuple[str, str]]:
    return counties(service().index, reader=current_reader(), asof=days.today())


def _require_counties(profile: Profile) -> None:
    office_accounts.require_counties(profile, county_codes(service().index, reader=current_reader(), asof=days.today()))


def _field(error: Exception) -> str:
    if isinstance(error, office_accounts.LastAdministrator):
        return "roles"
    if isinstance(error, office_accounts.AccountExists):
        return "name"
    return {"role": "roles", "code": "reach", "name": "name"}.get(next(iter(getattr(error, "params", {})), ""), "")


def _idle_s() -> float:
    return service().settings.session_minutes * 60
