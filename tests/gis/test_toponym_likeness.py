"""Names that are like one another."""

from __future__ import annotations

import csv
import io
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.toponym.characters import standard_characters
from gis.toponym.likeness import (
    bulk_core_names,
    bulk_sound_keys,
    bulk_tolerant_keys,
    core_name,
    in_simplified,
    one_character_apart,
    one_edit_apart,
    pairs_one_character_apart,
    sound_key,
    tolerant_key,
)
from layers.reference import readers

SMALL = st.text(alphabet="ab庄", max_size=6)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("qingzhou", "qinzhou"),
        ("qingzhou", "qingzou"),
        ("niuquan", "liuquan"),
        ("shanwang", "sanwan"),
        ("changle", "canle"),
        ("lanshan", "nangsang"),
        ("langou", "langgou"),
        ("lianhua", "nianhua"),
    ],
)
def test_what_is_confused_has_one_key(first: str, second: str) -> None:
    assert first != second
    assert tolerant_key(first) == tolerant_key(second)


@pytest.mark.parametrize(
    ("first", "second"), [("fang", "huang"), ("rao", "lao"), ("jing", "zing"), ("ba", "pa"), ("lu", "lv"), ("an", "en")]
)
def test_what_is_not_named_stays_apart(first: str, second: str) -> None:
    assert tolerant_key(first) != tolerant_key(second)


@given(st.lists(st.text(alphabet="zcshngliuao", max_size=12), min_size=1, max_size=5))
def test_many_keys_in_one_text_are_those_of_each(keys: list[str]) -> None:
    assert tolerant_key("\n".join(keys)).split("\n") == [tolerant_key(key) for key in keys]
    assert all(tolerant_key(tolerant_key(key)) == tolerant_key(key) for key in keys)


def test_sounds_of_many() -> None:
    names = ["临朐县", "青州", "吕家庄", ""]
    assert bulk_sound_keys(names) == [sound_key(name) for name in names]
    assert bulk_tolerant_keys(names) == [tolerant_key(sound_key(name)) for name in names]
    assert bulk_tolerant_keys([]) == []


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("王家庄村民委员会", "王家庄"),
        ("王家庄村村民委员会", "王家庄"),
        ("王家庄村委会", "王家庄"),
        ("王家庄居委会", "王家庄"),
        ("王家庄社区居民委员会", "王家庄"),
        ("王家庄自然村", "王家庄"),
        ("王家庄村", "王家庄"),
        ("王家庄", "王家庄"),
        ("王村", "王村"),
        ("王村村", "王村"),
        ("王村村委会", "王村"),
        ("村委会", "村委会"),
        ("社区", "社区"),
        ("弥河", "弥河"),
        ("", ""),
    ],
)
def test_the_core_of_a_name(name: str, core: str) -> None:
    assert core_name(name) == core
    assert core_name(core) == core


def test_every_committee_has_a_core() -> None:
    names = readers.villages()["name"].tolist()
    cores = bulk_core_names(names)
    assert all(len(core) >= 2 for core in cores)
    assert sum(core.endswith(("村委会", "委员会", "社区")) for core in cores) <= 5


@pytest.mark.parametrize(
    ("given_", "meant"),
    [
        ("臨朐縣", "临朐县"),
        ("臺兒莊", "台儿庄"),
        ("後莊", "后庄"),
        ("裏峯崙嶽", "里峰仑岳"),
        ("青州", "青州"),
        ("", ""),
        ("A座", "A座"),
    ],
)
def test_traditional_characters(given_: str, meant: str) -> None:
    assert in_simplified(given_) == meant


def test_no_standard_character_is_changed_by_the_further_table() -> None:
    text = resources.files("gis.toponym.data").joinpath("traditional.csv").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    standard = standard_characters()
    assert len(rows) > 100
    assert all(row["traditional"] not in standard and row["simplified"] in standard for row in rows)
    assert all(in_simplified(row["traditional"]) == row["simplified"] for row in rows)


def slips(word: str, alphabet: str) -> set[str]:
    """All words one slip away, by brute force."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {a + b[1:] for a, b in cuts if b}
    found |= {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    found |= {a + c + b[1:] for a, b in cuts if b for c in alphabet}
    found |= {a + c + b for a, b in cuts for c in alphabet}
    return found - {word}


@given(SMALL, SMALL)
def test_one_edit_is_what_brute_force_says(first: str, second: str) -> None:
    assert one_edit_apart(first, second) == (second in slips(first, "ab庄"))
    assert one_edit_apart(first, second) == one_edit_apart(second, first)


@given(st.lists(SMALL, max_size=12))
def test_pairs_are_what_brute_force_says(names: list[str]) -> None:
    wanted = [
        (a, b) for a in range(len(names)) for b in range(a + 1, len(names)) if one_character_apart(names[a], names[b])
    ]
    assert pairs_one_character_apart(names) == wanted
