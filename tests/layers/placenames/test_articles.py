"""Stories: who sees drafts, what is listed and found, a text that can do no harm, sources that are some."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers import days
from layers.access import ADMINISTRATOR, LOCAL_EDITOR, PUBLIC, Editor, Reader
from layers.editing import Draft, EditConflict, Refused, add, change
from layers.features import UnknownFeature, feature
from layers.history import undo
from layers.placenames.articles import stories, story, themes
from layers.placenames.prose import as_html, pictures_in
from layers.search import Search
from tests.layers.history.conftest import Small

ADMIN = LOCAL_EDITOR("admin")
CLERK = Editor("clerk", Reader(frozenset({"clerk"})))
HERE = shapely.Point(118.5, 36.6)
SHA = "a" * 64


def put(small: Small, title: str, *, editor: Editor = CLERK, **values: Any) -> str:
    given_ = {"title": title, "body": "正文", **values}
    return add(small.index, "stories", Draft(given_, HERE), editor=editor).uuid


def test_a_draft_is_for_those_who_write_until_it_is_published(small: Small) -> None:
    uuid = put(small, "云门山的故事", theme="nature", place_uuid=small.ids["place"])
    row = small.row("article", uuid)
    assert (row["state"], row["county_code"], row["published_on"]) == ("draft", "370781", None)
    with pytest.raises(UnknownFeature):
        story(small.index, uuid, reader=PUBLIC)
    with pytest.raises(UnknownFeature):
        feature(small.index, "stories", uuid, reader=PUBLIC)
    assert stories(small.index, reader=PUBLIC).total == 0
    assert not small.index.layer("stories").seen(reader=PUBLIC, asof=days.today()).any()
    assert Search(small.index).find("云门山的故事", reader=PUBLIC, asof=days.today())[1] == 0
    assert not story(small.index, uuid, reader=CLERK.reader).line.published
    other = Reader(frozenset({"clerk"}), frozenset({"370724"}))
    assert stories(small.index, reader=other).total == 0
    published = {"state": "published", "sources": [{"title": "示例"}]}
    saved = change(small.index, "stories", uuid, Draft(published, version=1), editor=CLERK)
    assert small.row("article", uuid)["published_on"] == days.today().isoformat()
    shown = story(small.index, uuid, reader=PUBLIC)
    assert (shown.line.title, shown.line.place, shown.line.county) == ("云门山的故事", "云门山", "青州市")
    assert [one.title for one in shown.sources] == ["示例"]
    assert Search(small.index).find("云门山的故事", reader=PUBLIC, asof=days.today())[1] == 1
    undo(small.index, saved.seq or 0, editor=CLERK)
    assert stories(small.index, reader=PUBLIC).total == 0


def test_listed_by_theme_county_place_and_words(small: Small) -> None:
    first = put(small, "甲故事", theme="red", body="山上的石刻", state="published", place_uuid=small.ids["place"])
    second = put(small, "乙故事", theme="people", county_code="370724", summary="石刻", state="published")
    put(small, "丙草稿", theme="red")
    every = stories(small.index, reader=PUBLIC)
    assert {line.uuid for line in every.lines} == {first, second}
    assert every.themes == {"red": 1, "people": 1}
    assert every.counties == {"370781": 1, "370724": 1}
    asked = {
        (): {first, second}, (("theme", "red"),): {first}, (("county", "370724"),): {second},
        (("place", small.ids["place"]),): {first}, (("words", "石刻"),): {first, second},
        (("words", "石刻 山上"),): {first}, (("words", "yigushi"),): {second}, (("words", "没有的"),): set(),
        (("page", 99),): {first, second},
    }  # fmt: skip
    for query, wanted in asked.items():
        found = stories(small.index, reader=PUBLIC, **dict(query))
        assert {line.uuid for line in found.lines} == wanted, query
    assert stories(small.index, reader=ADMINISTRATOR).total == 3
    assert {"red", "history"} <= {theme.key for theme in themes()}


def test_the_place_of_a_story_is_not_told_to_who_may_not_see_it(small: Small) -> None:
    uuid = put(small, "密故事", place_uuid=small.ids["secret"], state="published", editor=ADMIN)
    assert story(small.index, uuid, reader=PUBLIC).line.place == ""
    assert story(small.index, uuid, reader=ADMINISTRATOR).line.place == "秘密地"


@pytest.mark.parametrize(
    "sources", ["x", [1], [{"title": ""}], [{"title": "a", "url": "javascript:alert(1)"}], [{"title": "a", "more": 1}]]
)
def test_sources_that_are_none_are_refused(small: Small, sources: Any) -> None:
    with pytest.raises(Refused) as caught:
        put(small, "题", sources=sources)
    assert {note.field for note in caught.value.notes if note.finding.severity == "error"} == {"sources"}


def test_two_writers_see_one_another(small: Small) -> None:
    uuid = put(small, "题")
    change(small.index, "stories", uuid, Draft({"body": "甲"}, version=1), editor=CLERK)
    with pytest.raises(EditConflict):
        change(small.index, "stories", uuid, Draft({"body": "乙"}, version=1), editor=ADMIN)


_PLAIN = ("p", "br", "strong", "em", "ul", "li", "blockquote", "h2", "h3", "h4")
ALLOWED = dict.fromkeys(_PLAIN, frozenset[str]()) | {
    "ol": frozenset({"start"}), "a": frozenset({"href", "rel"}), "span": frozenset({"class"}),
    "img": frozenset({"src", "alt", "loading"}),
}  # fmt: skip


class Looking(HTMLParser):
    """Complains of everything that a story's text may not hold."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, tag
        for name, value in attrs:
            assert name in ALLOWED[tag], (tag, name)
            if name == "href":
                assert str(value).lower().startswith(("http://", "https://")), value
            if name == "src":
                assert value == f"/media/{SHA}?size=1280"


HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))", "[a](data:text/html,x)", "![a](javascript:alert(1))",
    "![a](https://evil.example/x.png)", f"![a](/media/{'b' * 64})", '[a](https://x.y "onmouseover=1")',
    "[a](https://x.y/\"onclick=\"alert(1))", "[a]: javascript:alert(1)\n\n[a]", "<https://x.y>",
    "<javascript:alert(1)>", "&#60;script&#62;", "`<b>`", "```\n<b>\n```", "[a](//evil)", "[a](/sign-out)",
    f"[![x](/media/{SHA})](javascript:1)", f"![\" onerror=\"x](/media/{SHA})", "# <svg/onload=1>", "> <iframe>",
    "- <b>",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_harmful_comes_through(text: str) -> None:
    Looking().feed(as_html(text, pictures=[SHA]))


@given(st.lists(st.sampled_from([*HOSTILE, "**", "\n\n", "](", "](https://a.b)", "![", "<", '"', f"/media/{SHA})"])))
def test_nothing_harmful_comes_through_however_it_is_mixed(parts: list[str]) -> None:
    Looking().feed(as_html("".join(parts), pictures=[SHA]))


def test_what_is_meant_is_shown() -> None:
    text = f"# 题\n\n一 **粗** *斜*\n\n- 甲\n- 乙\n\n![图](/media/{SHA})\n\n[页](https://a.b/c)"
    found = as_html(text, pictures=[SHA])
    for part in ("<h2>题</h2>", "<strong>粗</strong>", "<em>斜</em>", "<li>乙</li>", f'src="/media/{SHA}?size=1280"'):
        assert part in found
    assert '<a href="https://a.b/c" rel="noopener noreferrer nofollow">页</a>' in found
    assert pictures_in(f"![图](/media/{SHA}) ![x](https://e/x.png)") == {SHA}
