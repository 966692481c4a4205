"""The text of a story: a small part of Markdown, as HTML that can do no harm.

Paragraphs, headings, bold, italics, lists, quotations, links to the web and pictures of the story itself; everything
else, HTML above all, is text. CommonMark's own parser reads it (markdown-it-py, with HTML off).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

MOST_CHARACTERS: Final = 60_000
_PICTURE: Final = re.compile(r"/media/([0-9a-f]{64})")
_LINK: Final = re.compile(r"https?://[^\s/?#]+", re.IGNORECASE)
_HIGHEST: Final = 2
"""No heading is higher: the page's title is the first one."""


def as_html(text: str, *, pictures: Collection[str] = ()) -> str:
    """A text as HTML, to stand in a page as it is.

    Parameters
    ----------
    pictures
        SHA-256 of the pictures that may stand in it, written as ``![what it shows](/media/…)``; of another one its
        words stand alone.
    """
    env: dict[str, Any] = {"pictures": frozenset(pictures)}
    return str(_parser().render(text[:MOST_CHARACTERS], env))


def pictures_in(text: str) -> frozenset[str]:
    """The SHA-256 of the pictures that a text shows."""
    tokens = _parser().parse(text[:MOST_CHARACTERS], {})
    found = (
        _PICTURE.fullmatch(str(inner.attrs.get("src", "")))
        for token in tokens
        for inner in token.children or ()
        if inner.type == "image"
    )
    return frozenset(one[1] for one in found if one)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "linkify": False, "typographer": False, "breaks": True})
    parser.enable(["heading", "list", "blockquote", "emphasis", "link", "image", "newline", "escape", "entity"])
    parser.validateLink = lambda url: bool(_LINK.match(url) or _PICTURE.fullmatch(url))  # type: ignore[method-assign]
    for rule in (_heading_open, _heading_close, _link_open, _link_close, _image):
        parser.add_render_rule(rule.__name__.removeprefix("_"), rule)
    return parser


def _heading(tokens: Sequence[Token], at: int) -> str:
    return f"h{min(max(int(tokens[at].tag[1:]), _HIGHEST), 4)}"


def _heading_open(_self: RendererHTML, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
    return f"<{_heading(tokens, at)}>"


def _heading_close(_self: RendererHTML, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
    return f"</{_heading(tokens, at)}>\n"


def _link_open(_self: RendererHTML, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
    address = str(tokens[at].attrs.get("href", ""))
    if not _LINK.match(address):
        return "<span>"  # a picture's address is no link
    return f'<a href="{escapeHtml(address)}" rel="noopener noreferrer nofollow">'


def _link_close(_self: RendererHTML, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
    level = tokens[at].level
    opened = next(one for one in reversed(tokens[:at]) if one.type == "link_open" and one.level == level)
    return "</a>" if _LINK.match(str(opened.attrs.get("href", ""))) else "</span>"


def _image(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Mapping[str, Any]) -> str:
    token = tokens[at]
    words = escapeHtml(self.renderInlineAsText(token.children or [], options, env))  # type: ignore[arg-type]
    found = _PICTURE.fullmatch(str(token.attrs.get("src", "")))
    if found is None or found[1] not in env.get("pictures", ()):
        return words
    caption = f'<span class="story-caption">{words}</span>' if words else ""
    image = f'<img src="/media/{found[1]}?size=1280" alt="{words}" loading="lazy">'
    return f'<span class="story-picture">{image}{caption}</span>'
