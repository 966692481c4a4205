"""A line by what people call it: its code, its name, its short name, its permanent id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gis.errors import N_, NotFound
from layers.boundaries.checks.facts import LineFacts

_CALLED = ("code", "name", "short_name", "uuid")


class UnknownLine(NotFound):
    """A word that names no line, or not for this reader."""

    code = "unknown-line"


def lines_named(lines: Iterable[LineFacts], words: Sequence[str]) -> list[LineFacts]:
    """The lines that the words name, each once, in the order of the words; every line without any.

    Raises
    ------
    UnknownLine
    """
    known = list(lines)
    if not words:
        return known
    found: dict[str, LineFacts] = {}
    for word in words:
        named = [line for line in known if word in [line.state.get(name) for name in _CALLED]]
        if not named:
            raise UnknownLine(
                N_("There is no boundary line “%(word)s”."),
                hint=N_("Name it by its code, such as %(example)s, or by its name."),
                word=word[:60],
                example=next((str(line.state.get("code")) for line in known), "2481"),
            )
        found |= {line.uuid: line for line in named}
    return list(found.values())
