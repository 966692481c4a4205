"""Help texts in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc

import click

from gis.errors import N_
from web.language import translated

_EXAMPLES = N_("Examples:")


def commands(root: click.Command) -> Iterator[click.Command]:
    """A command and all below it."""
    yield root
    if isinstance(root, click.Group):
        for command in root.commands.values():
            yield from commands(command)


def help_texts(root: click.Command) -> set[str]:
    """Every text in the help of a command and all below it, in English; examples are no text."""
    found: set[str] = set()
    for command in commands(root):
        found.update(text for text in map(_text, _paragraphs(command)) if text != _EXAMPLES)
        found.update(option.help for option in command.params if isinstance(option, click.Option) and option.help)
    return found | {_EXAMPLES}


def localize(root: click.Command, language: str) -> None:
    """Put the help of a command and all below it into a language; English stays as it is."""
    for command in commands(root):
        command.help = "\n\n".join(
            paragraph.replace(_text(paragraph), translated(_text(paragraph), language))
            for paragraph in _paragraphs(command)
        )
        for option in command.params:
            if isinstance(option, click.Option) and option.help:
                option.help = translated(option.help, language)


def _paragraphs(command: click.Command) -> list[str]:
    return cleandoc(command.help or "").split("\n\n") if command.help else []


def _text(paragraph: str) -> str:
    """What is to be translated of a paragraph: of examples their heading alone."""
    plain = paragraph.removeprefix("\b\n")  # click's mark for lines that stay as they are
    return _EXAMPLES if plain.startswith(_EXAMPLES) else plain
