"""Records added, changed, moved, closed: with what follows and what hangs on them, on both homes."""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from gis.measure import length_m
from layers.access import LOCAL_EDITOR, Editor, NotAllowed, OutOfReach, Reader
from layers.editing import (
    KEEP,
    BadDraft,
    Draft,
    EditConflict,
    Refused,
    add,
    change,
    close,
    draft_from_json,
    examined,
    form,
    reopen,
)
from layers.features import UnknownFeature
from layers.history import undo, undo_batch
from tests.layers.history.conftest import Small

ADMIN = LOCAL_EDITOR("admin")
HERE = shapely.Point(118.5, 36.6)


def rules(error: Refused) -> set[tuple[str, str]]:
    return {(note.field, note.finding.rule) for note in error.notes if note.finding.severity == "error"}


def test_a_new_place_has_what_follows_from_its_name_and_place(small: Small) -> None:
    saved = add(small.index, "place-names", Draft({"name": "长乐桥", "major": "transport"}, HERE), editor=ADMIN)
    row = small.row("place", saved.uuid)
    assert (row["specific"], row["generic"], row["county_code"], row["usage"]) == ("长乐", "桥", "370781", "current")
    assert row["roman"] == "Chánglè Qiáo"
    assert (row["registered_by"], row["version"], saved.version) == ("admin", 1, 1)
    assert small.index.layer("place-names").row_of(saved.uuid) is not None


def test_only_what_is_different_is_written(small: Small) -> None:
    uuid = small.ids["facility"]
    saved = change(small.index, "facilities", uuid, Draft({"beds": "10", "note": ""}, version=1), editor=ADMIN)
    assert (saved.seq, saved.version) == (None, 1)
    saved = change(
        small.index,
        "facilities",
        uuid,
        Draft({"beds": "11", "name": "日间照料中心"}, version=1, why="查"),
        editor=ADMIN,
    )
    assert saved.written == ("beds",)
    assert undo(small.index, saved.seq or 0, editor=ADMIN).changes == 1


def test_a_facility_moved_to_another_county(small: Small) -> None:
    uuid = small.ids["facility"]
    saved = change(small.index, "facilities", uuid, Draft({}, shapely.Point(119.5, 36.6), version=1), editor=ADMIN)
    row = small.row("facility", uuid)
    assert (row["county_code"], row["town_code"], row["position_source"]) == ("370724", None, "map")
    assert {"geom", "county_code", "town_code"} <= set(saved.written)


def test_two_editors_see_both_versions(small: Small) -> None:
    uuid = small.ids["facility"]
    change(
        small.index,
        "facilities",
        uuid,
        Draft({"beds": "20", "note": "她"}, version=1),
        editor=Editor("anna", ADMIN.reader),
    )
    with pytest.raises(EditConflict) as caught:
        change(small.index, "facilities", uuid, Draft({"beds": "30", "address": "街"}, HERE, version=1), editor=ADMIN)
    error = caught.value
    assert (error.version, error.who) == (2, "anna")
    told = {one.name: (one.base, one.theirs, one.mine, one.both) for one in error.fields}
    assert told["beds"] == (10, 20, 30, True)
    assert told["note"] == (None, "她", None, False)
    assert told["address"] == (None, None, "街", False)
    assert error.place is not None
    assert not error.place.both
    assert error.place.mine == HERE
    assert small.row("facility", uuid)["beds"] == 20
    saved = change(small.index, "facilities", uuid, Draft({"beds": "30"}, version=error.version), editor=ADMIN)
    assert (saved.version, small.row("facility", uuid)["note"]) == (3, "她")


def test_a_version_must_be_named(small: Small) -> None:
    with pytest.raises(EditConflict):
        change(small.index, "facilities", small.ids["facility"], Draft({"beds": "1"}), editor=ADMIN)


