"""Texts as bytes: cut between characters, short names that differ, encodings that every reader gets right."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.vectorfile import UnknownEncoding, cut_text, require_encoding, shorten_names
from gis.vectorfile.text import altered, encode, encode_all

ENCODINGS = ("utf-8", "gb18030")

# Common characters, an apostrophe, Extension B, an emoji, what GB 18030 writes with four bytes or moved in 2022.
CHARACTERS = st.one_of(
    st.characters(codec="utf-8", exclude_characters="\0"),
    st.sampled_from("潍坊临朐鄌郚āǖḿ'𠀀𠮷𪚥😀龴龻︐\u0301"),
)
TEXTS = st.text(CHARACTERS, max_size=300)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=TEXTS, limit=st.integers(0, 254))
def test_a_cut_text_is_the_longest_beginning_that_fits(encoding: str, text: str, limit: int) -> None:
    kept = cut_text(text, encoding, limit)
    assert text.startswith(kept)
    assert len(encode(kept, encoding)) <= limit
    if kept != text:
        assert len(encode(text[: len(kept) + 1], encoding)) > limit


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(texts=st.lists(TEXTS, max_size=8))
def test_texts_encoded_together_are_those_encoded_alone(encoding: str, texts: list[str]) -> None:
    assert encode_all(texts, encoding) == [encode(text, encoding) for text in texts]


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(names=st.lists(st.text(CHARACTERS, min_size=1, max_size=20), unique=True, max_size=30))
def test_short_names_differ_without_regard_to_case_and_fit(encoding: str, names: list[str]) -> None:
    short = shorten_names(names, encoding)
    assert list(short) == names
    assert all(0 < len(encode(name, encoding)) <= 10 for name in short.values())
    assert len({name.casefold() for name in short.values()}) == len(names)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_names_that_fit_stay_and_collisions_are_numbered(encoding: str) -> None:
    names = ["registered_at", "registered_by", "registered_unit", "NAME", "name", "registere1"]
    assert shorten_names(names, encoding) == {
        "registered_at": "registered",
        "registered_by": "registere2",
        "registered_unit": "registere3",
        "NAME": "NAME",
        "name": "name1",
        "registere1": "registere1",
    }


def test_chinese_names_are_cut_by_bytes_of_the_encoding() -> None:
    names = ["标准名称拼写", "标准名称来源"]
    assert list(shorten_names(names, "utf-8").values()) == ["标准名", "标准名1"]
    assert list(shorten_names(names, "gb18030").values()) == ["标准名称拼", "标准名称来"]


def test_names_asked_for_come_first_and_reserved_ones_are_never_given() -> None:
    assert shorten_names(["NAME", "standard"], "utf-8", preferred={"standard": "NAME"}) == {
        "NAME": "NAME1",
        "standard": "NAME",
    }
    assert shorten_names(["fid", "\n"], "utf-8", reserved=["FID"]) == {"fid": "fid1", "\n": "field"}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_character_of_the_basic_plane_survives_iconv(encoding: str) -> None:
    """GDAL decodes with iconv, whose GB 18030 is newer than Python's."""
    characters = [chr(code) for code in range(0x20, 0x10000) if not 0xD800 <= code <= 0xDFFF]
    changed = set(altered(characters, encoding))
    kept = [character for place, character in enumerate(characters) if place not in changed]
    assert len(changed) == (0 if encoding == "utf-8" else 25)
    assert all(0xE000 <= ord(characters[place]) < 0xF900 for place in changed)
    command = ["iconv", "-f", encoding.upper(), "-t", "UTF-8"]
    answer = subprocess.run(command, input=encode("\n".join(kept), encoding), capture_output=True, check=True)
    assert answer.stdout.decode().split("\n") == kept


def test_what_cannot_be_carried_is_named() -> None:
    texts = ["潍坊", "a\0b", "\ud800", "\ue816"]
    assert altered(texts, "utf-8") == [1, 2]
    assert altered(texts, "gb18030") == [1, 2, 3]
    assert encode_all(texts[:3], "utf-8") == ["潍坊".encode(), b"ab", b"?"]


def test_encodings_have_one_name_and_lossy_ones_are_refused() -> None:
    assert [require_encoding(name) for name in ("UTF8", "utf_8", "GB18030", "gb-18030")] == [
        "utf-8",
        "utf-8",
        "gb18030",
        "gb18030",
    ]
    with pytest.raises(UnknownEncoding, match="GBK"):
        require_encoding("GBK")
