"""The names of a place on both homes: listed by reader, added, changed, made the standard one, undone."""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from layers.access import ADMINISTRATOR, LOCAL_EDITOR, PUBLIC, Editor, NotAllowed, OutOfReach, Reader
from layers.editing import EditConflict, Refused
from layers.features import UnknownFeature
from layers.history import Query, changes, undo, undo_batch
from layers.placenames.names import (
    Decision,
    NameConflict,
    UnknownName,
    add_name,
    change_name,
    close_name,
    make_standard,
    names_of,
    remove_name,
)
from tests.layers.history.conftest import Small

ADMIN = LOCAL_EDITOR("admin")


def listed(small: Small, reader: Reader = ADMINISTRATOR, place: str = "place") -> list[tuple[str, str]]:
    return [(name.kind, name.name) for name in names_of(small.index, small.ids[place], reader=reader)]


def rules(error: Refused) -> set[tuple[str, str]]:
    return {(note.field, note.finding.rule) for note in error.notes}


def test_a_place_has_its_standard_name_and_what_is_added(small: Small) -> None:
    place = small.ids["place"]
    assert listed(small) == [("standard", "云门山")]
    saved = add_name(
        small.index, place,
        {"name": " 云峰 ", "kind": "alias", "decision": "潍政发〔2020〕1号", "decided_on": "2020年1月2日"},
        editor=ADMIN, why="补录",
    )  # fmt: skip
    row = small.row("place_name", saved.uuid)
    assert (row["name"], row["roman"], row["status"], row["decided_on"]) == ("云峰", "Yún Fēng", "in_use", "2020-01-02")
    assert listed(small) == [("standard", "云门山"), ("alias", "云峰")]
    found = changes(small.index, Query(layer="place-names", uuid=place), reader=ADMINISTRATOR).entries
    assert [(entry.table, entry.op, entry.who, entry.why) for entry in found][:1] == [
        ("place_name", "insert", "admin", "补录")
    ]
    undo(small.index, saved.seq, editor=ADMIN)
    assert listed(small) == [("standard", "云门山")]


def test_what_cannot_stand_is_told_by_field(small: Small) -> None:
    place = small.ids["place"]
    with pytest.raises(Refused) as caught:
        add_name(
            small.index, place,
            {
                "name": "", "kind": "nick", "valid_from": "2020-02-30", "is_public": "maybe", "colour": "x",
                "roman": "a\nb",
            },
            editor=ADMIN,
        )  # fmt: skip
    assert rules(caught.value) == {
        ("name", "required"), ("kind", "not-a-choice"), ("kind", "required"), ("valid_from", "not-a-day"),
        ("is_public", "not-yes-or-no"), ("colour", "unknown-field"), ("roman", "not-a-text"),
    }  # fmt: skip
    with pytest.raises(Refused) as caught:
        add_name(
            small.index, place,
            {"name": "云峰", "kind": "former", "valid_from": "2020-01-02", "valid_to": "2019-01-01"},
            editor=ADMIN,
        )  # fmt: skip
    assert rules(caught.value) == {("valid_to", "days-out-of-order")}
    for values, rule in (
        ({"name": "别的山", "kind": "standard"}, ("name", "standard-differs")),
        ({"name": "云门山", "kind": "alias"}, ("name", "same-as-standard")),
    ):
        with pytest.raises(Refused) as caught:
            add_name(small.index, place, values, editor=ADMIN)
        assert rules(caught.value) == {rule}
    add_name(small.index, place, {"name": "云门山", "kind": "standard", "decision": "1号"}, editor=ADMIN)
    with pytest.raises(Refused) as caught:
        add_name(small.index, place, {"name": "云门山", "kind": "standard"}, editor=ADMIN)
    assert rules(caught.value) == {("name", "name-repeated"), ("kind", "second-standard")}
    assert listed(small) == [("standard", "云门山")]


def test_changed_closed_and_taken_away_with_versions(small: Small) -> None:
    place = small.ids["place"]
    first = add_name(small.index, place, {"name": "云峰", "kind": "alias"}, editor=ADMIN)
    second = change_name(small.index, place, first.uuid, {"note": "查"}, version=1, editor=ADMIN)
    assert second.version == 2
    for version in (1, None):
        with pytest.raises(NameConflict):
            change_name(small.index, place, first.uuid, {"note": "旧"}, version=version, editor=ADMIN)
    closed = close_name(small.index, place, first.uuid, date(2021, 5, 1), version=2, editor=ADMIN)
    row = small.row("place_name", first.uuid)
    assert (row["valid_to"], row["status"], row["note"]) == ("2021-05-01", "disused", "查")
    assert not names_of(small.index, place, reader=PUBLIC)[-1].standing(date(2021, 5, 1))
    with pytest.raises(NameConflict):
        remove_name(small.index, place, first.uuid, version=2, editor=ADMIN)
    gone = remove_name(small.index, place, first.uuid, version=closed.version, editor=ADMIN)
    assert small.row("place_name", first.uuid) == {}
    undo(small.index, gone.seq, editor=ADMIN)
    assert small.row("place_name", first.uuid)["note"] == "查"
    with pytest.raises(UnknownName):
        change_name(small.index, small.ids["secret"], first.uuid, {"note": "x"}, version=1, editor=ADMIN)