def test_everything_that_is_wrong_is_told_at_once_and_nothing_written(small: Small) -> None:
    before = small.last_seq()
    wrong = {
        "name": " ",
        "kind": "nothing",
        "beds": "viele",
        "opened": "2020-13-01",
        "uuid": "x",
        "nix": 1,
        "address": ["a"],
        "operator": "x" * 9999,
    }
    with pytest.raises(Refused) as caught:
        change(small.index, "facilities", small.ids["facility"], Draft(wrong, version=1), editor=ADMIN)
    found = rules(caught.value)
    assert {
        ("name", "required"),
        ("uuid", "not-editable"),
        ("nix", "unknown-field"),
        ("address", "wrong-type"),
    } <= found
    assert {"kind", "beds", "opened", "operator"} <= {field for field, _ in found}
    with pytest.raises(Refused) as caught:
        add(small.index, "place-names", Draft({"name": "无处"}), editor=ADMIN)
    assert ("", "place-missing") in rules(caught.value)
    with pytest.raises(Refused) as caught:
        add(small.index, "place-names", Draft({"name": "远方"}, shapely.Point(10, 50)), editor=ADMIN)
    assert ("", "far-away") in rules(caught.value)
    assert small.last_seq() == before


def test_an_old_error_does_not_stand_in_the_way_of_another_field(small: Small) -> None:
    with small.register.writing() as connection:
        small.register.update(connection, "facility", small.ids["facility"], {"kind": "nobody-knows"})
    saved = change(small.index, "facilities", small.ids["facility"], Draft({"beds": "12"}, version=2), editor=ADMIN)
    assert saved.version == 3


def test_closed_and_opened_again(small: Small) -> None:
    uuid = small.ids["facility"]
    saved = close(small.index, "facilities", uuid, date(2026, 1, 31), Draft(version=1), editor=ADMIN)
    row = small.row("facility", uuid)
    assert (row["closed"], row["state"]) == ("2026-01-31", "closed")
    reopen(small.index, "facilities", uuid, Draft(version=saved.version), editor=ADMIN)
    row = small.row("facility", uuid)
    assert (row["closed"], row["state"]) == (None, "open")
    saved = close(small.index, "place-names", small.ids["place"], date(2026, 1, 31), Draft(version=1), editor=ADMIN)
    row = small.row("place", small.ids["place"])
    assert (row["valid_to"], row["usage"], row["abolished"]) == ("2026-01-31", "historical", "2026年")


def test_a_place_with_its_extent_in_one_transaction(small: Small) -> None:
    road = shapely.LineString([(118.5, 36.5), (118.6, 36.5)])
    saved = add(small.index, "place-names", Draft({"name": "新华路", "major": "transport"}, extent=road), editor=ADMIN)
    assert (saved.beside, saved.batch is not None) == (1, True)
    assert small.row("place", saved.uuid)["geom"] == shapely.Point(118.55, 36.5)
    lines = small.index.layer("place-lines")
    (extent,) = lines.uuid.tolist()
    assert small.row("place_line", extent)["name"] == "新华路"
    change(small.index, "place-names", saved.uuid, Draft({"name": "新兴路"}, version=1), editor=ADMIN)
    assert small.row("place_line", extent)["name"] == "新兴路"
    area = shapely.box(118.5, 36.5, 118.51, 36.51)
    saved = change(small.index, "place-names", saved.uuid, Draft({}, extent=area, version=2), editor=ADMIN)
    assert len(small.index.layer("place-areas")) == 1
    undo_batch(small.index, saved.batch or "", editor=ADMIN)
    assert len(small.index.layer("place-areas")) == 0


