"""``dijie geocode``: a table of addresses gets coordinates, from the register alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from gis.errors import N_, Invalid
from web.commands.terminal import language, progress, register_option, say, settings, severity
from web.language import translated

_LISTED = 20
_PATIENCE_S = 2.0
"""What takes longer than this shows how far it has come."""


class UnknownDivision(Invalid):
    """A code that no division of the register has."""

    code = "unknown-division"


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@register_option
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path),
    help="What to write: .xlsx, .csv, .geojson or .gpkg [default: beside FILE].",
)  # fmt: skip
@click.option("--column", default="", metavar="HEADING", help="The column of addresses [default: found out].")
@click.option("--county", default="", metavar="CODE", help="All of them lie in this county or town.")
@click.option("--layer", help="Layer or sheet, where the file has several.")
@click.option("--encoding", help="Of the texts [default: found out].")
@click.option(
    "--format", "form", type=click.Choice(["xlsx", "csv", "geojson", "gpkg"]), help="Default: by the output's ending."
)
def geocode(
    file: Path, register: str | None, output: Path | None, column: str, county: str, layer: str | None,
    encoding: str | None, form: str | None,
) -> None:  # fmt: skip
    """Find the places of a FILE of addresses (XLSX, CSV) by the register's own names, offline.

    Every column stays; longitude, latitude, accuracy, matched name, division, score, alternatives and what is to be
    looked at stand behind them. Nothing is written into the register.

    \b
    Examples:
      dijie geocode canteens.xlsx
      dijie geocode list.csv -o points.gpkg --column 详细地址 --county 370781
    """
    from layers.geocoding.tables import form_of
    from layers.ingest.reading import reading_begun

    target = output or file.with_name(f"{file.stem}-geocoded.{form or _ending(file)}")
    chosen = form or form_of(target)
    began = time.perf_counter()
    with ExitStack() as held:
        # the file is read in another process while this one loads the names
        begun = held.enter_context(reading_begun(file, layer=layer, encoding=encoding))
        step = held.enter_context(_late_progress(began))
        from layers.geocoding import geocode as find
        from layers.geocoding.tables import address_column, texts_of, write_table

        index, book = _book(register)
        _require_division(book, county)
        reading = begun()
        heading = address_column([str(name) for name in reading.frame.columns], file=file.name, asked=column)
        step(0.1)
        found = find(texts_of(reading.frame[heading]), book=book, within=county,
                     progress=lambda done: step(0.1 + 0.8 * done))  # fmt: skip
        step(0.9)
        write_table(reading.frame, found, target, about=_about(index), form=chosen)
        step(1.0)
    _tell(found, reading, heading)
    say(N_("%(path)s is written."), path=str(target))


def _ending(file: Path) -> str:
    return "csv" if file.suffix.lower() in (".csv", ".txt", ".tsv") else "xlsx"


def _book(register: str | None) -> tuple[Any, Any]:
    from layers.access import PUBLIC
    from layers.geocoding import AddressBook
    from layers.index import Index
    from layers.register import open_register

    opened = open_register(settings(register).register)
    # one question alone: the layers need not be held in memory
    return Index(opened), AddressBook.of(opened, reader=PUBLIC)


def _about(index: Any) -> Any:
    from layers import days
    from layers.provenance import about

    spoken = language()
    return about(
        index, day=days.today(), language="zh" if spoken == "zh" else "en",
        translate=lambda text: translated(text, spoken),
    )  # fmt: skip


def _require_division(book: Any, code: str) -> None:
    if code and code not in book.divisions:
        raise UnknownDivision(
            N_("The register has no division %(code)s."),
            hint=N_("Give the code of a county (six digits) or a town (nine)."),
            code=code,
        )


@contextmanager
def _late_progress(began: float) -> Iterator[Callable[[float], None]]:
    """A progress bar that appears only when it takes long."""
    with ExitStack() as held:
        bars: list[Any] = []

        def step(done: float) -> None:
            if not bars and done < 1 and time.perf_counter() - began > _PATIENCE_S:
                bars.append(held.enter_context(progress()))
            if bars and bars[0] is not None:
                bars[0](done, N_("Finding addresses"))

        yield step


def _tell(found: Any, reading: Any, heading: str) -> None:
    """What was found, by accuracy; and of the doubtful the first few, by row."""
    from layers.geocoding import ACCURACY_TITLES

    spoken = language()
    shown = 0
    for row, answer in enumerate(found):
        for finding in answer.findings:
            if finding.severity == "warning" and shown < _LISTED:
                shown += 1
                text = translated(finding.template, spoken, finding.params)
                where = f"{reading.file}:{reading.rows[row]}"
                click.echo(f"{severity(finding.severity)}: {where}: {heading}: {text} [{finding.rule}]", err=True)
    more = sum(finding.severity == "warning" for answer in found for finding in answer.findings) - shown
    if more > 0:
        click.echo(translated(N_("%(count)s more are in the file."), spoken, {"count": f"{more:,}"}), err=True)
    parts = [f"{translated(ACCURACY_TITLES[key], spoken)} {count:,}" for key, count in found.counts().items()]
    separator = "，" if spoken == "zh" else ", "
    say(
        N_("%(column)s: %(count)s rows: %(parts)s; %(doubtful)s to look at."),
        column=heading, count=f"{len(found):,}", parts=separator.join(parts), doubtful=f"{int(found.doubtful.sum()):,}",
    )  # fmt: skip
