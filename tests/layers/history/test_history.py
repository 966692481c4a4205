"""What has changed, said to whom it may be said, on both homes."""

from __future__ import annotations

import uuid as uuids
from datetime import date, timedelta

import pandas as pd
import pytest
import shapely

from layers import days
from layers.access import LOCAL_EDITOR, PUBLIC, NotAllowed, Reader
from layers.history import Query, changes
from layers.history.asking import BadQuery
from layers.history.sketch import sketch
from tests.layers.history.conftest import Small

ADMIN = LOCAL_EDITOR("admin").reader
CLERK = Reader(frozenset({"clerk"}))
QINGZHOU = Reader(frozenset({"clerk"}), frozenset({"370781"}))


def write(
    small: Small, key: str, table: str = "facility", /, *, who: str = "anna", batch: str | None = None, **values: object
) -> None:
    with small.register.writing(who=who, why="test", batch=batch) as connection:
        small.register.update(connection, table, small.ids[key], values)


def labels(small: Small, query: Query, reader: Reader = ADMIN) -> list[str]:
    return [entry.label for entry in changes(small.index, query, reader=reader).entries]


def test_before_and_after_field_by_field(small: Small) -> None:
    write(small, "facility", beds=20)
    write(small, "facility", beds=30, note="注", geom=shapely.Point(118.41, 36.6))
    newest, earlier, first = changes(small.index, Query(uuid=small.ids["facility"]), reader=ADMIN).entries
    assert [(one.name, one.before, one.after) for one in newest.fields] == [("beds", 20, 30), ("note", None, "注")]
    assert [(one.name, one.before, one.after) for one in earlier.fields] == [("beds", 10, 20)]
    assert newest.fields[0].title == ("床位数", "Beds")
    assert newest.moved is not None
    assert newest.moved.distance_m == pytest.approx(894, abs=2)
    assert earlier.moved is None
    assert (first.op, first.who, first.version) == ("insert", "setup", 1)
    assert {one.name for one in first.fields} >= {"kind", "name", "beds"}
    drawing = sketch(newest.moved)
    assert drawing.is_point
    assert drawing.before != drawing.after


def test_an_outside_writer_is_nobody_known(small: Small) -> None:
    with small.register.writing() as connection:
        small.register.update(connection, "facility", small.ids["facility"], {"beds": 1})
    (entry,) = changes(small.index, Query(who="-"), reader=ADMIN).entries
    assert (entry.who, entry.why) == (None, None)


def test_deleted_records_keep_their_name(small: Small) -> None:
    with small.register.writing(who="anna") as connection:
        small.register.delete(connection, "facility", small.ids["facility"])
    entry = changes(small.index, Query(layer="facilities", limit=1), reader=ADMIN).entries[0]
    assert (entry.op, entry.label) == ("delete", "日间照料中心")


def test_filters(small: Small) -> None:
    write(small, "facility", beds=20)
    write(small, "place", "place", who="bob", note="一")
    assert labels(small, Query(who="bob")) == ["云门山"]
    assert labels(small, Query(layer="facilities")) == ["日间照料中心"] * 2
    assert labels(small, Query(day=days.today(), who="anna")) == ["日间照料中心"]
    assert labels(small, Query(day=days.today() - timedelta(days=1))) == []
    assert labels(small, Query(day=date(1990, 1, 1))) == []
    with pytest.raises(BadQuery):
        changes(small.index, Query(limit=0), reader=ADMIN)


def test_pages_follow_one_another_without_gap_or_repeat(small: Small) -> None:
    for beds in range(7):
        write(small, "facility", beds=beds + 100)
    every = [entry.seq for entry in changes(small.index, Query(), reader=ADMIN).entries]
    found: list[int] = []
    before: int | None = None
    while True:
        page = changes(small.index, Query(limit=3, before=before), reader=ADMIN)
        found += [entry.seq for entry in page.entries]
        if page.following is None:
            break
        before = page.following
    assert found == every == sorted(every, reverse=True)


