"""An office's own tables: taken from a folder whole, refused by file, line and field, forgotten again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gis.toponym import romanize
from gis.toponym.parts import generic_fits
from gis.toponym.tables import BadNameTable, NameTableMissing
from layers.placenames.office_tables import edition, use_folder
from layers.placenames.rules.lists import scope_of, words
from web.settings import Settings

READINGS = "text,reading,context,confidence,source\n廿里堡,niàn lǐ bǎo,,H,the office\n"


@pytest.fixture(autouse=True)
def _shipped_again() -> Iterator[None]:
    yield
    use_folder(None)


def test_a_folder_of_tables(tmp_path: Path) -> None:
    before, spelled = edition(), romanize("廿里堡街道", "21500")
    (tmp_path / "readings.csv").write_text(READINGS, "utf-8")
    (tmp_path / "generics.csv").write_text("generic,kind,classes\n疙瘩,settlement,222\n", "utf-8")
    (tmp_path / "words.csv").write_text("kind,word\ncompany,某某集团\n", "utf-8")
    (tmp_path / "scopes.csv").write_text("sort,classes,within,near_m\nstreet,2351,built-up,\n", "utf-8")
    Settings(name_tables=str(tmp_path)).use_name_tables()
    assert romanize("廿里堡街道", "21500") == "Niànlǐbǎo Jiēdào"
    assert generic_fits("疙瘩", "22200")
    assert "某某集团" in words("company")
    scope = scope_of("23510")
    assert scope is not None
    assert scope.within == "built-up"
    assert scope_of("22200") is None
    assert edition() != before
    one = edition()
    (tmp_path / "words.csv").write_text("kind,word\ncompany,另一集团\n", "utf-8")
    use_folder(tmp_path)
    assert edition() != one
    use_folder(None)
    assert (edition(), romanize("廿里堡街道", "21500")) == (before, spelled)
    assert generic_fits("疙瘩", "22200") is None


def test_what_is_wrong_with_a_table_is_told_and_nothing_is_taken(tmp_path: Path) -> None:
    with pytest.raises(NameTableMissing):
        use_folder(tmp_path)
    (tmp_path / "readings.csv").write_text(READINGS, "utf-8")
    (tmp_path / "words.csv").write_text("kind,word\nnobody,x\n", "utf-8")
    spelled = romanize("廿里堡街道", "21500")
    with pytest.raises(BadNameTable) as caught:
        use_folder(tmp_path)
    assert (caught.value.params["file"], caught.value.params["line"]) == ("words.csv", 2)
    assert romanize("廿里堡街道", "21500") == spelled
    assert edition() == ""
