"""Signing in and out, links that are used once, and one's own account."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, request, session
from werkzeug.wrappers import Response as Answer

from gis.errors import N_, Conflict, Invalid
from layers.office import accounts as office_accounts
from layers.office import invitations, passwords, sessions
from layers.office.accounts import Account
from layers.office.attempts import SignInLocked
from layers.office.sessions import SignInRefused
from web import query
from web.accounts import filters, forms, menu
from web.accounts.pages import moment, page
from web.permissions import TOKEN, current_person, current_session
from web.service import service

accounts = Blueprint("accounts", __name__)
accounts.add_app_template_filter(filters.county_name)
accounts.add_app_template_filter(filters.browser_name)


@accounts.app_context_processor
def page_context() -> dict[str, Any]:
    """Who is signed in, for every page."""
    return {**menu.context(), "initial": menu.initial, "role_titles": forms.ROLE_TITLES}


@accounts.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Answer:
    """The sign-in page."""
    query.allow("next")
    wanted = forms.next_path(request.args.get("next", ""))
    if request.method == "GET":
        return redirect(wanted, 303) if current_person() is not None else page("sign-in.html", name="")
    name = forms.text("name")
    faults = forms.Faults()
    try:
        token = sessions.sign_in(
            service().office, name, forms.secret("password"), address=_address(), browser=_browser()
        )
    except SignInLocked as locked:
        faults.add_error("", locked)
        response = page("sign-in.html", 429, name=name, faults=faults)
        response.headers["Retry-After"] = str(locked.seconds)
        return response
    except SignInRefused as refused:
        faults.add_error("", refused)
        return page("sign-in.html", 403, name=name, faults=faults)
    _begin(token)
    return redirect(wanted, 303)


@accounts.post("/sign-out")
def sign_out() -> Answer:
    """End the session of this browser."""
    ended = current_session()
    if ended is not None:
        sessions.end_session(service().office, ended)
    session.clear()
    response = redirect("/", 303)
    response.headers["Cache-Control"] = "no-store"
    if request.is_secure or service().settings.https:  # browsers take it over HTTPS alone
        response.headers["Clear-Site-Data"] = '"cache"'
    return response


@accounts.route("/first/<token>", methods=["GET", "POST"])
def first(token: str) -> Answer:
    """The first administrator names themself."""
    query.allow()
    office = service().office
    if invitations.invited(office, token) is not None:
        return redirect(f"/invitation/{token}", 303)
    faults = forms.Faults()
    name, display = forms.text("name"), forms.text("display")
    if request.method == "POST":
        password = forms.new_password(faults)
        if not faults:
            try:
                invitations.accept_first(office, token, name=name, display=display, password=password)
            except passwords.PasswordRefused as refused:
                faults.add_error("password", refused)
            except (Invalid, Conflict) as refused:
                faults.add_error("name", refused)
            else:
                return _enter(name, password)
    return page("first.html", 400 if faults else 200, faults=faults, name=name, display=display)


@accounts.route("/invitation/<token>", methods=["GET", "POST"])
def invitation(token: str) -> Answer:
    """Somebody sets a password by a link."""
    query.allow()
    office = service().office
    holder = invitations.invited(office, token)
    if holder is None:
        return redirect(f"/first/{token}", 303)
    faults = forms.Faults()
    if request.method == "POST":
        password = forms.new_password(faults)
        if not faults:
            try:
                invitations.accept(office, token, password)
            except passwords.PasswordRefused as refused:
                faults.add_error("password", refused)
            else:
                return _enter(holder.name, password)
    return page("invitation.html", 400 if faults else 200, faults=faults, holder=holder)


@accounts.get("/account")
def account() -> Answer:
    """One's own account."""
    query.allow("done")
    return _account(done=request.args.get("done", ""))


@accounts.post("/account/password")
def change_password() -> Answer:
    """Change one's own password; the other sessions end."""
    person = _person()
    faults = forms.Faults()
    office = service().office
    try:
        if not sessions.is_right_password(office, person.name, forms.secret("present"), address=_address()):
            faults.add("present", N_("This is not your present password."))
    except SignInLocked as locked:
        faults.add_error("present", locked)
    password = forms.new_password(faults)
    if not faults:
        try:
            office_accounts.set_password(office, person.name, password, keep_session=current_session())
        except passwords.PasswordRefused as refused:
            faults.add_error("password", refused)
    return _account(faults=faults) if faults else redirect("/account?done=password", 303)


@accounts.post("/account/sessions/<which>/end")
def end_session(which: str) -> Answer:
    """End one of one's own sessions."""
    sessions.end_session(service().office, which, name=_person().name)
    return redirect("/account?done=session", 303)


@accounts.post("/account/sessions/end")
def end_others() -> Answer:
    """End one's own sessions but this one."""
    sessions.end_sessions(service().office, _person().name, but=current_session())
    return redirect("/account?done=session", 303)


def _account(*, faults: forms.Faults | None = None, done: str = "") -> Response:
    found = service()
    own = sessions.sessions(found.office, _person().name, idle_s=found.settings.session_minutes * 60)
    shown = [{"session": each, "begun": moment(each.begun), "seen": moment(each.seen)} for each in own]
    return page(
        "account.html",
        400 if faults else 200,
        faults=faults,
        sessions=shown,
        this=current_session(),
        done=done,
        rules=[passwords.RULES[rule] for rule in ("short", "kinds", "name", "common")],
    )


def _enter(name: str, password: str) -> Answer:
    """Sign in whoever has just set their password."""
    _begin(sessions.sign_in(service().office, name, password, address=_address(), browser=_browser()))
    return redirect("/", 303)


def _begin(token: str) -> None:
    session.clear()  # a new session has a new mark for its forms too
    session[TOKEN] = token


def _person() -> Account:
    person = current_person()
    assert person is not None, "the table of permissions lets in people with an account alone"
    return person


def _address() -> str:
    return request.remote_addr or "-"


def _browser() -> str:
    return request.user_agent.string
