"""``dijie procedures``: applications about place names, and what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from gis.errors import N_
from web.commands.terminal import language, register_option, say, settings, severity, table

if TYPE_CHECKING:
    from layers.office.application_lists import Asked
    from layers.office.applications import Application
    from layers.placenames.procedures.desk import Desk

_HEAD = (N_("Number"), N_("Procedure"), N_("State"), N_("Name"), N_("Due"), N_("Application"))


@click.group()
def procedures() -> None:
    """Look at applications about place names and at what is due; they are worked on in the browser."""


@procedures.command("list")
@register_option
@click.option("--state", default="", help="Only in this state, such as pending.")
@click.option("--kind", default="", help="Only of this kind, such as rename.")
@click.option("--county", default="", help="Only of this county (six digits).")
@click.option("--text", default="", help="Only with this in the number or the name.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
def list_applications(register: str | None, state: str, kind: str, county: str, text: str, limit: int) -> None:
    """The newest applications, one a line.

    \b
    Examples:
      dijie procedures list --state pending
      dijie procedures list --county 370703 --kind rename
    """
    from layers.office.application_lists import Asked

    _tell(register, Asked(states=(state,) if state else (), kind=kind, county=county, text=text, limit=limit))


@procedures.command()
@register_option
@click.option("--late", is_flag=True, help="Only what is overdue.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
def due(register: str | None, late: bool, limit: int) -> None:
    """Filings and announcements that are due, the most urgent first. Ends with 1 where something is overdue.

    \b
    Examples:
      dijie procedures due
      dijie procedures due --late
    """
    from layers import days
    from layers.office.application_lists import Asked

    today = days.today().isoformat()
    found = _tell(register, Asked(due=True, due_before=today if late else "", limit=limit))
    if any((one.file_due or one.announce_due or today) < today for one in found):
        raise SystemExit(1)


@procedures.command()
@click.argument("number")
@register_option
def show(number: str, register: str | None) -> None:
    """Everything about an application: NUMBER is its number or its id.

    \b
    Examples:
      dijie procedures show 2026-370703-0001
    """
    from layers.access import LOCAL_EDITOR
    from layers.placenames.procedures import handling
    from layers.placenames.procedures.judging import judged
    from web.procedures.shown import application_as_json

    desk, editor = _desk(register), LOCAL_EDITOR()
    found = handling.find(desk, _uuid_of(desk, number), editor=editor)
    ended = found.state in ("approved", "cancelled")
    judgement = None if ended else judged(desk.index, desk.office, found, editor=editor)
    shown = application_as_json(desk, found, judgement, editor=editor, language=language())
    click.echo("  ".join((shown["number"], shown["kind_title"], shown["state_title"], shown["name"], shown["where"])))
    for value in shown["values"]:
        click.echo(f"  {value['title']}: {value['text']}")
    for finding in shown["findings"]:
        click.echo(f"  {severity(finding['severity'])}: {finding['message']} {finding['advice']}")
    for step in shown["steps"]:
        words = (step["at"], step["who"], step["title"], step["state_title"], step["detail"], step["remark"])
        click.echo("  " + "  ".join(word for word in words if word))


def _tell(register: str | None, asked: Asked) -> list[Application]:
    from layers.access import LOCAL_EDITOR
    from layers.placenames.procedures import handling
    from layers.placenames.procedures.kinds import kind_named
    from layers.placenames.procedures.lifecycle import STATES
    from web.procedures.shown import due_as_json, pair

    desk = _desk(register)
    found, count = handling.listed(desk, asked, editor=LOCAL_EDITOR())
    if not found:
        say(N_("There are no such applications."))
        return found
    tongue = language()
    rows: list[Any] = []
    for one in found:
        waits = due_as_json(one, tongue)
        name = f"{one.name_before} → {one.name}" if one.kind == "rename" else one.name
        state = pair(STATES[one.state], tongue)
        rows.append(
            (one.number, kind_named(one.kind).title(tongue), state, name, waits["text"] if waits else "", one.uuid)
        )
    table(_HEAD, rows)
    if count > len(found):
        say(N_("There are %(count)s in all; ask for more with --limit."), count=f"{count:,}")
    return found


def _desk(register: str | None) -> Desk:
    from layers.index import Index
    from layers.office import open_office
    from layers.placenames.procedures.deadlines import Deadlines
    from layers.placenames.procedures.desk import Desk
    from layers.register import open_register

    found = settings(register)
    deadlines = Deadlines({"file": found.filing_days, "announce": found.announcing_days})
    return Desk(Index(open_register(found.register)), open_office(found.office_address), deadlines)


def _uuid_of(desk: Desk, number: str) -> str:
    """The id of an application by its number; anything else is taken as the id itself."""
    from layers.access import LOCAL_EDITOR
    from layers.office.application_lists import Asked
    from layers.placenames.procedures import handling

    found, _ = handling.listed(desk, Asked(text=number, limit=100), editor=LOCAL_EDITOR())
    return next((one.uuid for one in found if one.number == number), number)
