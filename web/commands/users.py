"""``dijie users``: accounts from the command line, for whoever may open the office's database."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from gis.errors import N_, Invalid, NotFound
from layers.access import ROLES
from web.commands.terminal import language, register_option, say, settings, table
from web.language import translated

DEFAULT_ADDRESS = "http://127.0.0.1:8000"


class BadOptions(Invalid):
    """Options that contradict one another."""

    code = "bad-options"


class NoSuchSession(NotFound):
    """No session that goes on has this id."""

    code = "no-such-session"


def address_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--address URL``."""
    return click.option(
        "--address", metavar="URL", default=DEFAULT_ADDRESS, show_default=True, help="Where people reach the server."
    )(command)


@click.group()
def users() -> None:
    """Accounts: who may sign in, with which roles, and how far they reach.

    \b
    Roles:
      viewer         reads what is public
      planner        facilities and population figures
      clerk          place names, divisions and facilities
      reviewer       as a clerk, and undoes changes of others
      surveyor       lines, stakes and points of one side
      administrator  everything, and the accounts
    """


@users.command("list")
@register_option
def list_(register: str | None) -> None:
    """List the accounts.

    \b
    Examples:
      dijie users list
    """
    from layers.office.accounts import accounts
    from web.accounts.forms import ROLE_TITLES

    found = accounts(_office(register))
    if not found:
        say(N_("There are no accounts yet: `dijie serve` prints a link for the first administrator."))
        return
    rows = [
        (
            each.name,
            each.display,
            ", ".join(_word(ROLE_TITLES[role][0]) for role in ROLES if role in each.roles),
            _word(N_("all")) if each.scope is None else " ".join(sorted(each.scope)),
            each.side or "-",
            _word(_state(each)),
            (each.signed_in or "-")[:16].replace("T", " "),
        )
        for each in found
    ]
    head = (N_("Name"), N_("Shown name"), N_("Roles"), N_("Reach"), N_("Side"), N_("State"), N_("Last sign-in (UTC)"))
    table(head, rows)


@users.command()
@click.argument("name")
@click.option("--name", "display", default="", metavar="TEXT", help="The name that is shown [default: NAME].")
@click.option("--role", "roles", multiple=True, type=click.Choice(ROLES), help="May be repeated [default: viewer].")
@click.option("--scope", multiple=True, metavar="CODE", help="Only this county; may be repeated [default: all].")
@click.option("--side", metavar="CODE", help="A surveyor's county.")
@address_option
@register_option
def add(
    name: str,
    display: str,
    roles: tuple[str, ...],
    scope: tuple[str, ...],
    side: str | None,
    address: str,
    register: str | None,
) -> None:
    """Make an account and print the one-time link by which the person sets a password.

    \b
    Examples:
      dijie users add wang --name 王芳 --role clerk --scope 370781
      dijie users add li --role surveyor --side 370724 --address https://dijie.example.cn
    """
    from layers.access import LOCAL_EDITOR
    from layers.office.accounts import Profile, add_account

    office = _office(register)
    profile = Profile(display, frozenset(roles or ("viewer",)), frozenset(scope) if scope else None, side)
    _require_counties(profile, register)
    made = add_account(office, name, profile, by=LOCAL_EDITOR().name)
    say(N_("%(name)s has an account."), name=made.name)
    _print_link(office, made.name, address)


@users.command()
@click.argument("name")
@click.option("--name", "display", metavar="TEXT", help="The name that is shown.")
@click.option("--role", "roles", multiple=True, type=click.Choice(ROLES), help="The roles from now on; repeat it.")
@click.option("--scope", multiple=True, metavar="CODE", help="The counties from now on; repeat it, or write all.")
@click.option("--side", metavar="CODE", help="A surveyor's county.")
@register_option
def edit(
    name: str,
    display: str | None,
    roles: tuple[str, ...],
    scope: tuple[str, ...],
    side: str | None,
    register: str | None,
) -> None:
    """Change an account; what is not given stays as it is.

    \b
    Examples:
      dijie users edit wang --role clerk --role planner
      dijie users edit wang --scope all
    """
    from layers.office.accounts import Profile, account, edit_account

    office = _office(register)
    now = account(office, name)
    kept = frozenset(roles) or now.roles
    profile = Profile(
        now.display if display is None else display,
        kept,
        now.scope if not scope else None if scope == ("all",) else frozenset(scope),
        (side or now.side) if "surveyor" in kept else side,
    )
    if scope or side:
        _require_counties(profile, register)
    edit_account(office, name, profile)
    say(N_("%(name)s is changed."), name=now.name)


@users.command()
@click.argument("name")
@register_option
def disable(name: str, register: str | None) -> None:
    """Let an account sign in no more; its sessions end at once.

    \b
    Examples:
      dijie users disable wang
    """
    from layers.office.accounts import set_state

    say(N_("%(name)s is disabled."), name=set_state(_office(register), name, "disabled").name)


@users.command()
@click.argument("name")
@register_option
def enable(name: str, register: str | None) -> None:
    """Let an account sign in again.

    \b
    Examples:
      dijie users enable wang
    """
    from layers.office.accounts import set_state

    say(N_("%(name)s is enabled."), name=set_state(_office(register), name, "active").name)


