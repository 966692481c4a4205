"""Documents at lines and tripoints on both homes: listed by reader, added, changed, taken away, undone."""

from __future__ import annotations

import pytest
import shapely

from layers.access import ADMINISTRATOR, LOCAL_EDITOR, PUBLIC, Editor, NotAllowed, OutOfReach, Reader
from layers.boundaries.documents import (
    DocumentConflict,
    UnknownDocument,
    add_document,
    change_document,
    counts_by_line,
    documents_of,
    may_edit_documents,
    remove_document,
)
from layers.editing import Refused
from layers.features import UnknownFeature
from layers.history import Query, changes, undo
from tests.layers.history.conftest import Small

ADMIN = LOCAL_EDITOR("admin")
VALUES = {"kind": "平安边界协议", "title": " 平安边界协议书 ", "dated": "2021年5月1日", "parties": "甲、乙"}


def surveyor(side: str) -> Editor:
    return Editor("surveyor", Reader(frozenset({"surveyor"}), scope=frozenset({side}), side=side))


def titles(small: Small, reader: Reader = ADMINISTRATOR) -> list[str]:
    return [one.title for one in documents_of(small.index, "line", small.ids["line"], reader=reader)]


def test_a_document_is_added_changed_removed_and_undone(small: Small) -> None:
    line = small.ids["line"]
    saved = add_document(small.index, "line", line, VALUES, editor=ADMIN, why="补录")
    row = small.row("boundary_document", saved.uuid)
    assert (row["kind"], row["title"], row["dated"], row["line_uuid"]) == (
        "agreement", "平安边界协议书", "2021-05-01", line,
    )  # fmt: skip
    found = changes(small.index, Query(layer="boundary-lines", uuid=line), reader=ADMINISTRATOR).entries
    assert (found[0].table, found[0].op, found[0].who, found[0].why) == ("boundary_document", "insert", "admin", "补录")
    assert counts_by_line(small.index, reader=PUBLIC) == {line: 1}
    changed = change_document(small.index, saved.uuid, {"state": "ended"}, version=1, editor=ADMIN)
    assert changed.version == 2
    with pytest.raises(DocumentConflict):
        change_document(small.index, saved.uuid, {"state": "in_force"}, version=1, editor=ADMIN)
    undo(small.index, changed.seq, editor=ADMIN)
    assert documents_of(small.index, "line", line, reader=PUBLIC)[0].state is None
    gone = remove_document(small.index, saved.uuid, version=3, editor=ADMIN)
    assert titles(small) == []
    undo(small.index, gone.seq, editor=ADMIN)
    assert titles(small) == ["平安边界协议书"]


def test_what_cannot_stand_is_told_by_field(small: Small) -> None:
    values = {
        "kind": "treaty", "title": "", "dated": "2020-02-30", "colour": "x", "sha256": "0" * 64, "parties": {"a": 1},
        "valid_from": "2020-01-02", "valid_to": "2019-01-01",
    }  # fmt: skip
    with pytest.raises(Refused) as caught:
        add_document(small.index, "line", small.ids["line"], values, editor=ADMIN)
    assert {(note.field, note.finding.rule) for note in caught.value.notes} == {
        ("kind", "not-a-choice"), ("title", "required"), ("dated", "not-a-day"), ("colour", "unknown-field"),
        ("sha256", "unknown-scan"), ("parties", "not-a-text"), ("valid_to", "days-out-of-order"),
    }  # fmt: skip
    with pytest.raises(Refused) as caught:
        add_document(
            small.index, "line", small.ids["line"], {"kind": "dispute", "title": "t", "state": "in_force"}, editor=ADMIN
        )
    assert [note.finding.rule for note in caught.value.notes] == ["state-of-another-kind"]


def test_who_sees_and_who_changes(small: Small) -> None:
    line = small.ids["line"]
    internal = add_document(small.index, "line", line, {**VALUES, "secrecy": "internal"}, editor=ADMIN)
    assert titles(small, PUBLIC) == []
    assert counts_by_line(small.index, reader=PUBLIC) == {}
    assert titles(small, surveyor("370724").reader) == ["平安边界协议书"]
    assert may_edit_documents(small.index, "line", line, editor=surveyor("370781"))
    elsewhere = surveyor("370702")
    assert not may_edit_documents(small.index, "line", line, editor=elsewhere)
    with pytest.raises(OutOfReach):
        change_document(small.index, internal.uuid, {"title": "x"}, version=1, editor=elsewhere)
    clerk = Editor("clerk", Reader(frozenset({"clerk"})))
    with pytest.raises(NotAllowed):
        add_document(small.index, "line", line, VALUES, editor=clerk)
    with pytest.raises(UnknownFeature):
        add_document(small.index, "line", "nothing", VALUES, editor=ADMIN)
    with pytest.raises(UnknownDocument):
        remove_document(small.index, "nothing", version=1, editor=ADMIN)


def test_a_document_at_a_tripoint_with_a_scan_of_it(small: Small) -> None:
    with small.register.writing() as connection:
        values = {"name": "三交点", "codes": "370302,370724,370781", "geom": shapely.Point(119, 37)}
        tripoint = small.register.insert(connection, "tripoint", values)
        medium = {"owner": "tripoint", "owner_uuid": tripoint, "sha256": "a" * 64, "mime": "image/png", "kind": "image"}
        small.register.insert(connection, "medium", medium)
    values = {"kind": "landmark", "title": "主题公园", "sha256": "a" * 64}
    saved = add_document(small.index, "tripoint", tripoint, values, editor=surveyor("370781"))
    (found,) = documents_of(small.index, "tripoint", tripoint, reader=PUBLIC)
    assert (found.owner, found.sha256, found.version) == ("tripoint", "a" * 64, 1)
    undo(small.index, saved.seq, editor=surveyor("370781"))
    assert documents_of(small.index, "tripoint", tripoint, reader=PUBLIC) == ()