def test_another_name_becomes_the_standard_one_in_one_step(small: Small) -> None:
    place = small.ids["place"]
    with small.register.writing(who="t", why="t") as connection:
        extent = shapely.MultiPolygon([shapely.box(118.4, 36.5, 118.5, 36.6)])
        area = small.register.insert(connection, "place_area", {"place_uuid": place, "name": "云门山", "geom": extent})
    alias = add_name(small.index, place, {"name": "云峰山", "kind": "alias"}, editor=ADMIN)
    decision = Decision("青政字〔2026〕3号", "青州市人民政府", date(2026, 3, 1))
    for name_version, place_version, error in ((9, 1, NameConflict), (1, 9, EditConflict)):
        with pytest.raises(error):
            make_standard(
                small.index, place, alias.uuid, version=name_version, place_version=place_version, decision=decision,
                editor=ADMIN,
            )  # fmt: skip
    saved = make_standard(small.index, place, alias.uuid, version=1, place_version=1, decision=decision, editor=ADMIN)
    now = small.row("place", place)
    assert (now["name"], now["roman"], now["specific"], now["generic"]) == ("云峰山", "Yúnfēng Shān", "云峰", "山")
    assert small.row("place_area", area)["name"] == "云峰山"
    found = names_of(small.index, place, reader=PUBLIC)
    assert [(one.kind, one.name, one.valid_from, one.valid_to, one.decision) for one in found] == [
        ("standard", "云峰山", "2026-03-01", None, "青政字〔2026〕3号"), ("former", "云门山", None, "2026-03-01", None),
    ]  # fmt: skip
    assert saved.batch
    undo_batch(small.index, saved.batch, editor=ADMIN)
    assert listed(small) == [("standard", "云门山"), ("alias", "云峰山")]
    assert small.row("place_area", area)["name"] == "云门山"
    # and back again: the row of the standard name becomes the former one, none is written twice
    saved = make_standard(small.index, place, alias.uuid, version=3, place_version=3, decision=decision, editor=ADMIN)
    former = next(one for one in names_of(small.index, place, reader=PUBLIC) if one.kind == "former")
    back = small.row("place", place)
    make_standard(
        small.index, place, former.uuid, version=former.version, place_version=int(str(back["version"])),
        decision=decision, editor=ADMIN,
    )  # fmt: skip
    assert listed(small) == [("standard", "云门山"), ("former", "云峰山")]
    again = names_of(small.index, place, reader=PUBLIC)[0]
    with pytest.raises(Refused):
        make_standard(
            small.index, place, again.uuid, version=again.version, place_version=1, decision=decision, editor=ADMIN
        )


def test_who_may_see_and_who_may_change(small: Small) -> None:
    place = small.ids["place"]
    clerk = Editor("clerk", Reader(frozenset({"clerk"})))
    far = Editor("far", Reader(frozenset({"clerk"}), frozenset({"370724"})))
    saved = add_name(small.index, place, {"name": "内称", "kind": "alias", "secrecy": "internal"}, editor=clerk)
    assert listed(small, PUBLIC) == [("standard", "云门山")]
    assert ("alias", "内称") in listed(small, clerk.reader)
    assert listed(small, far.reader) == [("standard", "云门山")]
    with pytest.raises(Refused) as caught:
        add_name(small.index, place, {"name": "密称", "kind": "alias", "secrecy": "secret"}, editor=clerk)
    assert rules(caught.value) == {("secrecy", "beyond-clearance")}
    with pytest.raises(OutOfReach):
        add_name(small.index, place, {"name": "甲", "kind": "alias"}, editor=far)
    with pytest.raises(NotAllowed):
        add_name(small.index, place, {"name": "甲", "kind": "alias"}, editor=Editor("v", Reader(frozenset({"viewer"}))))
    with pytest.raises(UnknownFeature):
        names_of(small.index, small.ids["secret"], reader=clerk.reader)
    secret = add_name(small.index, place, {"name": "密称", "kind": "alias", "secrecy": "secret"}, editor=ADMIN)
    with pytest.raises(UnknownName):
        change_name(small.index, place, secret.uuid, {"note": "x"}, version=1, editor=clerk)
    assert saved.version == 1
