"""Rules for the words of a name: parts, characters, lists, endings, spelling."""

from __future__ import annotations

import pytest

from layers.placenames.rules import lists
from layers.placenames.rules.spelling import bulk_letters, without_tones
from tests.layers.placenames.rows import committee, estate, found


def test_a_generic_part_that_is_missing():
    (flaw,) = found("generic-missing", {"generic": None})
    assert flaw.fix == {"specific": "阳光", "generic": "小区"}
    (flaw,) = found("generic-missing", {"name": "阳光", "generic": None})
    assert flaw.fix == {}
    assert found("generic-missing", {"name": "周口店", "generic": None, "class_code": "22200"}) == []


def test_a_generic_part_of_another_class():
    (flaw,) = found("generic-mismatch", estate("阳光", "大桥"))
    assert (flaw.field, flaw.value) == ("generic", "大桥")
    assert found("generic-mismatch", estate("阳光", "饕餮")) == []  # nobody can tell


def test_parts_that_do_not_make_up_the_name():
    (flaw,) = found("parts-disagree", {"generic": "花园"})
    assert flaw.fix == {"specific": "阳光", "generic": "小区"}
    (flaw,) = found("parts-disagree", {"specific": "阳"})
    assert flaw.fix == {"specific": "阳光", "generic": "小区"}
    assert found("parts-disagree", {"specific": None}) == []


@pytest.mark.parametrize(
    ("name", "characters", "fix", "candidates"),
    [
        ("麗景小区", "麗", {"name": "丽景小区", "specific": "丽景"}, ()),
        ("峯景小区", "峯", {}, ({"name": "峰景小区", "specific": "峰景"},)),
        ("龘景小区", "龘", {}, ()),
        ("麗峯小区", "麗峯", {}, ({"name": "丽峰小区", "specific": "丽峰"},)),
    ],
)
def test_characters_outside_the_general_table(name, characters, fix, candidates):
    (flaw,) = found("nonstandard-character", estate(name[:2]))
    assert flaw.params == {"characters": characters}
    assert (flaw.fix, flaw.candidates) == (fix, candidates)
    assert found("nonstandard-character", estate("鸢都"), estate("鄌郚"), estate("李家〇")) == []


@pytest.mark.parametrize(
    ("specific", "characters"),
    [("阳光A区", "A"), ("锦绣2期", "2"), ("丽景（北）", "（）"), ("书香 世家", " "), ("A1A", "A1"), ("上\n下", "\x1f")],
)
def test_letters_digits_and_signs(specific, characters):
    (flaw,) = found("forbidden-pattern", {}, estate(specific), {})
    assert flaw.row == 1
    assert flaw.params == {"characters": characters}


def test_roads_and_stops_may_have_their_number():
    assert found("forbidden-pattern", {"name": "G309国道", "class_code": "23211"}) == []
    assert len(found("forbidden-pattern", {"name": "309（国道）", "class_code": "23211"})) == 1
    assert found("forbidden-pattern", {"name": "阿·西村"}) == []


def test_words_of_the_lists():
    (flaw,) = found("foreign-name", {}, estate("巴黎春天"))
    assert (flaw.row, flaw.params) == (1, {"word": "巴黎"})
    assert found("foreign-name", {"name": "罗马山", "class_code": "13400"}) == []  # nobody named it so lately
    (flaw,) = found("leader-name", estate("示例人名"))
    assert flaw.params == {"word": "示例人名"}
    (flaw,) = found("company-name", estate("样板地产"))
    assert flaw.params == {"word": "地产"}
    assert found("company-name", {"name": "样板实业公司", "class_code": "27400"}) == []


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("韩家村村村会", "韩家村村委会"), ("韩家村村会", "韩家村村委会"), ("张家村会", "张家村委会"),
        ("文化街社区居民委会", "文化街社区居民委员会"), ("李村民委会", "李村民委员会"),
        ("王庄村委会村委会", "王庄村委会"), ("王庄村民委员会委员会", "王庄村民委员会"), ("前村村村委会", "前村村委会"),
    ],
)  # fmt: skip
def test_odd_endings_of_committees(name, fix):
    (flaw,) = found("odd-ending", committee(name, ""))
    assert flaw.fix["name"] == fix
    assert flaw.fix["specific"] + flaw.fix["generic"] == fix
    assert found("odd-ending", committee(fix, "")) == []


def test_endings_that_may_mean_several():
    (flaw,) = found("odd-ending", committee("孔村委员会", "委员会"))
    assert flaw.fix == {}
    assert [way["name"] for way in flaw.candidates] == ["孔村村民委员会", "孔村村委会"]
    (flaw,) = found("odd-ending", committee("潍北监狱社区", "社区", class_code="27620"))
    assert flaw.params == {"meant": "潍北监狱社区居民委员会"}
    assert found("odd-ending", {"name": "韩家村村村会"}) == []  # no committee


@pytest.mark.parametrize(
    "roman",
    [
        "Yángguāng Xiǎoqū",
        "Yangguang Xiaoqu",
        "yángguāngxiǎoqū",
        "YANGGUANG XIAOQU",
        "Ya\u0301nggua\u0304ng Xia\u030coqu\u0304",
    ],
)
def test_spellings_that_are_right(roman):
    assert found("romanization-differs", {"roman": roman}) == []