def test_a_line_that_runs_elsewhere_takes_its_stakes_along(small: Small) -> None:
    bent = shapely.LineString([(119, 36), (119.2, 36.2), (119, 36.5), (119, 37)])
    saved = change(small.index, "boundary-lines", small.ids["line"], Draft({}, bent, version=1), editor=ADMIN)
    row = small.row("boundary_line", small.ids["line"])
    assert row["length_m"] == pytest.approx(length_m(bent), abs=0.01)
    assert "青州市" in str(row["course"])
    expected = length_m(shapely.LineString(bent.coords[:3]))
    for table, key in (("stake", "stake"), ("line_stake", "join")):
        assert small.row(table, small.ids[key])["chainage_m"] == pytest.approx(expected, abs=0.02)
    undo_batch(small.index, saved.batch or "", editor=ADMIN)
    assert small.row("stake", small.ids["stake"])["chainage_m"] == 55000


def test_a_stake_keeps_its_chainage_right(small: Small) -> None:
    saved = change(
        small.index,
        "stakes",
        small.ids["stake"],
        Draft({"serial": "7"}, shapely.Point(119, 36.25), version=1),
        editor=ADMIN,
    )
    expected = length_m(shapely.LineString([(119, 36), (119, 36.25)]))
    assert small.row("stake", small.ids["stake"])["chainage_m"] == pytest.approx(expected, abs=0.02)
    join = small.row("line_stake", small.ids["join"])
    assert join["chainage_m"] == pytest.approx(expected, abs=0.02)
    assert (join["serial"], saved.beside) == (7, 1)
    fresh = add(
        small.index,
        "stakes",
        Draft({"number": "2481002Q", "line_uuid": small.ids["line"], "serial": "8"}, shapely.Point(119, 36.75)),
        editor=ADMIN,
    )
    assert fresh.beside == 1
    joins = small.index.frame("line_stake")
    assert joins.loc[joins["stake_uuid"] == fresh.uuid, "line_uuid"].tolist() == [small.ids["line"]]
    gone = change(small.index, "stakes", fresh.uuid, Draft({"line_uuid": ""}, version=1), editor=ADMIN)
    assert gone.beside == 1
    joins = small.index.frame("line_stake")
    assert fresh.uuid not in joins["stake_uuid"].tolist()


def test_names_of_divisions_are_repeated_where_they_stand(small: Small) -> None:
    change(small.index, "divisions", small.ids["370781"], Draft({"name": "青州区"}, version=1), editor=ADMIN)
    assert small.row("boundary_line", small.ids["line"])["left_name"] == "青州区"
    assert small.row("division_area", small.ids["area-370781"])["name"] == "青州区"


def test_every_layer_can_be_changed(small: Small) -> None:
    ids = {
        "divisions": "370724",
        "division-areas": "area-370724",
        "boundary-lines": "line",
        "stakes": "stake",
        "place-names": "place",
        "facilities": "facility",
    }
    for layer, key in ids.items():
        assert form(small.index, layer, reader=ADMIN.reader).fields
        saved = change(small.index, layer, small.ids[key], Draft({"note": "试"}, version=1), editor=ADMIN)
        assert saved.written == ("note",), layer
    for layer, values, geometry in (
        ("tripoints", {"code": "1", "codes": "370781,370724"}, HERE),
        ("boundary-points", {"number": "J1", "line_uuid": small.ids["line"]}, shapely.Point(119, 36.1)),
        ("place-areas", {"place_uuid": small.ids["place"]}, shapely.box(118.5, 36.5, 118.6, 36.6)),
    ):
        saved = add(small.index, layer, Draft(values, geometry), editor=ADMIN)
        assert saved.version == 1
    assert small.row("boundary_point", small.index.layer("boundary-points").uuid[0])["chainage_m"]


