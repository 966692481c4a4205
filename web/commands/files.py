"""``dijie export`` and ``dijie coverage``: files and tables without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gis.errors import N_, Invalid
from web.commands.terminal import language, progress, register_option, say, settings, severity
from web.language import translated


class UnknownEnding(Invalid):
    """A file name whose ending does not say which kind of file to write."""

    code = "unknown-ending"


def _index(register: str | None) -> Any:
    from layers.index import Index
    from layers.register import open_register

    return Index(open_register(settings(register).register))


def _about(index: Any, day: Any, **more: Any) -> Any:
    from layers.provenance import about

    spoken = language()
    return about(
        index,
        day=day,
        language="zh" if spoken == "zh" else "en",
        translate=lambda text: translated(text, spoken),
        **more,
    )


def _day(text: str | None) -> Any:
    from layers import days

    return days.parse_day(text) if text else None


@click.command()
@click.argument("layer")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@register_option
@click.option(
    "--format", "form", type=click.Choice(["shp", "gpkg", "geojson"]), help="Default: by the target's ending."
)
@click.option("--crs", type=int, default=4490, show_default=True, help="4490, 4326, 4528, 4549, 4527 or 4548.")
@click.option("--encoding", type=click.Choice(["utf-8", "gb18030"]), default="utf-8", show_default=True)
@click.option("--class", "classes", multiple=True, help="Only this class or kind; may be repeated.")
@click.option("--county", default="", help="Only this county's code.")
@click.option("--town", default="", help="Only this town's code.")
@click.option("--bbox", help="Only within west,south,east,north in degrees.")
@click.option("--asof", help="As at the end of this day, YYYY-MM-DD [default: today].")
def export(
    layer: str,
    target: Path,
    register: str | None,
    form: str | None,
    crs: int,
    encoding: str,
    classes: tuple[str, ...],
    county: str,
    town: str,
    bbox: str | None,
    asof: str | None,
) -> None:
    """Write a LAYER, whole or filtered, to the file TARGET (.zip with a shapefile, .gpkg or .geojson).

    \b
    Examples:
      dijie export place-names names.zip --encoding gb18030
      dijie export facilities canteens.gpkg --class canteen --asof 2022-12-31
      dijie export boundary-lines lines.zip --crs 4549 --class batch-2022
    """
    from layers.access import PUBLIC
    from layers.catalogue import layer_named
    from layers.export import export_layer
    from layers.features import frame
    from layers.filters import Filters, parse_bbox
    from layers.placenames.exported import with_names

    entry = layer_named(layer)
    filters = Filters(
        asof=_day(asof), classes=classes, county=county, town=town, bbox=parse_bbox(bbox) if bbox else None
    )
    chosen = form or {".gpkg": "gpkg", ".geojson": "geojson", ".json": "geojson"}.get(target.suffix.lower(), "shp")
    index = _index(register)
    records, seq = frame(index, layer, reader=PUBLIC, filters=filters)
    records = with_names(index, entry, records, reader=PUBLIC)
    with progress() as step:
        result = export_layer(
            records,
            entry,
            format=chosen,
            crs=crs,
            encoding=encoding,
            target=target,
            about=_about(index, filters.day, seq=seq, filters=filters.described()),
            progress=step,
        )
    for finding in result.findings:
        text = translated(finding.template, language(), finding.params)
        click.echo(f"{severity(finding.severity)}: {finding.where}: {text}", err=True)
    say(N_("%(path)s: %(count)s features."), path=str(result.path), count=result.count)


@click.command()
@click.option("--kinds", required=True, help="Facility kinds, with commas: day_care,canteen.")
@click.option("--distance", type=float, required=True, help="Reach in metres.")
@click.option(
    "--weight",
    default="population",
    show_default=True,
    help="population, aged_60, aged_65, aged_80 or villages.",
)
@click.option("--asof", help="As at the end of this day, YYYY-MM-DD [default: today].")
@click.option("--by", type=click.Choice(["county", "town"]), default="county", show_default=True)
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="An .xlsx or .zip to write.")
@register_option
def coverage(
    kinds: str, distance: float, weight: str, asof: str | None, by: str, output: Path | None, register: str | None
) -> None:
    """Who has one of these facilities within reach?

    Prints a table with tabs between; with --output writes a workbook (.xlsx) or shapefiles (.zip) instead.

    \b
    Examples:
      dijie coverage --kinds day_care,canteen --distance 500 --weight aged_60
      dijie coverage --kinds social_work --distance 3000 --by town -o stations.xlsx
    """
    from layers import coverage as asked
    from layers.access import PUBLIC
    from layers.export.coverage import coverage_shapefile, coverage_workbook

    words = tuple(word.strip() for word in kinds.split(",") if word.strip())
    question = asked.Question(words, distance, weight, _day(asof))
    if output is not None and output.suffix.lower() not in (".xlsx", ".zip"):
        raise UnknownEnding(N_("“%(path)s” must end with .xlsx or .zip."), path=str(output))
    index = _index(register)
    result = asked.answer(index, question, reader=PUBLIC)
    if output is not None:
        about = _about(index, question.day)
        if output.suffix.lower() == ".xlsx":
            coverage_workbook(result, output, about=about)
        else:
            result = asked.with_outline(index, result, question, reader=PUBLIC)
            coverage_shapefile(result, output, about=about)
        say(N_("%(path)s is written."), path=str(output))
        return
    table = result.counties if by == "county" else result.towns
    click.echo("code\tname\tweight\tcovered\tshare\tvillages\tvillages_covered")
    for row in table.to_dict("records"):
        share = "" if row["share"] is None or row["share"] != row["share"] else f"{row['share']:.4f}"
        click.echo(
            f"{row['code']}\t{row['name']}\t{row['weight']:.0f}\t{row['covered']:.0f}\t{share}"
            f"\t{row['villages']}\t{row['villages_covered']}"
        )
