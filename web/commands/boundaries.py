"""``dijie boundaries``: the register of boundary lines and stakes, checked and written out."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gis.errors import N_
from web.commands.terminal import language, register_option, say, settings, severity, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.boundaries.checks import Found

_HEAD = (N_("Line"), N_("Severity"), N_("Rule"), N_("What is wrong"))


@click.group()
def boundaries() -> None:
    """Check boundary lines, stakes and tripoints, and write them out."""


@boundaries.command()
@register_option
@click.option(
    "--line", "lines", multiple=True, metavar="CODE", help="Only this line, by code or name; may be repeated."
)
@click.option("--rule", "rules", multiple=True, metavar="KEY", help="Only this rule; may be repeated [default: all].")
@click.option("--stake-off", type=click.FloatRange(min=0), metavar="METRES", help="So far a stake may be off its line.")
@click.option("--csv", "as_csv", is_flag=True, help="The list as CSV on standard output, and nothing else.")
@click.option("--all", "everything", is_flag=True, help="Records that are not public too.")
def check(
    register: str | None,
    lines: tuple[str, ...],
    rules: tuple[str, ...],
    stake_off: float | None,
    *,
    as_csv: bool,
    everything: bool,
) -> None:
    """Check lines, stakes and tripoints against one another and against the areas of the divisions.

    Nothing is changed. Ends with 1 where an error was found. The rules: docs/boundaries.md.

    \b
    Examples:
      dijie boundaries check
      dijie boundaries check --line 2481 --stake-off 5
      dijie boundaries check --rule stake-off-line --csv > off.csv
    """
    from dataclasses import replace

    from layers.access import ADMINISTRATOR, PUBLIC
    from layers.boundaries.checks import RULES, check_boundaries
    from layers.boundaries.checks.limits import limits_from_text
    from layers.boundaries.finding_lines import lines_named
    from layers.index import Index
    from layers.register import open_register
    from web.boundaries.words import advice, rule_title, sentence

    unknown = [rule for rule in rules if rule not in RULES]
    if unknown:
        raise click.BadParameter(f"{unknown[0]}: {', '.join(RULES)}", param_hint="--rule")
    found_settings = settings(register)
    limits = limits_from_text(found_settings.boundary_limits)
    if stake_off is not None:
        limits = replace(limits, stake_off_m=stake_off)
    with open_register(found_settings.register) as opened:
        index = Index(opened)
        reader = ADMINISTRATOR if everything else PUBLIC
        checked = check_boundaries(index, reader=reader, limits=limits)
        wanted = {one.uuid for one in lines_named(checked.facts.lines.values(), lines)}
    found = [one for one in checked.all() if one.line in wanted and (not rules or one.finding.rule in rules)]
    spoken = language()
    codes = {uuid: str(line.state.get("code") or "") for uuid, line in checked.facts.lines.items()}
    if as_csv:
        stream = io.StringIO()
        writer = csv.writer(stream)
        writer.writerow(["line", "severity", "rule", "record", "finding", "advice"])
        for one in found:
            row = (codes[one.line], one.finding.severity, one.finding.rule, one.uuid)
            writer.writerow([*row, sentence(one, spoken), advice(one, spoken)])
        click.echo(stream.getvalue(), nl=False)
    else:
        rows = [
            (
                codes[one.line],
                severity(one.finding.severity),
                rule_title(one.finding.rule, spoken),
                sentence(one, spoken),
            )
            for one in found
        ]
        if rows:
            table(_HEAD, rows)
        _sum_up(found, len(wanted))
    if any(one.finding.severity == "error" for one in found):
        raise SystemExit(1)


def _sum_up(found: Sequence[Found], lines: int) -> None:
    counted = {key: sum(one.finding.severity == key for one in found) for key in ("error", "warning", "info")}
    say(
        N_("%(lines)s lines: %(errors)s errors, %(warnings)s warnings, %(information)s pieces of information."),
        lines=lines, errors=counted["error"], warnings=counted["warning"], information=counted["info"],
    )  # fmt: skip


@boundaries.command()
@click.argument("line")
@register_option
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="The file [default: its own name]."
)
@click.option("--all", "everything", is_flag=True, help="Records that are not public too.")
def forms(line: str, register: str | None, output: Path | None, *, everything: bool) -> None:
    """Write the registration forms (界桩登记表) of all stakes of LINE, a code or a name, as DOCX.

    \b
    Examples:
      dijie boundaries forms 2481
      dijie boundaries forms 青州市—临朐县 -o forms.docx
    """
    from layers.access import ADMINISTRATOR, PUBLIC
    from layers.boundaries.checks import gather
    from layers.boundaries.finding_lines import lines_named
    from layers.boundaries.stake_form import forms_of_line
    from layers.index import Index
    from layers.register import open_register

    reader = ADMINISTRATOR if everything else PUBLIC
    with open_register(settings(register).register) as opened:
        index = Index(opened)
        (wanted, *_) = lines_named(gather(index, reader=reader).lines.values(), (line,))
        name, content = forms_of_line(index, wanted.uuid, reader=reader)
    target = output or Path(name)
    target.write_bytes(content)
    say(N_("%(path)s is written."), path=str(target))


@boundaries.command()
@click.argument("lines", nargs=-1, required=True)
@register_option
@click.option("--output", "-o", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The .zip file.")
@click.option("--crs", type=int, default=4490, show_default=True, help="EPSG code of the shapefiles.")
@click.option("--all", "everything", is_flag=True, help="Records that are not public too.")
def exchange(lines: tuple[str, ...], register: str | None, output: Path, crs: int, *, everything: bool) -> None:
    """Write LINES, codes or names, with stakes, documents and pictures as an exchange folder in one zip.

    Shapefiles in GB 18030, whole attributes as workbooks, pictures by stake, a manifest with hashes: in the spirit of
    MZ/T 149-2020 and 150-2020. `dijie import` reads it back.

    \b
    Examples:
      dijie boundaries exchange 2481 -o 2481.zip
      dijie boundaries exchange 2481 2425 --crs 4528 -o lines.zip
    """
    from layers import days
    from layers.access import ADMINISTRATOR, PUBLIC
    from layers.boundaries.checks import gather
    from layers.boundaries.exchange import write_exchange
    from layers.boundaries.finding_lines import lines_named
    from layers.index import Index
    from layers.placenames.media import MediaStore
    from layers.provenance import about
    from layers.register import open_register

    reader = ADMINISTRATOR if everything else PUBLIC
    found = settings(register)
    with open_register(found.register) as opened:
        index = Index(opened)
        wanted = [one.uuid for one in lines_named(gather(index, reader=reader).lines.values(), lines)]
        done = write_exchange(
            index, output, lines=wanted, reader=reader, about=about(index, day=days.today(), language="zh"),
            store=MediaStore.of(found.files_folder), crs=crs,
        )  # fmt: skip
    for finding in done.findings:
        say(finding.template, **finding.params)
    say(
        N_("%(path)s is written: %(lines)s lines, %(stakes)s stakes, %(media)s pictures and sounds."),
        path=str(output), lines=done.lines, stakes=done.stakes, media=done.media,
    )  # fmt: skip


@boundaries.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@register_option
@click.option("--why", default="", help="The reason, for the change log.")
def media(file: Path, register: str | None, why: str) -> None:
    """Take the pictures and sounds of an exchange folder, FILE, each to its line or stake and none twice.

    Lines and stakes themselves come by `dijie import lines FILE --layer JX` and `dijie import stakes FILE --layer JZ`.

    \b
    Examples:
      dijie boundaries media 2481.zip
    """
    from layers.access import LOCAL_EDITOR
    from layers.boundaries.receiving import receive_media
    from layers.index import Index
    from layers.placenames.media import MediaStore
    from layers.register import open_register

    found = settings(register)
    with open_register(found.register) as opened:
        store = MediaStore.of(found.files_folder)
        done = receive_media(Index(opened), store, file, editor=LOCAL_EDITOR(), why=why)
    for finding in done.findings:
        say(finding.template, **finding.params)
    say(
        N_("%(added)s pictures and sounds were added, %(there)s were there already, %(left)s were left out."),
        added=done.added, there=done.there, left=len(done.findings),
    )  # fmt: skip