def test_who_may_change_what_and_where(small: Small) -> None:
    uuid = small.ids["facility"]
    clerk = Reader(frozenset({"clerk"}), frozenset({"370781"}))
    for reader, failure in (
        (Reader(frozenset({"viewer"})), NotAllowed),
        (Reader(frozenset({"surveyor"}), None, "370781"), NotAllowed),
        (Reader(frozenset({"planner"}), frozenset({"370724"})), OutOfReach),
    ):
        with pytest.raises(failure):
            change(small.index, "facilities", uuid, Draft({"beds": "1"}, version=1), editor=Editor("x", reader))
    with pytest.raises(OutOfReach):  # out of one's counties neither from nor to
        change(
            small.index, "facilities", uuid, Draft({}, shapely.Point(119.5, 36.6), version=1), editor=Editor("x", clerk)
        )
    with pytest.raises(OutOfReach):
        add(
            small.index,
            "facilities",
            Draft({"name": "x", "kind": "canteen"}, shapely.Point(119.5, 36.6)),
            editor=Editor("x", clerk),
        )
    assert (
        change(small.index, "facilities", uuid, Draft({"beds": "1"}, version=1), editor=Editor("x", clerk)).version == 2
    )
    surveyor = Editor("s", Reader(frozenset({"surveyor"}), None, "370724"))
    assert (
        change(small.index, "stakes", small.ids["stake"], Draft({"note": "x"}, version=1), editor=surveyor).version == 2
    )
    with pytest.raises(UnknownFeature):
        examined(small.index, "place-names", small.ids["secret"], Draft(), editor=Editor("x", clerk))


def test_a_planner_changes_the_figures_of_a_division_alone(small: Small) -> None:
    planner = Editor("p", Reader(frozenset({"planner"})))
    county = small.ids["370781"]
    asked = form(small.index, "divisions", reader=planner.reader)
    assert {field.name for field in asked.fields} == {
        "population",
        "aged_60",
        "aged_65",
        "aged_80",
        "population_source",
    }
    assert asked.geometry == ""
    assert (
        change(small.index, "divisions", county, Draft({"population": "960882"}, version=1), editor=planner).version
        == 2
    )
    with pytest.raises(Refused) as caught:
        change(small.index, "divisions", county, Draft({"name": "x"}, HERE, version=2), editor=planner)
    assert {field for field, _ in rules(caught.value)} == {"name", ""}


def test_nobody_hides_a_record_from_themselves(small: Small) -> None:
    clerk = Editor("c", Reader(frozenset({"clerk"})))
    with pytest.raises(Refused) as caught:
        change(small.index, "place-names", small.ids["place"], Draft({"secrecy": "secret"}, version=1), editor=clerk)
    assert ("secrecy", "beyond-clearance") in rules(caught.value)


@pytest.mark.parametrize(
    "given",
    [
        [],
        None,
        {"valuess": {}},
        {"values": []},
        {"version": "1"},
        {"version": True},
        {"why": 5},
        {"why": "x" * 501},
        {"geometry": {"type": "Circle", "coordinates": [1, 2]}},
        {"geometry": {"type": "Point", "coordinates": [float("nan"), 36]}},
        {"geometry": {"type": "Point", "coordinates": [118, 36, 5]}},
        {"geometry": {"type": "Point", "coordinates": [118, 360]}},
        {"geometry": {"type": "Point", "coordinates": ["118", "36"]}},
        {"geometry": {"type": "Point", "coordinates": True}},
        {"geometry": {"type": "LineString", "coordinates": [[118, 36]]}},
        {"geometry": {"type": "Polygon", "coordinates": [[[118, 36], [119, 36]]]}},
        {"geometry": {"type": "LineString", "coordinates": [[118, 36]] * 50_001}},
        {"geometry": {"type": "MultiPolygon", "coordinates": []}},
        {"geometry": {"type": "Point"}},
    ],
)
def test_what_is_no_draft(given: object) -> None:
    with pytest.raises(BadDraft) as caught:
        draft_from_json(given)
    assert caught.value.message


def test_a_draft() -> None:
    found = draft_from_json({"values": {"a": 1}, "geometry": None, "version": 3, "why": " x "})
    assert (found.geometry, found.version, found.why) == (None, 3, "x")
    assert draft_from_json({}).geometry is KEEP


CLERK = Editor("li", Reader(frozenset({"clerk"})))


