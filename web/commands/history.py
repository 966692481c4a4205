"""``dijie history`` and ``dijie undo``: what has changed, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gis.errors import N_
from web.commands.terminal import language, register_option, say, settings
from web.language import translated

if TYPE_CHECKING:
    from layers.history import Entry


@click.command()
@register_option
@click.option("--layer", default="", help="Only this layer, such as place-names.")
@click.option("--uuid", default="", help="Only this record.")
@click.option("--who", default="", help="Only by this person; - for other programs.")
@click.option("--day", default="", metavar="YYYY-MM-DD", help="Only on this day.")
@click.option("--batch", default=None, help="The single changes of what was done together.")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
def history(register: str | None, layer: str, uuid: str, who: str, day: str, batch: str | None, limit: int) -> None:
    """What has changed, the newest first: when, by whom, why, field by field.

    \b
    Examples:
      dijie history
      dijie history --layer facilities --day 2026-01-31
      dijie history --uuid 6e72ec5b-bde9-58a9-b727-4715bc2d6eff
    """
    from layers import days
    from layers.access import LOCAL_EDITOR
    from layers.history import Query, changes
    from layers.index import Index
    from layers.register import open_register

    query = Query(layer, uuid, who, days.parse_day(day) if day else None, batch, None, limit)
    with open_register(settings(register).register) as opened:
        page = changes(Index(opened), query, reader=LOCAL_EDITOR().reader)
    for entry in page.entries:
        _tell(entry)
    if not page.entries:
        say(N_("No changes here."))
    if page.following:
        say(N_("There are earlier ones; ask for more with --limit."))


def _tell(entry: Entry) -> None:
    from web.history.shown import OPERATIONS, distance_text, field_as_json, reason

    tongue = language()
    at = 0 if tongue == "zh" else 1
    operation = translated(OPERATIONS.get(entry.op, entry.op), tongue)
    by = entry.who or translated("by another program", tongue)
    words = [f"{entry.seq:>8}", entry.at.replace("T", " ")[:16] + "Z", by, operation]
    if entry.tallies:
        words += [f"{tally.count:,} {tally.title[at]}" for tally in entry.tallies] + [f"({entry.batch})"]
    else:
        words += [entry.title[at], entry.label, entry.uuid or ""]
    click.echo("  ".join(word for word in words if word) + (f"  “{why}”" if (why := reason(entry.why, tongue)) else ""))
    for change in entry.fields if entry.op == "update" else ():
        field = field_as_json(change, tongue)
        click.echo(f"{'':>10}{field['title']}: {field['before'] or '–'} → {field['after'] or '–'}")
    if entry.op == "update" and entry.moved is not None and entry.moved.distance_m is not None:
        distance = distance_text(entry.moved.distance_m)
        click.echo(f"{'':>10}{translated('Moved by %(distance)s', tongue, {'distance': distance})}")


@click.command()
@register_option
@click.argument("change")
@click.option("--why", default="", help="The reason, for the history.")
@click.option("--who", default="", help="Who does it [default: the system's user].")
def undo(register: str | None, change: str, why: str, who: str) -> None:
    """Take a change back as a new one: CHANGE is its number, or the id of what was done together.

    Nothing is done where a field has been changed again since.

    \b
    Examples:
      dijie undo 52013 --why "typed into the wrong record"
      dijie undo 5e21c1cd-32b2-422f-a5ab-e5825556ed70
    """
    from layers.access import LOCAL_EDITOR
    from layers.history import UndoConflict, undo, undo_batch
    from layers.index import Index
    from layers.register import open_register
    from web.history.shown import clash_as_json

    editor = LOCAL_EDITOR(who)
    with open_register(settings(register).register) as opened:
        index = Index(opened)
        try:
            if change.isdigit():
                done = undo(index, int(change), editor=editor, why=why)
            else:
                done = undo_batch(index, change, editor=editor, why=why)
        except UndoConflict as conflict:
            for clash in conflict.clashes:
                told = clash_as_json(clash, language())
                fields = "; ".join(f"{one['title']}: {one['before']} → {one['after']}" for one in told["fields"])
                click.echo(f"{told['label']}  {fields}".rstrip(), err=True)
            raise
    say(N_("Undone: %(count)s records."), count=f"{done.changes:,}")
    if done.closed:
        say(N_("%(count)s of them were closed by today's date: other records belong to them."), count=done.closed)
