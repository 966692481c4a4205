"""``dijie formbook``: the registration form as a workbook, out and back."""

from __future__ import annotations

import json
from pathlib import Path

import click

from gis.errors import N_
from web.commands.terminal import language, progress, register_option, say, settings
from web.language import translated

_LISTED = 40


@click.group()
def formbook() -> None:
    """Take place names along as the registration form, and merge what was worked on."""


@formbook.command("export")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@register_option
@click.option("--county", default="", help="Only this county's code.")
@click.option("--town", default="", help="Only this town's code.")
@click.option("--class", "classes", multiple=True, help="Only this major class; may be repeated.")
def export(target: Path, register: str | None, county: str, town: str, classes: tuple[str, ...]) -> None:
    """Write the registration form of what is filtered to the workbook TARGET (.xlsx).

    \b
    Example:
      dijie formbook export qingzhou.xlsx --county 370781
    """
    from layers import days
    from layers.access import ADMINISTRATOR
    from layers.filters import Filters
    from layers.index import Index
    from layers.placenames.formbook import write_book
    from layers.provenance import about
    from layers.register import open_register

    spoken = language()
    filters = Filters(classes=classes, county=county, town=town)
    with open_register(settings(register).register) as opened, progress() as step:
        index = Index(opened)
        described = about(
            index,
            day=days.today(),
            filters=filters.described(),
            language="zh" if spoken == "zh" else "en",
            translate=lambda text: translated(text, spoken),
        )
        written = write_book(index, target, reader=ADMINISTRATOR, filters=filters, about=described, progress=step)
    say(N_("%(path)s: %(count)s place names."), path=str(target), count=f"{written.count:,}")


@formbook.command("merge")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@register_option
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option(
    "--take", type=click.Choice(["mine", "theirs"]), help="What stands where file and register have both changed."
)
@click.option("--why", default="", help="The reason that stands in the change log.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def merge(
    context: click.Context, file: Path, register: str | None, take: str | None, why: str, form: str, *, dry_run: bool
) -> None:
    """Compare the worked-on workbook FILE with the register and write what was changed, all of it or nothing.

    Ends with 0 when it is written or there was nothing to do, 1 where somebody has to choose (see --take).

    \b
    Example:
      dijie formbook merge qingzhou.xlsx --dry-run
    """
    from layers.access import LOCAL_EDITOR
    from layers.index import Index
    from layers.ingest.reading import read_isolated
    from layers.placenames.formbook import apply_merge, merge_book
    from layers.placenames.formbook.exporting import SHEET
    from layers.register import open_register
    from web.formbook.work import described_merge

    editor = LOCAL_EDITOR()
    with open_register(settings(register).register) as opened:
        found = merge_book(Index(opened), read_isolated(file, layer=SHEET), reader=editor.reader)
        batch = None
        open_ = bool(found.clashes) and take is None
        if not dry_run and not open_:
            choice = "mine" if take == "mine" else "theirs"
            batch = apply_merge(opened, found, {}, editor=editor, default=choice, why=why or file.name).batch
    told = described_merge(found, None)
    if form == "json":
        click.echo(json.dumps({**told, "batch": batch}, ensure_ascii=False))
    else:
        _tell(told, batch)
    if open_:
        context.exit(1)


def _tell(told: dict[str, object], batch: str | None) -> None:
    counted = told["counted"]
    assert isinstance(counted, dict)
    say(
        N_("%(rows)s rows: %(differences)s values changed, %(clashes)s to choose, %(fresh)s new, %(kept)s kept."),
        rows=told["rows"],
        **counted,
    )
    if counted["missing"]:
        say(N_("%(missing)s names that were taken along are no longer in the file; they stay."), **counted)
    for one in list(told["differences"])[:_LISTED]:  # type: ignore[call-overload]
        click.echo(f"  {one['row']} {one['label']} · {one['title']}: {one['before'] or '-'} → {one['after'] or '-'}")
    for one in list(told["clashes"])[:_LISTED]:  # type: ignore[call-overload]
        mine, theirs = one["mine"] or "-", one["theirs"] or "-"
        click.echo(f"! {one['row']} {one['label']} · {one['title']}: {one['base'] or '-'} → {mine} | {theirs}")
    if batch is not None:
        say(N_("Written as one change: %(batch)s."), batch=batch)
