"""What commands share: the reader's language, progress on a terminal, the option that names the register."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from gis.errors import N_
from web.language import translated
from web.settings import Settings

SEVERITIES = {"error": N_("error"), "warning": N_("warning"), "info": N_("information")}
"""What stands before a finding."""


def language() -> str:
    """The language of the terminal: ``DIJIE_LANGUAGE``, else the locale's; English where that is neither."""
    for name in ("DIJIE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def say(text: str, **params: object) -> None:
    """One line on standard output, in the reader's language."""
    click.echo(translated(text, language(), params))


def severity(name: str) -> str:
    """How grave a finding is, in the reader's language."""
    return translated(SEVERITIES.get(name, name), language())


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table under translated titles; a Chinese character is two columns wide."""
    lines = [[translated(title, language()) for title in head], *map(list, rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(head))]
    for line in lines:
        cells = (text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def settings(register: str | None) -> Settings:
    """The settings of the environment, with the register that the command names."""
    from dataclasses import replace

    found = Settings.from_environment(os.environ)
    found.use_name_tables()
    return replace(found, register=register) if register else found


def register_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--register PATH-OR-URL``."""
    return click.option(
        "--register",
        metavar="PATH-OR-URL",
        help="GeoPackage or PostgreSQL address of the register [default: $DIJIE_REGISTER, else data/dijie.gpkg].",
    )(command)


@contextmanager
def progress() -> Iterator[Callable[[float, str], None] | None]:
    """A progress bar on a terminal's standard error; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1000, file=sys.stderr, show_eta=False, item_show_func=_label, width=32) as bar:

        def step(done: float, what: str) -> None:
            bar.update(max(0, round(done * 1000) - bar.pos), what)

        yield step
        bar.update(1000 - bar.pos, "")


def _label(what: str | None) -> str:
    return translated(what or "", language())
