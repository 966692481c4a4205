"""Rules for stories: sources that can be shown, nothing published that has no text."""

from __future__ import annotations

from typing import Final

from gis.errors import N_
from layers.placenames.prose import MOST_CHARACTERS
from layers.records.context import Context
from layers.records.rules.table import Flaws, Rule, Table

_MOST: Final = 50
_SOURCES: Final = Rule(
    "bad-sources",
    "error",
    N_("The sources are no list of titles and addresses."),
    N_("Each source has a title of at most 300 characters and, if it has one, an address with http:// or https://."),
)
_LONG: Final = Rule("too-long", "error", N_("The text has more than %(most)s characters."), N_("Divide it."))
_UNSAID: Final = Rule(
    "story-without-source", "warning", N_("The story is published without a source."), N_("Say where it comes from.")
)


def of_story(table: Table, _context: Context) -> Flaws:
    """Sources written as such; a published story names one."""
    texts, states = table.objects("body"), table.objects("state")
    for row, value in enumerate(table.objects("sources").tolist()):
        if not _sound(value):
            yield _SOURCES.flaw(row, "sources", value)
        elif states[row] == "published" and not value:
            yield _UNSAID.flaw(row, "sources", None)
        if isinstance(texts[row], str) and len(texts[row]) > MOST_CHARACTERS:
            yield _LONG.flaw(row, "body", texts[row], most=MOST_CHARACTERS)


def _sound(value: object) -> bool:
    if value is None:
        return True
    if not isinstance(value, list) or len(value) > _MOST:
        return False
    for one in value:
        if not isinstance(one, dict) or set(one) - {"title", "url"}:
            return False
        title, url = one.get("title"), one.get("url") or ""
        if not isinstance(title, str) or not 0 < len(title.strip()) <= 300:
            return False
        if not isinstance(url, str) or len(url) > 500 or (url and not url.startswith(("http://", "https://"))):
            return False
    return True
