"""The tables of words hold together, and what the page says of them is so."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from layers.catalogue import FACILITY_KINDS, LAYERS, PLACE_MAJORS
from layers.records import SUBJECTS, record_field, record_fields
from layers.records.cells import spellings
from layers.records.documented import as_markdown
from layers.records.tables import folded, headings, rows_of
from layers.reference.readers import place_classes
from layers.register import TABLES


@pytest.mark.parametrize("key", LAYERS)
def test_every_layer_has_its_catalogue_s_fields_and_what_is_beside(key: str) -> None:
    names = [field.name for field in record_fields(key)]
    assert names[: len(LAYERS[key].fields)] == [field.name for field in LAYERS[key].fields]
    assert {"secrecy", "is_public"} < set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("key", LAYERS)
def test_stored_means_that_the_table_has_the_column(key: str) -> None:
    columns = TABLES[LAYERS[key].table].columns
    for field in record_fields(key):
        assert field.stored == (field.name in columns), field.name
        assert field.stored or not field.editable


@pytest.mark.parametrize("key", LAYERS)
def test_no_word_means_two_choices_of_a_field(key: str) -> None:
    for field in record_fields(key):
        words = Counter(
            folded(word)
            for choice in field.choices
            for word in {*map(folded, (choice.key, choice.title_zh, choice.title_en, *choice.spellings))}
            if folded(word)
        )
        assert [word for word, count in words.items() if count > 1] == [], field.name


@pytest.mark.parametrize("key", LAYERS)
def test_no_heading_means_two_fields_of_a_layer(key: str) -> None:
    words: dict[str, str] = {}
    own = {row["heading"] for row in rows_of("headings") if row["layer"] == key}
    for target, spelled in headings(key).items():
        for word in spelled:
            first = words.setdefault(folded(word), target)
            # a layer's own word goes before the one that holds everywhere
            assert first == target or word not in own or word in {"说明", "来源", "数据来源"}, (word, first, target)


def test_headings_and_choices_are_of_fields_that_there_are() -> None:
    for table in ("headings", "choices", "patterns"):
        for row in rows_of(table):
            keys = LAYERS if row["layer"] == "*" else [row["layer"]]
            known = {field.name for key in keys for field in record_fields(key)}
            assert row["field"] in known or row["field"].startswith("@"), row
            assert row["source"], row


def test_kinds_and_majors_are_the_catalogue_s_and_more() -> None:
    kinds = {choice.key for choice in record_field("facilities", "kind").choices}
    assert kinds == {kind.key for kind in FACILITY_KINDS}
    majors = {choice.key for choice in record_field("place-names", "major").choices}
    assert majors == {major.key for major in PLACE_MAJORS} | {"sea", "unit"}
    assert majors == set(place_classes()["major"])


def test_words_for_classes_mean_classes_that_there_are() -> None:
    codes = set(place_classes()["code"])
    assert [row for row in rows_of("class_words") if row["code"] not in codes] == []


@pytest.mark.parametrize(
    ("layer", "name", "word", "key"),
    [
        ("facilities", "kind", "养老院", "eldercare_home"),
        ("facilities", "kind", "敬老院", "eldercare_home"),
        ("facilities", "kind", "公益性公墓（骨灰堂）", "public_cemetery"),
        ("facilities", "kind", "乡镇（街道）社工站", "social_work"),
        ("facilities", "state", "在用", "open"),
        ("facilities", "state", "规划", "planned"),
        ("place-names", "usage", "历史地名", "historical"),
        ("place-names", "major", "水利、电力、通信设施", "hydraulic"),
        ("stakes", "kind", "双立", "double"),
        ("stakes", "secrecy", "内部", "internal"),
        ("boundary-lines", "grade", "县级", "county"),
        ("divisions", "level", "乡镇级", "town"),
    ],
)
def test_the_offices_words_mean_the_register_s_keys(layer: str, name: str, word: str, key: str) -> None:
    assert spellings(record_field(layer, name))[folded(word)] == key


def test_who_makes_a_record_may_fill_in_what_it_needs() -> None:
    for key in LAYERS:
        for field in record_fields(key):
            assert not field.required or field.editable, (key, field.name)


def test_subjects_are_those_that_an_import_is_asked_for() -> None:
    assert list(SUBJECTS) == ["place-names", "facilities", "divisions", "population", "lines", "stakes"]
    assert {field.name for field in SUBJECTS["population"].fields} >= {"code", "population", "aged_60"}
    assert SUBJECTS["population"].geometry == ()
    assert SUBJECTS["lines"].layer == "boundary-lines"


def test_the_page_is_what_the_tables_say() -> None:
    page = Path(__file__).parents[3] / "docs" / "import-fields.md"
    assert page.read_text("utf-8") == as_markdown(), "python -m layers.records.documented > docs/import-fields.md"