@users.command()
@click.argument("name")
@click.option("--random", "at_random", is_flag=True, help="Make one and print it.")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read it from standard input, one line.")
@register_option
def password(name: str, at_random: bool, from_stdin: bool, register: str | None) -> None:
    """Give an account a new password; its sessions end. Asks for it where nothing else is said.

    The person has to change it at the next sign-in, but for a random one of a demonstration's account.

    \b
    Examples:
      dijie users password wang
      dijie users password clerk --random
    """
    from layers.office.accounts import account, set_password
    from layers.office.demonstration import MAKER
    from layers.office.passwords import RULES, PasswordRefused, random_password

    if at_random and from_stdin:
        raise BadOptions(N_("--random and --stdin exclude one another."))
    office = _office(register)
    found = account(office, name)
    if at_random:
        given = random_password()
    elif from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    else:
        given = click.prompt(_word(N_("New password")), hide_input=True, confirmation_prompt=_word(N_("Once more")))
    shown = at_random and found.created_by == MAKER
    try:
        set_password(office, found.name, given, must_change=not shown)
    except PasswordRefused as refused:
        for rule in refused.rules:
            click.echo("- " + _word(RULES[rule]), err=True)
        raise
    if at_random:
        click.echo(given)
    else:
        say(N_("%(name)s has a new password."), name=found.name)


@users.command()
@click.argument("name")
@address_option
@register_option
def link(name: str, address: str, register: str | None) -> None:
    """Print a one-time link by which somebody sets a new password.

    \b
    Examples:
      dijie users link wang
    """
    _print_link(_office(register), name, address)


@users.command()
@click.argument("name", required=False)
@click.option("--end", metavar="ID", help="End this session.")
@click.option("--end-all", is_flag=True, help="End all sessions of NAME.")
@register_option
def sessions(name: str | None, end: str | None, end_all: bool, register: str | None) -> None:
    """List who is signed in, or end sessions.

    \b
    Examples:
      dijie users sessions
      dijie users sessions wang --end-all
    """
    from layers.office.accounts import account
    from layers.office.sessions import end_session, end_sessions
    from layers.office.sessions import sessions as going_on
    from web.accounts.pages import moment

    found = settings(register)
    office = _office(register)
    if end_all and name is None:
        raise BadOptions(N_("--end-all needs the NAME of an account."))
    if name is not None:
        name = account(office, name).name
    if end_all and name is not None:
        say(N_("%(count)s sessions ended."), count=end_sessions(office, name))
        return
    if end is not None:
        if not end_session(office, end, name=name):
            raise NoSuchSession(N_("There is no session %(id)s."), id=end)
        say(N_("%(count)s sessions ended."), count=1)
        return
    rows = [
        (each.id, each.account, moment(each.begun)[:16], moment(each.seen)[:16], each.address, each.browser[:40])
        for each in going_on(office, name, idle_s=found.session_minutes * 60)
    ]
    if not rows:
        say(N_("Nobody is signed in."))
        return
    began = (N_("Begun (UTC)"), N_("Last seen (UTC)"))
    head = (N_("Session"), N_("Account"), *began, N_("Network address"), N_("Browser"))
    table(head, rows)


def say_first_link(office: Any, address: str) -> None:
    """Print a link for the first administrator where there is none."""
    from layers.office.invitations import first_link

    made = first_link(office)
    if made is not None:
        say(N_("There is no administrator yet. Open this link once, within 24 hours, to become the first:"))
        click.echo(f"  {address}/first/{made.token}")


def say_demonstration_accounts(office: Any, *, anew: bool) -> None:
    """Make the demonstration's accounts and print their passwords, once."""
    from layers.office.demonstration import make_demonstration_accounts

    made = make_demonstration_accounts(office, anew=anew)
    if not made:
        say(N_("The accounts are as they were; a new password: dijie users password NAME --random"))
        return
    say(N_("Accounts to sign in with. The passwords are shown only now:"))
    rows = [(each.account.name, each.password, each.account.display) for each in made]
    table([N_("Name"), N_("Password"), N_("Who")], rows)


def _state(account: Any) -> str:
    if not account.is_active:
        return N_("disabled")
    return N_("active") if account.has_password else N_("no password yet")


def _office(register: str | None) -> Any:
    from layers.office import open_office

    return open_office(settings(register).office_address)


def _require_counties(profile: Any, register: str | None) -> None:
    """Raise where a register that is there has no division with a code; without a register any code may be right."""
    if profile.scope is None and not profile.side:
        return
    from layers import days
    from layers.access import LOCAL_EDITOR
    from layers.features import county_codes
    from layers.index import Index
    from layers.office.accounts import require_counties
    from layers.register import open_register

    try:
        with open_register(settings(register).register) as opened:
            known = county_codes(Index(opened), reader=LOCAL_EDITOR().reader, asof=days.today())
    except NotFound:
        return
    require_counties(profile, known)


def _print_link(office: Any, name: str, address: str) -> None:
    from layers.access import LOCAL_EDITOR
    from layers.office.invitations import password_link

    made = password_link(office, name, by=LOCAL_EDITOR().name)
    say(N_("Whoever opens this link once, within three days, sets the password of %(name)s:"), name=name)
    click.echo(f"  {address.rstrip('/')}/invitation/{made.token}")


def _word(text: str) -> str:
    return translated(text, language())