def test_a_batch_is_one_entry_and_can_be_opened(small: Small) -> None:
    batch = str(uuids.uuid4())
    frame = pd.DataFrame(
        {
            "kind": ["canteen"] * 40,
            "name": [f"食堂{number}" for number in range(40)],
            "county_code": ["370781"] * 30 + ["370724"] * 10,
            "secrecy": ["internal"] * 40,
        }
    )
    with small.register.writing(who="anna", why="import", batch=batch) as connection:
        small.register.merge(
            connection,
            "facility",
            frame,
            pd.DataFrame({"uuid": [small.ids["facility"]], "beds": pd.array([9], dtype="Int64")}),
        )
    write(small, "place", "place", note="一")
    after, folded, *_ = changes(small.index, Query(), reader=ADMIN).entries
    assert after.label == "云门山"
    assert (folded.op, folded.count, folded.batch) == ("batch", 41, batch)
    assert {(tally.op, tally.count) for tally in folded.tallies} == {("insert", 40), ("update", 1)}
    scoped = changes(small.index, Query(layer="facilities"), reader=QINGZHOU).entries[0]
    assert scoped.count == 31
    opened = changes(small.index, Query(batch=batch, limit=30), reader=ADMIN)
    rest = changes(small.index, Query(batch=batch, limit=30, before=opened.following), reader=ADMIN)
    assert len(opened.entries) + len(rest.entries) == 41
    assert len(changes(small.index, Query(batch=batch, limit=100), reader=QINGZHOU).entries) == 31


@pytest.mark.parametrize("reader", [CLERK, QINGZHOU])
def test_what_a_reader_may_not_see_is_not_told(small: Small, reader: Reader) -> None:
    write(small, "secret", "place", note="x")
    write(small, "internal", "place", note="y")
    seen = labels(small, Query(layer="place-names", limit=100), reader)
    assert "秘密地" not in seen
    assert ("内部地" in seen) == (reader is CLERK)
    assert "云门山" in seen


def test_an_internal_line_is_told_on_both_of_its_sides_alone(small: Small) -> None:
    batch = str(uuids.uuid4())
    write(small, "line", "boundary_line", batch=batch, secrecy="internal", is_public=False)
    write(small, "line", "boundary_line", batch=batch, note="x")
    for county, told in (("370781", True), ("370724", True), ("370786", False)):
        reader = Reader(frozenset({"clerk"}), frozenset({county}))
        entries = changes(small.index, Query(batch=batch), reader=reader).entries
        assert bool(entries) is told, county
        folded = changes(small.index, Query(layer="boundary-lines"), reader=reader).entries
        assert [entry.count for entry in folded if entry.batch == batch] == ([2] if told else []), county


def test_neither_side_of_a_change_may_be_hidden(small: Small) -> None:
    """Made secret: the past is hidden too. Made public again: the change itself stays hidden."""
    write(small, "place", "place", note="早")
    write(small, "place", "place", secrecy="secret")
    assert "云门山" not in labels(small, Query(layer="place-names"), CLERK)
    write(small, "place", "place", secrecy="public")
    write(small, "place", "place", note="晚")
    seen = changes(small.index, Query(uuid=small.ids["place"]), reader=CLERK).entries
    assert [[one.after for one in entry.fields] for entry in seen if entry.op == "update"] == [["晚"], ["早"]]


def test_nobody_without_an_internal_role(small: Small) -> None:
    for reader in (PUBLIC, Reader(frozenset({"viewer"}))):
        with pytest.raises(NotAllowed):
            changes(small.index, Query(), reader=reader)


def test_a_page_ends_where_too_much_is_hidden(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layers.history.asking.MOST_LOOKED_AT", 20)
    for number in range(60):
        with small.register.writing(who="chief", why="hidden") as connection:
            small.register.update(connection, "place", small.ids["secret"], {"note": str(number)})
    clerk = Reader(frozenset({"clerk"}))
    page = changes(small.index, Query(limit=2), reader=clerk)
    assert page.entries == ()
    assert page.following is not None
    found, pages = [], 1
    while page.following is not None and pages < 20:
        page = changes(small.index, Query(limit=2, before=page.following), reader=clerk)
        found += [entry.seq for entry in page.entries]
        pages += 1
    everything = changes(small.index, Query(limit=200), reader=clerk)
    assert found == [entry.seq for entry in everything.entries] or everything.following is not None
    assert len(set(found)) == len(found) > 0
