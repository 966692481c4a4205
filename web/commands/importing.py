"""``dijie import``: a file into the register, looked at first, all of it or nothing."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from gis.errors import N_, Invalid
from web.commands.terminal import language, progress, register_option, say, settings, severity
from web.language import translated

_SUBJECTS = ("place-names", "facilities", "divisions", "population", "lines", "stakes")
_LISTED = 20


class BadPair(Invalid):
    """An option that should be two words with ``=`` between and is not."""

    code = "bad-pair"


class UnreadableMapping(Invalid):
    """A mapping file that is no JSON."""

    code = "unreadable-mapping"


@click.command("import")
@click.argument("subject", type=click.Choice(_SUBJECTS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@register_option
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option(
    "--map", "columns", multiple=True, metavar="HEADING=FIELD", help="Take a column for a field; empty: leave it out."
)
@click.option("--set", "constants", multiple=True, metavar="FIELD=VALUE", help="The same value for every row.")
@click.option("--value", "values", multiple=True, metavar="FIELD:TEXT=TEXT", help="Read one text as another.")
@click.option("--layer", help="Layer or sheet, where the file has several.")
@click.option("--encoding", help="Of the texts [default: found out].")
@click.option("--crs", type=int, help="EPSG code of the coordinates [default: found out].")
@click.option("--axes", type=click.Choice(["auto", "xy", "yx"]), help="Order of the coordinates.")
@click.option("--empty", type=click.Choice(["keep", "clear"]), help="What an empty cell does to a value that is there.")
@click.option(
    "--accept", multiple=True, metavar="RULE", help="A rule about the whole file that was looked at and is right."
)
@click.option("--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A saved mapping (JSON).")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write all findings to this .csv or .xlsx."
)
@click.option("--why", default="", help="The reason that stands in the change log.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def import_(
    context: click.Context, subject: str, file: Path, register: str | None, report: Path | None, form: str,
    why: str, *, dry_run: bool, **understanding: Any,
) -> None:  # fmt: skip
    """Bring a FILE into the register: CSV, XLSX, zipped shapefile or FileGDB, GeoPackage, GeoJSON, KML.

    Everything is checked first; if any row cannot be taken, nothing is written. The same file again changes nothing.

    Ends with 0 when it is imported or there was nothing to do, 1 when rows are refused.

    \b
    Examples:
      dijie import place-names names.xlsx --dry-run --report findings.xlsx
      dijie import facilities canteens.csv --set kind=canteen --map 详细地址=address
      dijie import lines lines.zip --crs 4549 --why "official lines of 2025"
    """
    from layers.access import LOCAL_EDITOR
    from layers.ingest.importing import plan_file
    from layers.ingest.reading import reading_begun

    mapping = _mapping(**understanding)
    editor = LOCAL_EDITOR()
    with ExitStack() as held:
        held.enter_context(_collecting_seldom())
        # the file is read in another process while this one loads the rest of the program
        begun = held.enter_context(reading_begun(file, layer=mapping.layer, encoding=mapping.encoding))
        from layers.register import open_register

        opened = held.enter_context(open_register(settings(register).register))
        step = held.enter_context(progress())
        plan = plan_file(opened, subject, file, mapping, editor=editor, begun=begun, progress=step)
        applied = None
        if not plan.blocked and not dry_run:
            from layers.ingest.apply import apply_plan

            applied = apply_plan(opened, plan, editor=editor, why=why or file.name, progress=_rest(step))
            plan = applied.plan
    if report is not None:
        from layers.ingest.report import write_report

        spoken = language()
        write_report(
            plan, report, language="zh" if spoken == "zh" else "en", translate=lambda text: translated(text, spoken)
        )
    batch = applied.batch if applied else None
    if form == "json":
        click.echo(json.dumps({**plan.summary(), "batch": batch, "findings": list(_plain(plan))}, ensure_ascii=False))
    else:
        _tell(plan, report, dry_run=dry_run)
    if plan.blocked:
        context.exit(1)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Look for cycles rarely: there are few, and a tenth of the time would be spent on looking."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _rest(step: Any) -> Any:
    """Progress of writing, which is the last quarter."""
    return None if step is None else lambda done, what: step(0.75 + done / 4, what)


def _mapping(
    columns: Iterable[str], constants: Iterable[str], values: Iterable[str], mapping: Path | None, **others: Any
) -> Any:
    from layers.ingest.model import FieldMapping

    given: dict[str, Any] = {}
    if mapping is not None:
        try:
            given = json.loads(mapping.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            raise UnreadableMapping(
                N_("The mapping %(path)s cannot be read: %(reason)s."),
                hint=N_("It is a JSON file that the page or this command has saved."),
                path=str(mapping),
                reason=str(error),
            ) from error
    found = FieldMapping.from_json(given).as_json()
    found["columns"] = {**found["columns"], **dict(_pair(one) for one in columns)}
    found["constants"] = {**found["constants"], **dict(_pair(one) for one in constants)}
    for one in values:
        target, new = _pair(one)
        name, colon, old = target.partition(":")
        if not colon:
            raise _bad(one)
        found["values"] = {**found["values"], name: {**found["values"].get(name, {}), old: new}}
    found["accept"] = [*found["accept"], *others.pop("accept")]
    return FieldMapping.from_json(found | {name: value for name, value in others.items() if value is not None})


def _pair(text: str) -> tuple[str, str]:
    left, equals, right = text.partition("=")
    if not equals or not left.strip():
        raise _bad(text)
    return left.strip(), right.strip()


def _bad(text: str) -> BadPair:
    return BadPair(
        N_("“%(text)s” is not written as it should be."),
        hint=N_("Write what stands in the help, with = between."),
        text=text,
    )


def _tell(plan: Any, report: Path | None, *, dry_run: bool) -> None:
    """What was recognised, found and done."""
    spoken = language()
    titles = _titles(plan)
    taken = ", ".join(
        heading if titles.get(target, target) == heading else f"{heading} → {titles.get(target, target)}"
        for heading, target in plan.recognised.targets.items()
    )
    say(N_("Columns: %(columns)s."), columns=taken or "-")
    left = (*plan.recognised.unknown, *plan.recognised.left)
    if left:
        say(N_("Not taken: %(columns)s."), columns=", ".join(left))
    for finding in (*plan.reading.findings, *plan.placement.assumed):
        click.echo(f"{severity(finding.severity)}: {translated(finding.template, spoken, finding.params)}", err=True)
    shown = 0
    for grave in ("error", "warning", "info"):
        for noted in plan.notes:
            if noted.finding.severity == grave and shown < _LISTED:
                shown += 1
                click.echo(_line(plan, noted, titles), err=True)
    more = len(plan.notes) - shown
    if more:
        say(
            N_("%(count)s more findings: %(where)s."),
            count=more,
            where=str(report) if report else "--report findings.xlsx",
        )
    counts = plan.counts
    say(N_("%(new)s new, %(changed)s changed, %(same)s the same, %(refused)s refused."), **counts)
    if plan.blocked:
        say(N_("Nothing was written."))
    elif plan.empty:
        say(N_("The register has all of it already; nothing changed."))
    elif dry_run:
        say(N_("This was a dry run; nothing was written."))
    else:
        say(N_("Imported."))


def _titles(plan: Any) -> dict[str, str]:
    """What the file's columns may be taken as, in the reader's language."""
    from layers.ingest.titles import titles

    spoken = language()
    return titles(plan.subject, "zh" if spoken == "zh" else "en", lambda text: translated(text, spoken))


def _line(plan: Any, noted: Any, titles: dict[str, str]) -> str:
    from layers.ingest.titles import in_words

    finding, spoken = noted.finding, language()
    params = in_words(finding.params, titles)
    number = plan.number(noted)
    where = plan.reading.file if number is None else f"{plan.reading.file}:{number}"
    heading = plan.heading(noted.field) or titles.get(noted.field, noted.field)
    text = translated(finding.template, spoken, params)
    advice = translated(finding.advice, spoken, params) if finding.advice else ""
    parts = [
        f"{severity(finding.severity)}: {where}",
        *([heading] if heading else []),
        f"{text} {advice}".strip(),
    ]
    return f"{': '.join(parts)} [{finding.rule}]"


def _plain(plan: Any) -> Iterable[dict[str, Any]]:
    from layers.ingest.titles import in_words

    titles = _titles(plan)
    for noted in plan.findings(per_rule=1000):
        finding = noted.finding
        params = in_words(finding.params, titles)
        yield {
            "row": plan.number(noted),
            "field": noted.field,
            "heading": plan.heading(noted.field),
            "rule": finding.rule,
            "severity": finding.severity,
            "value": noted.value,
            "message": translated(finding.template, language(), params),
            "advice": translated(finding.advice, language(), params) if finding.advice else "",
        }
