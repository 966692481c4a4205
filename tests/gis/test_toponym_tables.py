"""Readings and generic terms as data: candidates, the office's own tables, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gis.errors import Invalid, NotFound
from gis.toponym import (
    BadNameTable,
    bulk_other_keys,
    bulk_plain,
    generic_fits,
    is_certain,
    load_generics,
    load_readings,
    romanize,
    split_name,
    syllables,
    use_generics,
    use_readings,
)
from gis.toponym.readings import readings
from layers.reference import readers


@pytest.fixture(autouse=True)
def shipped_tables() -> Iterator[None]:
    yield
    use_readings(None)
    use_generics(None)


def said(name: str, county: str = "") -> list[str]:
    return [" ".join(found.syllables) for found in readings(name, county)]


def test_a_disputed_reading_comes_back_as_candidates() -> None:
    assert said("廿里堡") == ["niàn lǐ pù", "niàn lǐ bǎo", "niàn lǐ bǔ"]
    assert {found.confidence for found in readings("廿里堡街道")} == {"L"}
    assert not is_certain(readings("廿里堡街道"))
    assert [romanize("廿里堡街道", reading=found.syllables) for found in readings("廿里堡街道")] == [
        "Niànlǐpù Jiēdào",
        "Niànlǐbǎo Jiēdào",
        "Niànlǐbǔ Jiēdào",
    ]


@pytest.mark.parametrize("name", ["青州市", "王家庄", "兴华路", "临朐县", "弥河", "大桥", "中学街", "A座", ""])
def test_an_ordinary_name_has_one_reading(name: str) -> None:
    assert len(readings(name)) == 1
    assert is_certain(readings(name))


def test_the_first_reading_is_the_one_that_is_spelled() -> None:
    for name in readers.villages()["name"].tolist()[::7]:
        assert readings(name)[0].syllables == syllables(name)


def test_further_keys_are_those_of_the_further_readings() -> None:
    names = readers.villages()["name"].tolist()
    found = bulk_other_keys(names)
    wanted = []
    for number, name in enumerate(names):
        plain = dict.fromkeys("".join(bulk_plain(list(way.syllables))) for way in readings(name))
        wanted += [(number, key) for key in list(plain)[1:]]
    # those on which table and dictionary disagree are spelled by the table alone
    assert set(found) <= set(wanted)
    assert len(found) > 0.8 * len(wanted) > 50


def test_most_villages_are_certain() -> None:
    names = set(readers.villages()["name"])
    asked = [name for name in names if not is_certain(readings(name))]
    assert 20 < len(asked) < 0.04 * len(names)


def test_combinations_are_kept_within_bounds() -> None:
    many = readings("堡圩埔盖单解牟纪葛行" * 4)
    assert len(many) == 8
    assert len({found.syllables for found in many}) == 8


def test_table_and_dictionary_that_disagree_are_both_heard() -> None:
    assert said("校长") == ["xiào zhǎng"]
    assert said("长老街") == ["cháng lǎo jiē", "zhǎng lǎo jiē"]
    assert not is_certain(readings("单庄"))


def test_an_office_extends_the_table(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "text,reading,context,confidence,source\n"
        "廿里堡,niàn lǐ bǎo,370705,H,decision 12 of 2025\n"
        "廿里堡,niàn lǐ pù,3703,M,Zibo\n"
        "饕餮,tāo tiè,,M,test\n",
        encoding="utf-8-sig",
    )
    table = load_readings(path)
    use_readings(table)
    assert said("廿里堡", "370705") == ["niàn lǐ bǎo"]
    assert is_certain(readings("廿里堡", "370705"))
    assert said("廿里堡", "370302") == ["niàn lǐ pù"]
    assert said("廿里堡") == ["niàn lǐ bǎo", "niàn lǐ pù"]
    assert romanize("廿里堡街道", county="370302") == "Niànlǐpù Jiēdào"
    assert romanize("临朐县") == "Línqú Xiàn"
    use_readings(load_readings(path, replace=True))
    assert said("莘县") != ["shēn xiàn"] or said("乐陵") != ["lào líng"]
    use_readings(None)
    assert said("廿里堡", "370705")[0] == "niàn lǐ pù"


@pytest.mark.parametrize(
    ("line", "field", "why"),
    [
        ("青州,qīng,H,x", "reading", "one syllable for each character"),
        ("青州,Qīng zhōu,H,x", "reading", "small letters"),
        ("青州,qing1 zhou1,H,x", "reading", "small letters"),
        ("青州,qīng zhōu,X,x", "confidence", "H, M or L"),
        ("青州,qīng zhōu,,x", "confidence", "H, M or L"),
        ("青州,qīng zhōu,H,", "source", "empty"),
        (",qīng,H,x", "text", "empty"),
        ("青州,qīng zhōu,H,x,37070", "context", "2, 4 or 6 digits"),
    ],
)
def test_what_is_wrong_is_named_with_file_line_and_field(tmp_path: Path, line: str, field: str, why: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text(f"text,reading,confidence,source,context\n临朐,lín qú,H,x,\n\n{line}\n{line}\n", encoding="utf-8")
    with pytest.raises(BadNameTable, match=why) as caught:
        load_readings(path)
    message = str(caught.value)
    assert "own.csv" in message
    assert "line 4" in message
    assert f"field {field}" in message
    assert caught.value.hint.startswith("2 lines")


def test_files_that_are_no_table(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"nowhere\.csv"):
        load_readings(tmp_path / "nowhere.csv")
    path = tmp_path / "gb.csv"
    path.write_bytes("text,reading,confidence,source\n青州".encode("gb18030"))
    with pytest.raises(Invalid, match="UTF-8"):
        load_readings(path)
    path.write_text("name,reading\n", encoding="utf-8")
    with pytest.raises(BadNameTable, match="text, confidence, source"):
        load_readings(path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(BadNameTable, match="generic, kind, classes"):
        load_generics(path)


@pytest.mark.parametrize(
    ("generic", "code", "fits"),
    [
        ("河", "12100", True),
        ("水库", "24230", True),
        ("路", "23510", True),
        ("桥", "23610", True),
        ("桥", "22200", True),
        ("村", "22200", True),
        ("小区", "22100", True),
        ("大厦", "26100", True),
        ("山", "13400", True),
        ("村委会", "27610", True),
        ("村委会", "21610", True),
        ("村委会", "27620", False),
        ("大桥", "22100", False),
        ("水库", "12100", False),
        ("小区", "23510", False),
        ("饕餮", "22100", None),
        ("", "22100", None),
        ("河", "", None),
    ],
)
def test_generic_terms_fit_their_classes(generic: str, code: str, fits: bool | None) -> None:
    assert generic_fits(generic, code) is fits


def test_an_office_has_its_own_generic_terms(tmp_path: Path) -> None:
    path = tmp_path / "generics.csv"
    path.write_text(
        "generic,kind,classes,words,splits,inner\n驿站,building,261|2631,,,\n河,water,121,,no,\n", encoding="utf-8"
    )
    table = load_generics(path)
    use_generics(table)
    assert split_name("青年驿站") == ("青年", "驿站")
    assert split_name("弥河") == ("弥河", "")
    assert generic_fits("驿站", "26310") is True
    assert split_name("峡山水库") == ("峡山", "水库")
    use_generics(load_generics(path, replace=True))
    assert split_name("峡山水库") == ("峡山水库", "")
    for line, why in (
        ("驿站,,261", "empty"),
        ("驿站,building,房屋", "two to five digits"),
        ("驿站,building,261,驿 楼", "do not make up"),
        ("驿站,building,261,,maybe", "yes, no or empty"),
    ):
        path.write_text(f"generic,kind,classes,words,splits\n{line}\n", encoding="utf-8")
        with pytest.raises(BadNameTable, match=why):
            load_generics(path)
