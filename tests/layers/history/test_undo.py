"""Changes taken back as new ones, or not at all."""

from __future__ import annotations

import uuid as uuids

import pandas as pd
import pytest
import shapely

from layers.access import LOCAL_EDITOR, Editor, NotAllowed, OutOfReach, Reader
from layers.history import Query, UndoConflict, changes, undo, undo_batch
from layers.history.undo import NotUndoable, UnknownChange
from tests.layers.history.conftest import Small

ADMIN = LOCAL_EDITOR("admin")


def write(small: Small, key: str, table: str, /, *, who: str = "anna", **values: object) -> int:
    with small.register.writing(who=who, why="test") as connection:
        small.register.update(connection, table, small.ids[key], values)
    return small.last_seq()


def test_an_update_goes_back_and_later_changes_of_other_fields_stay(small: Small) -> None:
    seq = write(small, "facility", "facility", beds=99, geom=shapely.Point(118.45, 36.6))
    write(small, "facility", "facility", note="后来")
    done = undo(small.index, seq, editor=ADMIN, why="错了")
    row = small.row("facility", small.ids["facility"])
    assert (done.changes, row["beds"], row["note"], row["version"]) == (1, 10, "后来", 4)
    assert row["geom"] == shapely.Point(118.4, 36.6)
    newest = changes(small.index, Query(limit=1), reader=ADMIN.reader).entries[0]
    assert (newest.who, newest.why) == ("admin", "错了")
    assert undo(small.index, newest.seq, editor=ADMIN).changes == 1  # an undo is a change like any other
    assert small.row("facility", small.ids["facility"])["beds"] == 99


def test_a_field_changed_since_is_in_the_way(small: Small) -> None:
    seq = write(small, "facility", "facility", beds=20, note="一")
    write(small, "facility", "facility", beds=30)
    before = small.last_seq()
    with pytest.raises(UndoConflict) as caught:
        undo(small.index, seq, editor=ADMIN)
    (clash,) = caught.value.clashes
    assert [(one.name, one.before, one.after) for one in clash.fields] == [("beds", 20, 30)]
    assert small.last_seq() == before


def test_a_move_after_the_move_is_in_the_way(small: Small) -> None:
    seq = write(small, "facility", "facility", geom=shapely.Point(118.45, 36.6))
    write(small, "facility", "facility", geom=shapely.Point(118.46, 36.6))
    with pytest.raises(UndoConflict) as caught:
        undo(small.index, seq, editor=ADMIN)
    assert caught.value.clashes[0].moved


def test_an_insert_is_deleted_or_closed_where_others_belong_to_it(small: Small) -> None:
    def seq_of(name: str) -> int:
        return changes(small.index, Query(uuid=small.ids[name]), reader=ADMIN.reader).entries[-1].seq

    undo(small.index, seq_of("facility"), editor=ADMIN)
    assert small.row("facility", small.ids["facility"]) == {}
    done = undo(small.index, seq_of("stake"), editor=ADMIN)
    assert done.closed == 1
    assert small.row("stake", small.ids["stake"])["valid_to"]


def test_an_insert_that_was_changed_is_not_thrown_away(small: Small) -> None:
    seq = changes(small.index, Query(uuid=small.ids["facility"]), reader=ADMIN.reader).entries[-1].seq
    write(small, "facility", "facility", beds=77)
    with pytest.raises(UndoConflict):
        undo(small.index, seq, editor=ADMIN)


def test_a_deleted_record_comes_back_with_its_id(small: Small) -> None:
    uuid = small.ids["facility"]
    before = small.row("facility", uuid)
    with small.register.writing(who="anna") as connection:
        small.register.delete(connection, "facility", uuid)
    seq = small.last_seq()
    undo(small.index, seq, editor=ADMIN)
    after = small.row("facility", uuid)
    own = ("fid", "version", "changed")
    assert {name: value for name, value in after.items() if name not in own} == {
        name: value for name, value in before.items() if name not in own
    }
    with pytest.raises(UndoConflict) as caught:
        undo(small.index, seq, editor=ADMIN)
    assert caught.value.clashes[0].gone


@pytest.mark.parametrize("count", [3, 120])
def test_a_batch_goes_back_whole_or_not_at_all(small: Small, count: int) -> None:
    batch = str(uuids.uuid4())
    first = pd.DataFrame(
        {
            "kind": ["canteen"] * count,
            "name": [f"食堂{number}" for number in range(count)],
            "beds": pd.array(range(count), dtype="Int64"),
        }
    )
    with small.register.writing(who="anna") as connection:
        small.register.merge(connection, "facility", first)
    with small.register.reading() as connection:
        frame = small.register.frame(connection, "facility", columns=["uuid", "name", "beds"])
    changed = frame.assign(name=frame["name"] + "甲")[["uuid", "name"]]
    with small.register.writing(who="anna", batch=batch) as connection:
        small.register.merge(connection, "facility", first.assign(name="新"), changed)
    later = write(small, "facility", "facility", name="又改")
    with pytest.raises(UndoConflict):
        undo_batch(small.index, batch, editor=ADMIN)
    assert small.last_seq() == later
    undo(small.index, later, editor=ADMIN)
    done = undo_batch(small.index, batch, editor=ADMIN)
    assert done.changes == 2 * count + 1
    with small.register.reading() as connection:
        again = small.register.frame(connection, "facility", columns=["uuid", "name", "beds"])
    assert again.equals(frame)
    newest = changes(small.index, Query(limit=1), reader=ADMIN.reader).entries[0]
    assert newest.count == done.changes
    assert undo_batch(small.index, str(newest.batch), editor=ADMIN).changes == done.changes


def test_who_may_undo(small: Small) -> None:
    seq = write(small, "facility", "facility", beds=20)
    clerk = Reader(frozenset({"clerk"}))
    with pytest.raises(NotAllowed):
        undo(small.index, seq, editor=Editor("bob", clerk))
    with pytest.raises(OutOfReach):
        undo(small.index, seq, editor=Editor("anna", Reader(frozenset({"clerk"}), frozenset({"370724"}))))
    with pytest.raises(NotAllowed):
        undo(small.index, seq, editor=Editor("anna", Reader(frozenset({"surveyor"}), None, "370781")))
    assert undo(small.index, seq, editor=Editor("anna", clerk)).changes == 1
    seq = write(small, "facility", "facility", beds=21)
    assert undo(small.index, seq, editor=Editor("rev", Reader(frozenset({"reviewer"})))).changes == 1


def test_what_cannot_be_undone(small: Small) -> None:
    with pytest.raises(UnknownChange):
        undo(small.index, 10**9, editor=ADMIN)
    hidden = write(small, "secret", "place", note="x")
    with pytest.raises(UnknownChange):
        undo(small.index, hidden, editor=Editor("rev", Reader(frozenset({"reviewer"}))))
    with small.register.writing(who="anna") as connection:
        small.register.load(connection, {"dataset": pd.DataFrame({"key": ["a"]})})
    with pytest.raises(NotUndoable):
        undo(small.index, small.last_seq(), editor=ADMIN)