def test_nothing_follows_from_a_record_that_the_editor_does_not_see(small: Small) -> None:
    area = shapely.MultiPolygon([shapely.box(118.5, 36.5, 118.6, 36.6)])
    draft = Draft({"place_uuid": small.ids["secret"]}, area)
    found = examined(small.index, "place-areas", "", draft, editor=CLERK)
    assert not found.follows
    assert "秘密地" not in str(found.after.state)
    with pytest.raises(Refused) as caught:
        add(small.index, "place-areas", draft, editor=CLERK)
    assert rules(caught.value) == {("place_uuid", "unknown-owner")}
    with pytest.raises(Refused):  # one that nobody has is the same
        add(small.index, "place-areas", Draft({"place_uuid": "0" * 36}, area), editor=CLERK)
    assert examined(small.index, "place-areas", "", draft, editor=ADMIN).follows["name"] == "秘密地"


def test_the_chainage_on_a_hidden_line_is_not_told(small: Small) -> None:
    with small.register.writing(who="chief", why="hide") as connection:
        hidden = small.register.insert(
            connection, "boundary_line",
            {"code": "2482", "left_code": "370781", "right_code": "370724", "secrecy": "secret",
             "geom": shapely.LineString([(119, 36.1), (119, 37)])},
        )  # fmt: skip
    surveyor = Editor("sun", Reader(frozenset({"surveyor"}), side="370781"))
    draft = Draft({"line_uuid": hidden}, version=1)
    found = examined(small.index, "stakes", small.ids["stake"], draft, editor=surveyor)
    assert "chainage_m" not in found.follows
    assert ("line_uuid", "error") in {(note.field, note.finding.severity) for note in found.notes}


def test_a_conflict_does_not_tell_what_the_editor_could_not_see_then(small: Small) -> None:
    uuid = small.ids["place"]
    for values in ({"secrecy": "secret", "note": "密"}, {"secrecy": "public", "note": "开"}):
        with small.register.writing(who="chief", why="secrecy") as connection:
            small.register.update(connection, "place", uuid, values)
    with pytest.raises(EditConflict) as caught:
        change(small.index, "place-names", uuid, Draft({"note": "我"}, version=2), editor=CLERK)
    assert "密" not in str(caught.value.fields)
    with pytest.raises(EditConflict) as caught:
        change(small.index, "place-names", uuid, Draft({"note": "我"}, version=2), editor=ADMIN)
    assert "密" in str(caught.value.fields)


def test_who_renamed_a_division_may_take_all_of_it_back(small: Small) -> None:
    editor = Editor("li", Reader(frozenset({"clerk"}), scope=frozenset({"370781"})))
    saved = change(small.index, "divisions", small.ids["370781"], Draft({"name": "青州县"}, version=1), editor=editor)
    assert small.row("boundary_line", small.ids["line"])["left_name"] == "青州县"
    assert undo_batch(small.index, saved.batch or "", editor=editor).changes == 3
    assert small.row("boundary_line", small.ids["line"])["left_name"] == "青州市"
    with small.register.writing(who="li", why="before", batch="more") as connection:  # when they still had that role
        small.register.update(connection, "division", small.ids["370781"], {"note": "x"})
        small.register.update(connection, "boundary_line", small.ids["line"], {"note": "x"})
    with pytest.raises(NotAllowed):
        undo_batch(small.index, "more", editor=editor)


def test_a_planner_takes_their_own_figures_back_and_nothing_else(small: Small) -> None:
    planner = Editor("wu", Reader(frozenset({"planner"})))
    uuid = small.ids["370781"]
    saved = change(small.index, "divisions", uuid, Draft({"population": "5"}, version=1), editor=planner)
    assert undo(small.index, saved.seq or 0, editor=planner).changes == 1
    with small.register.writing(who="wu", why="before") as connection:
        small.register.update(connection, "division", uuid, {"note": "x"})
        seq = small.register.last_seq(connection)
    with pytest.raises(NotAllowed):
        undo(small.index, seq, editor=planner)
