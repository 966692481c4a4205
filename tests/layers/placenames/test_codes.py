"""Place-name codes: their parts, what they disagree with, serials that nobody else gets."""

from __future__ import annotations

import subprocess
import sys

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.access import LOCAL_EDITOR
from layers.editing import Draft, Refused, add, change, examined
from layers.history import undo
from layers.placenames.codes import (
    BadPlaceCode,
    NoSerialLeft,
    PlaceCode,
    disagreements,
    next_serial,
    prefix_of,
    township_kind,
)
from tests.layers.history.conftest import Small

ADMIN = LOCAL_EDITOR("admin")
HERE = shapely.Point(118.5, 36.6)


@pytest.mark.parametrize(
    "text",
    [
        "330381-001-22100-000001",
        "33038100122100000001",
        " 330381 001 22100 000001 ",
        "３３０３８１－001－22100－000001",
    ],
)
def test_a_code_is_read_however_it_is_written(text: str) -> None:
    code = PlaceCode.parse(text)
    assert (code.division, code.township, code.class_code, code.serial) == ("330381", "001", "22100", "000001")
    assert str(code) == "33038100122100000001"
    assert code.dashed == "330381-001-22100-000001"


@pytest.mark.parametrize("text", ["", "3303810012210000000", "330381001221000000011", "33038100122100o00001", "٣" * 20])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(BadPlaceCode):
        PlaceCode.parse(text)


@given(st.integers(100_000, 999_999), st.integers(0, 999), st.integers(0, 99_999), st.integers(1, 999_999))
def test_composed_and_parsed_are_the_same(division: int, township: int, kind: int, serial: int) -> None:
    code = PlaceCode.compose(f"{division}", f"{township:03d}", f"{kind:05d}", serial)
    assert PlaceCode.parse(code.dashed) == code == PlaceCode.parse(str(code))
    assert (int(code.serial), len(str(code))) == (serial, 20)


@pytest.mark.parametrize("serial", [0, -1, 1_000_000])
def test_serials_have_six_digits(serial: int) -> None:
    with pytest.raises(BadPlaceCode):
        PlaceCode.compose("370781", "001", "22200", serial)


def test_what_the_township_part_says() -> None:
    kinds = [township_kind(digits) for digits in ("000", "001", "099", "100", "199", "200", "399", "400", "599", "600")]
    assert kinds == ["none", "street", "street", "town", "town", "township", "township", "other", "other", "unknown"]


def test_a_code_is_held_against_its_record() -> None:
    code = PlaceCode.parse("37078300121770000008")
    assert not list(
        disagreements(code, county_code="370783", town_code="370783001", town_name="圣城街道", class_code="21770")
    )
    found = {
        one.part: (one.coded, one.recorded)
        for one in disagreements(
            code, county_code="370783", town_code="370783101", town_name="甲镇", class_code="22200"
        )
    }
    assert found == {"township": ("001", "101"), "class": ("21770", "22200")}
    assert [one.part for one in disagreements(code, county_code="370781", town_code="370781101")] == ["division"]
    kinds = disagreements(code, county_code="370783", town_code="370783001", town_name="甲镇")
    assert [(one.part, one.recorded) for one in kinds] == [("township_kind", "甲镇")]
    # a town of a zone has the zone's digits before its own
    assert not list(disagreements(PlaceCode.parse("37070400122200000001"), county_code="370704", town_code="370772001"))
    assert [one.part for one in disagreements(code, county_there="370781")] == ["position"]
    assert not list(disagreements(PlaceCode.parse("37070000021300000001"), county_there="370705"))  # of the whole city


def test_a_new_place_has_the_next_code_and_another_class_another_one(small: Small) -> None:
    draft = Draft({"name": "长乐村", "class_code": "22200", "town_code": "370781001"}, HERE)
    assert examined(small.index, "place-names", "", draft, editor=ADMIN).follows["place_code"] == "37078100122200000001"
    first, second = (add(small.index, "place-names", draft, editor=ADMIN) for _ in range(2))
    assert small.row("place", first.uuid)["place_code"] == "37078100122200000001"
    assert small.row("place", second.uuid)["place_code"] == "37078100122200000002"
    moved = change(small.index, "place-names", first.uuid, Draft({"class_code": "22100"}, version=1), editor=ADMIN)
    assert small.row("place", first.uuid)["place_code"] == "37078100122100000001"
    assert {"class_code", "place_code"} <= set(moved.written)
    undo(small.index, moved.seq or 0, editor=ADMIN)
    assert small.row("place", first.uuid)["place_code"] == "37078100122200000001"
    renamed = change(small.index, "place-names", second.uuid, Draft({"name": "长安村"}, version=1), editor=ADMIN)
    assert "place_code" not in renamed.written


def test_a_code_that_is_typed_stays_and_is_nobody_else_s(small: Small) -> None:
    values = {"name": "长乐村", "class_code": "22200", "place_code": "37078100022200000777"}
    saved = add(small.index, "place-names", Draft(values, HERE), editor=ADMIN)
    assert small.row("place", saved.uuid)["place_code"] == "37078100022200000777"
    with pytest.raises(Refused) as caught:
        add(small.index, "place-names", Draft(values, HERE), editor=ADMIN)
    assert [(note.field, note.finding.rule) for note in caught.value.notes if note.finding.severity == "error"] == [
        ("place_code", "place-code-taken")
    ]
    following = add(small.index, "place-names", Draft({**values, "place_code": ""}, HERE), editor=ADMIN)
    assert small.row("place", following.uuid)["place_code"] == "37078100022200000778"


def test_serials_end(small: Small) -> None:
    with small.register.writing(who="t", why="t") as connection:
        small.register.insert(connection, "place", {"name": "末", "place_code": "37078100022200999999", "geom": HERE})
        small.register.insert(connection, "place", {"name": "坏", "place_code": "37078100022100", "geom": HERE})
        with pytest.raises(NoSerialLeft):
            next_serial(connection, "37078100022200")
        assert next_serial(connection, "37078100022100") == 1
        with pytest.raises(BadPlaceCode):
            next_serial(connection, "3707810002210_")
    assert prefix_of("370781", None, None) is None
    assert prefix_of("370781", "bad", "22200") is None


_ADDING = """
import sys
import shapely
from layers.access import LOCAL_EDITOR
from layers.editing import Draft, add
from layers.index import Index
from layers.register import open_register
with open_register(sys.argv[1], busy_timeout_s=60) as register:
    index = Index(register)
    for number in range(int(sys.argv[2])):
        values = {"name": f"村{number}", "class_code": "22200", "town_code": "370781001"}
        draft = Draft(values, shapely.Point(118.5, 36.6))
        add(index, "place-names", draft, editor=LOCAL_EDITOR("many"))
"""


def test_many_processes_at_once_get_codes_of_their_own(small: Small) -> None:
    processes, each = 4, 8
    command = [sys.executable, "-c", _ADDING, small.register.url, str(each)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(processes)]
    ended = [(process.communicate(timeout=120)[1], process.returncode) for process in running]
    assert [(text, code) for text, code in ended if code] == []
    with small.register.reading() as connection:
        codes = small.register.frame(connection, "place", columns=["place_code"])["place_code"].dropna().tolist()
    assert sorted(codes) == [f"37078100122200{serial:06d}" for serial in range(1, processes * each + 1)]