@pytest.mark.parametrize(
    "roman", ["Yángguāng Xiǎojū", "Yánguāng Xiǎoqū", "Yángguāng Xiāoqū", "Yángguāng Xiaoqu", "Yang"]
)
def test_spellings_that_are_wrong_in_letters_or_tones(roman):
    (flaw,) = found("romanization-differs", {"roman": roman})
    assert flaw.fix == {"roman": "Yángguāng Xiǎoqū"}
    assert flaw.params == {"spelled": "Yángguāng Xiǎoqū"}


def test_any_likely_reading_is_right_and_none_is_put_in_by_itself():
    village = {"name": "廿里堡", "specific": "廿里堡", "generic": None, "class_code": "22200"}
    for roman in ("Niànlǐpù", "Niànlǐbǎo", "Nianlibu"):
        assert found("romanization-differs", village | {"roman": roman}) == []
    (flaw,) = found("romanization-differs", village | {"roman": "Èrshílǐpù"})
    assert flaw.fix == {}
    assert [way["roman"] for way in flaw.candidates] == ["Niànlǐpù", "Niànlǐbǎo", "Niànlǐbǔ"]


def test_villages_are_written_whole_and_ordinals_in_digits():
    village = {"name": "王家庄", "specific": "王家", "generic": "庄", "class_code": "22200", "roman": "Wang"}
    assert found("romanization-differs", village)[0].fix == {"roman": "Wángjiāzhuāng"}
    street = {"name": "经五路", "specific": "经五", "generic": "路", "class_code": "23510"}
    assert found("romanization-differs", street | {"roman": "Jīng 5 Lù"}) == []
    assert found("romanization-differs", street | {"roman": "Jīng 6 Lù"})[0].fix == {"roman": "Jīng 5 Lù"}


def test_local_readings_count():
    hill = {"name": "临朐山", "specific": "临朐", "generic": "山", "class_code": "13400"}
    assert found("romanization-differs", hill | {"roman": "Línqú Shān"}) == []
    assert len(found("romanization-differs", hill | {"roman": "Línxún Shān"})) == 1


def test_letters_are_compared_without_what_stands_between():
    assert bulk_letters(["Tái'érzhuāng Qū", "Dì-2 Jiē", ""]) == ["táiérzhuāngqū", "dì2jiē", ""]
    assert bulk_letters([]) == []
    assert without_tones("lǜhé") == "lühe"


@pytest.fixture
def own_lists():
    yield
    lists.use_words(None)
    lists.use_scopes(None)


@pytest.mark.usefixtures("own_lists")
def test_an_office_loads_its_own_words(tmp_path):
    path = tmp_path / "words.csv"
    path.write_text("kind,word,source\ncompany,某某厂,本局\n", encoding="utf-8")
    row = estate("某某厂")
    assert found("company-name", row) == []
    lists.use_words(lists.load_words(path))
    assert len(found("company-name", row, estate("样板地产"))) == 2
    lists.use_words(lists.load_words(path, replace=True))
    assert len(found("company-name", row, estate("样板地产"))) == 1
    assert found("foreign-name", estate("巴黎春天")) == []  # the list has none now
    lists.use_words(None)
    assert found("company-name", row) == []


@pytest.mark.parametrize(
    ("load", "text", "line", "field"),
    [
        (lists.load_words, "kind,word\nforeign,巴黎\nfamous,某\n", 3, "kind"),
        (lists.load_words, "kind,word\nforeign,\n", 2, "word"),
        (lists.load_scopes, "sort,classes,within,near_m\nx,22a,town,\n", 2, "classes"),
        (lists.load_scopes, "sort,classes,within,near_m\nx,221,moon,\n", 2, "within"),
        (lists.load_scopes, "sort,classes,within,near_m\nx,221,town,-5\n", 2, "near_m"),
        (lists.load_scopes, "sort,classes,within,near_m\n,221,town,\n", 2, "sort"),
    ],
)
def test_a_table_with_a_fault_is_refused_with_file_row_and_field(tmp_path, load, text, line, field):
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(lists.BadNameTable) as refused:
        load(path)
    assert (refused.value.params["file"], refused.value.params["line"], refused.value.params["field"]) == (
        "own.csv", line, field,
    )  # fmt: skip


def test_a_table_without_a_column_is_refused(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("sort,classes\nx,221\n", encoding="utf-8")
    with pytest.raises(lists.BadNameTable, match="within"):
        lists.load_scopes(path)


@pytest.mark.usefixtures("own_lists")
def test_an_office_sets_its_own_scopes(tmp_path):
    path = tmp_path / "scopes.csv"
    path.write_text("sort,classes,within,near_m\nestate,221,built-up,\n", encoding="utf-8")
    streets = (estate("阳光", town_code="370781001"), estate("阳光", town_code="370781002"))
    assert found("duplicate-name", *streets) == []
    lists.use_scopes(lists.load_scopes(path))
    assert len(found("duplicate-name", *streets)) == 2
    towns = (estate("阳光", town_code="370781100"), estate("阳光", town_code="370781001"))
    assert found("duplicate-name", *towns) == []
