"""What commands share: the reader's language, progress on a terminal, the option that names the register."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from web.language import translated
from web.settings import Settings


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


def settings(register: str | None) -> Settings:
    """The settings of the environment, with the register that the command names."""
    from dataclasses import replace

    found = Settings.from_environment(os.environ)
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
