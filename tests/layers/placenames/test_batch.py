"""Many names at once: shown, written as one change, undone as one; what would be wrong is left out and said."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gis.toponym import romanize
from layers.access import ADMINISTRATOR, LOCAL_EDITOR, Editor, NotAllowed, Reader
from layers.editing import Draft, change
from layers.filters import Filters
from layers.history import undo_batch
from layers.index import Index
from layers.office import Office, open_office
from layers.placenames import batch, findings
from layers.placenames.batch import BadBatch, BatchChanged, Operation, Target
from layers.placenames.findings import Asked
from layers.register import open_register

pytestmark = pytest.mark.xdist_group("findings")
EDITOR = LOCAL_EDITOR("anna")


@pytest.fixture(scope="module")
def opened(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Index, Office]]:
    """A checked register; each test undoes what it has written."""
    folder = tmp_path_factory.mktemp("batch")
    subprocess.run(["cp", str(demonstration), str(folder / "own.gpkg")], check=True)
    with open_register(folder / "own.gpkg") as register, open_office(folder / "office.sqlite") as office:
        yield Index(register), office


@pytest.fixture
def own(opened: tuple[Index, Office]) -> tuple[Index, Office]:
    """The same, checked anew where a test before has changed much."""
    index, office = opened
    if findings.needs_check(index, office):
        findings.check_all(index, office)
    return opened


def states(
    index: Index, columns: tuple[str, ...] = ("name", "roman", "specific", "generic", "place_code", "usage")
) -> Any:
    with index.held() as connection:
        places = index.register.frame(connection, "place", columns=["uuid", *columns]).set_index("uuid")
        lines = index.register.frame(connection, "place_line", columns=["uuid", "name"]).set_index("uuid")
    return places, lines


def test_what_findings_propose_is_written_and_undone_as_one(own: tuple[Index, Office]) -> None:
    index, office = own
    target, fix = Target(findings=Asked()), Operation("fix")
    plan = batch.plan(index, office, target, fix, editor=EDITOR)
    assert len(plan.rows) > 50
    assert plan.unmended > 50
    before, lines_before = states(index)
    done = batch.apply(index, office, target, fix, token=plan.token, why="by the rules", editor=EDITOR)
    assert done.count == len(plan.rows)
    after, _ = states(index)
    for row in plan.rows:
        for name, (old, new) in row.changes.items():
            if name in after:
                assert (before.loc[row.uuid, name] if old is not None else None) == old
                assert after.loc[row.uuid, name] == new
    codes = after["place_code"].loc[[row.uuid for row in plan.rows if "place_code" in row.changes]]
    assert codes.is_unique
    assert not codes.isin(before["place_code"]).any()
    with index.register.reading() as connection:
        log = index.register.changes(connection, done.seq - done.count)
    assert {(one.batch, one.who, one.why) for one in log} == {(done.batch, "anna", "by the rules")}
    undone = undo_batch(index, done.batch, editor=EDITOR)
    assert undone.changes >= done.count
    again, lines_again = states(index)
    assert again.equals(before)
    assert lines_again.equals(lines_before)


def test_a_renaming_carries_parts_spelling_and_extents_along(own: tuple[Index, Office]) -> None:
    index, office = own
    target = Target(places=Filters(classes=("transport",), county="370781"))
    replace = Operation("replace", field="name", find="路", value="大道")
    plan = batch.plan(index, office, target, replace, editor=EDITOR)
    row = next(row for row in plan.rows if row.changes.get("generic") == ("路", "大道"))
    assert row.changes["name"][1].endswith("大道")
    assert row.changes["roman"][1].endswith(" Dàdào")
    done = batch.apply(index, office, target, replace, token=plan.token, why="", editor=EDITOR)
    after, _ = states(index)
    names = after["name"].loc[[row.uuid for row in plan.rows]]
    assert not names.str.contains("路").any()
    with index.held() as connection:
        lines = index.register.frame(connection, "place_line", columns=["place_uuid", "name"])
    lines = lines[lines["place_uuid"].isin(names.index)]
    assert len(lines) > 20
    assert (lines["name"].to_numpy() == names.loc[lines["place_uuid"]].to_numpy()).all()
    undo_batch(index, done.batch, editor=EDITOR)


def test_spelling_by_the_rules_changes_what_is_spelled_otherwise_alone(own: tuple[Index, Office]) -> None:
    index, office = own
    plan = batch.plan(index, office, Target(places=Filters(county="370705")), Operation("romanize"), editor=EDITOR)
    before, _ = states(index)
    for row in plan.rows:
        old, new = row.changes["roman"]
        assert old != new
        name = before.loc[row.uuid, "name"]
        assert new in {
            romanize(name),
            romanize(name, "settlement"),
            romanize(name, generic=before.loc[row.uuid, "generic"]),
        }


def test_what_was_changed_meanwhile_is_not_overwritten(own: tuple[Index, Office]) -> None:
    index, office = own
    target, fix = Target(findings=Asked(rules=("romanization-differs",))), Operation("fix")
    plan = batch.plan(index, office, target, fix, editor=EDITOR)
    row = plan.rows[0]
    saved = change(index, "place-names", row.uuid, Draft(values={"note": "x"}, version=row.version), editor=EDITOR)
    with pytest.raises(BatchChanged):
        batch.apply(index, office, target, fix, token=plan.token, why="", editor=EDITOR)
    before, _ = states(index)
    assert before.loc[row.uuid, "roman"] == row.changes["roman"][0]
    assert saved.version == row.version + 1


def test_who_may_and_where(own: tuple[Index, Office]) -> None:
    index, office = own
    fix = Operation("fix")
    scoped = Editor("xin", Reader(frozenset({"clerk"}), scope=frozenset({"370702"})))
    whole = batch.plan(index, office, Target(findings=Asked()), fix, editor=EDITOR)
    mine = batch.plan(index, office, Target(findings=Asked()), fix, editor=scoped)
    assert {row.county for row in mine.rows} == {"370702"}
    assert len(mine.rows) + mine.out_of_reach <= len(whole.rows) + len(whole.left_out)
    assert mine.out_of_reach > 0
    with pytest.raises(NotAllowed):
        batch.plan(index, office, Target(findings=Asked()), fix, editor=Editor("p", Reader(frozenset({"planner"}))))


@pytest.mark.parametrize(
    ("operation", "target"),
    [
        (Operation("burn"), Target(findings=Asked())),
        (Operation("set", field="uuid", value="x"), Target(findings=Asked())),
        (Operation("set", field="place_code", value="1"), Target(findings=Asked())),
        (Operation("set", field="name"), Target(findings=Asked())),
        (Operation("set", field="usage", value="sometimes"), Target(findings=Asked())),
        (Operation("replace", field="name"), Target(findings=Asked())),
        (Operation("replace", field="attributes", find="x"), Target(findings=Asked())),
        (Operation("fix"), Target()),
    ],
)
def test_what_is_no_batch_is_refused(own: tuple[Index, Office], operation: Operation, target: Target) -> None:
    with pytest.raises(BadBatch) as caught:
        batch.plan(*own, target, operation, editor=EDITOR)
    assert str(caught.value)


def test_records_that_would_get_an_error_are_left_out(own: tuple[Index, Office]) -> None:
    index, office = own
    target = Target(places=Filters(classes=("building",), county="370702"))
    plan = batch.plan(index, office, target, Operation("set", field="class_code", value="99999"), editor=EDITOR)
    assert plan.rows == ()
    assert len(plan.left_out) > 5
    assert {note.finding.severity for _, note in plan.left_out} == {"error"}
    with pytest.raises(BadBatch):
        batch.apply(index, office, target, plan.operation, token=plan.token, why="", editor=EDITOR)
    assert batch.size(index, office, target, editor=EDITOR) >= len(plan.left_out)
    assert ADMINISTRATOR.clearance == 2
