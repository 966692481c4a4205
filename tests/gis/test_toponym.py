"""Pinyin, parts and search keys of place names."""

from __future__ import annotations

import csv
import io
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.toponym import GENERICS, romanize, search_keys, split_name, syllables


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("潍坊市", "city", "Wéifāng Shì"),
        ("密云水库", "hydraulic", "Mìyún Shuǐkù"),
        ("西辽河", "water", "Xīliáo Hé"),
        ("景山后街", "transport", "Jǐngshān Hòujiē"),
        ("周口店", "settlement", "Zhōukǒudiàn"),
        ("王村", "settlement", "Wángcūn"),
        ("景德镇市", "city", "Jǐngdézhèn Shì"),
        ("五一广场", "building", "Wǔyī Guǎngchǎng"),
        ("经五路", "transport", "Jīng 5 Lù"),
        ("纬十二路", "transport", "Wěi 12 Lù"),
        ("西安", "settlement", "Xī'ān"),
        ("台儿庄区", "county", "Tái'érzhuāng Qū"),
        ("安居", "settlement", "Ānjū"),
        ("吕家庄", "settlement", "Lǚjiāzhuāng"),
        ("临朐县", "county", "Línqú Xiàn"),
        ("鄌郚镇", "town", "Tángwú Zhèn"),
        ("冶源街道", "town", "Yěyuán Jiēdào"),
        ("昌乐县", "county", "Chānglè Xiàn"),
        ("都昌街道", "town", "Dūchāng Jiēdào"),
        ("阚家镇", "town", "Kànjiā Zhèn"),
        ("", "", ""),
    ],
)
def test_spelling_rules(name, kind, expected):
    assert romanize(name, kind) == expected


def test_tones_may_be_left_out_and_u_umlaut_stays():
    assert romanize("吕家庄", "settlement", tones=False) == "Lüjiazhuang"


def test_a_known_generic_wins_over_the_table():
    assert romanize("青州市", generic="") == "Qīngzhōushì"
    assert romanize("古城戈庄", generic="戈庄") == "Gǔchéng Gēzhuāng"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("弥河", ("弥", "河")),
        ("城关街道", ("城关", "街道")),
        ("峡山水库", ("峡山", "水库")),
        ("桥", ("桥", "")),
        ("戈", ("戈", "")),
        ("", ("", "")),
    ],
)
def test_split_into_parts(name, expected):
    assert split_name(name) == expected


def test_split_by_given_generics_takes_the_longest():
    assert split_name("张戈庄", ["庄", "戈庄"]) == ("张", "戈庄")
    assert split_name("弥河", ["庄"]) == ("弥河", "")


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("青州", "qingzhou", "qz"),
        ("吕家庄", "lvjiazhuang", "ljz"),
        ("G309国道", "g309guodao", "g309gd"),
        ("临朐", "linqu", "lq"),
        ("·", "", ""),
    ],
)
def test_search_keys(name, full, initials):
    assert search_keys(name) == (full, initials)


@given(st.text(alphabet="青州市弥河乐都临朐 G3·a", max_size=12))
def test_one_syllable_for_each_character(name):
    assert len(syllables(name)) == len(name)


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=8))
def test_keys_are_typed_letters_and_parts_join_to_the_name(name):
    keys = search_keys(name)
    assert keys.full.isascii()
    assert len(keys.initials) <= len(name)
    assert "".join(split_name(name)) == name


def test_the_table_of_readings_says_where_each_comes_from():
    text = resources.files("gis.toponym.data").joinpath("readings.csv").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert all(len(row["text"]) == len(row["reading"].split()) for row in rows)
    assert all(row["source"] and row["confidence"] in {"H", "M", "L"} for row in rows)
    assert len({(row["text"], row["reading"]) for row in rows}) == len(rows)
    assert len([row for row in rows if row["text"] == "廿里堡"]) == 3, "a disputed reading is never alone"


def test_generics_are_found_longest_first():
    lengths = [len(generic) for generic in GENERICS]
    assert lengths == sorted(lengths, reverse=True)
