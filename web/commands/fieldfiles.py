"""``dijie field-files``: what would be read of files from the field, without an office."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gis.errors import N_
from web.commands.terminal import language, register_option, say, settings, severity
from web.language import translated

if TYPE_CHECKING:
    from gis.findings import Finding
    from surveys.uploads import FieldFile


@click.group("field-files")
def field_files() -> None:
    """Files from the field: GPX, KML, GeoJSON, shapefile, GeoPackage, FileGDB, DXF, CASS, CSV, XLSX, photos."""


@field_files.command("read")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@register_option
@click.option("--without-register", is_flag=True, help="Do not judge by counties and stakes; no register is opened.")
@click.option("--crs", type=int, help="EPSG code of the coordinates [default: declared, else found out].")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def read(
    context: click.Context, files: tuple[Path, ...], register: str | None, crs: int | None, form: str,
    *, without_register: bool,
) -> None:  # fmt: skip
    """Read FILES and print what they hold and what is wrong with them. Nothing is kept.

    Ends with 0 when something was read of every file, 1 when a file is refused.

    \b
    Examples:
      dijie field-files read 20250501.gpx photos.zip
      dijie field-files read points.dat --crs 4549
      dijie field-files read track.kmz --format json > track.json
    """
    from surveys.uploads import read_field_file

    areas = stakes = None
    if not without_register:
        from layers.access import ADMINISTRATOR
        from layers.register import open_register
        from surveys.uploads.reference import reference

        with open_register(settings(register).register) as opened:
            areas, stakes = reference(opened, reader=ADMINISTRATOR)
    found = [read_field_file(path, areas=areas, stakes=stakes, crs=crs) for path in files]
    if form == "json":
        click.echo(json.dumps([one.as_json() for one in found], ensure_ascii=False))
    else:
        for one in found:
            _tell(one)
    if any(one.refused for one in found):
        context.exit(1)


def _tell(found: FieldFile) -> None:
    from web.surveys.shown import COUNTS, FORMATS

    spoken = language()
    counts = [f"{translated(COUNTS[key], spoken)} {count:,}" for key, count in found.counts.items() if count]
    click.echo(f"{found.name}: {' · '.join(counts) if counts else translated(N_('refused'), spoken)}")
    for member in found.members:
        system = f"EPSG:{member.epsg}" if member.epsg else member.crs or "-"
        parts = [FORMATS.get(member.format, member.format), member.layer, system, member.encoding]
        click.echo("  " + " · ".join(filter(None, [member.file if member.file != found.name else "", *parts])))
    for finding in (*found.findings, *found.assumed):
        _say(finding, spoken)
    if found.bounds is not None:
        west, south, east, north = found.bounds
        say(N_("  Within %(box)s (EPSG:4490)"), box=f"{west:.6f}, {south:.6f}, {east:.6f}, {north:.6f}")


def _say(finding: Finding, spoken: str) -> None:
    text = translated(finding.template, spoken, finding.params)
    advice = translated(finding.advice, spoken, finding.params)
    click.echo(f"  {severity(finding.severity)}: {finding.where}: {text}" + (f" {advice}" if advice else ""))
