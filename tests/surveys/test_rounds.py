"""Rounds of joint inspections: what is due, who may plan, what a task may do, what is undone."""

from __future__ import annotations

from datetime import date

import pytest

from layers.access import ADMINISTRATOR, PUBLIC, Editor, NotAllowed, OutOfReach, Reader
from layers.boundaries.checks import gather
from layers.editing import Refused
from layers.history import undo_batch
from layers.index import Index
from surveys.rounds import (
    ACTIONS,
    STATES,
    TRANSITIONS,
    PlanLine,
    RoundConflict,
    Task,
    UnknownRound,
    WrongTaskStep,
    add_lines,
    add_round,
    change_round,
    change_task,
    read_plan,
    read_round,
    remove_round,
    remove_task,
    step,
)
from surveys.rounds.writing import BadLines, RoundBegun

TODAY = date(2026, 11, 28)
CHIEF = Editor("chief", ADMINISTRATOR)
LINQU = Editor("lq", Reader(frozenset({"surveyor"}), side="370724"))
VALUES = {"title": "2025年补检", "year": 2025, "kind": "regular", "due": "2026-12-20"}


def lines_of(index: Index, standing: str) -> list[PlanLine]:
    plan = read_plan(index, reader=ADMINISTRATOR, today=TODAY)
    return [line for line in plan.lines if line.standing == standing]


def made(index: Index, *, lines: int = 2) -> tuple[str, list[Task]]:
    uuid = add_round(index, VALUES, [line.uuid for line in lines_of(index, "overdue")[:lines]], editor=CHIEF).uuid
    return uuid, list(read_round(index, uuid, reader=ADMINISTRATOR, today=TODAY).tasks)


def test_the_demonstrations_plan(index: Index) -> None:
    plan = read_plan(index, reader=PUBLIC, today=TODAY)
    assert plan.counts() == {"running": 5, "planned": 23, "overdue": 14}
    assert {line.due for line in plan.lines if line.standing == "overdue"} == {2025}
    assert [(one.year, one.kind, len(one.tasks)) for one in plan.rounds if one.kind] == [
        (2027, "regular", 14),
        (2026, "regular", 14),
        (2026, "adhoc", 2),
    ]
    running = next(one for one in plan.rounds if one.year == 2026 and one.kind == "regular")
    assert (len(running.of_state("fieldwork")), len(running.of_state("planned"))) == (5, 9)
    assert running.tasks[0].days_left == 33
    assert running.late == ()
    later = read_plan(index, reader=PUBLIC, today=date(2027, 1, 2))
    assert len(next(one for one in later.rounds if one.uuid == running.uuid).late) == 14
    assert sum(line.length_m or 0 for line in plan.lines) / 1000 == pytest.approx(956.27 + 729.98, abs=0.05)


def test_an_ad_hoc_inspection_puts_nothing_off(index: Index) -> None:
    plan = read_plan(index, reader=PUBLIC, today=TODAY)
    adhoc = next(one for one in plan.rounds if one.kind == "adhoc")
    seen = {task.line_uuid for task in adhoc.tasks}
    assert all(task.state == "finished" for task in adhoc.tasks)
    assert {line.standing for line in plan.lines if line.uuid in seen} == {"overdue"}


def test_a_round_is_made_with_its_lines_and_undone_as_one(own_index: Index) -> None:
    chosen = [line.uuid for line in lines_of(own_index, "overdue")]
    saved = add_round(own_index, VALUES, [*chosen, chosen[0]], editor=CHIEF, why="nobody has planned them")
    found = read_round(own_index, saved.uuid, reader=ADMINISTRATOR, today=TODAY)
    assert [task.line_uuid for task in found.tasks if task.line_uuid in chosen] != []
    assert len(found.tasks) == len(chosen) == 14
    assert all(task.due == "2026-12-20" and task.days_left == 22 for task in found.tasks)
    inside = gather(own_index, reader=ADMINISTRATOR).lines
    for task in found.tasks:
        assert {task.lead, task.partner} == set(inside[task.line_uuid].sides)
        assert task.lead.startswith("3707")  # a side inside the city leads
    assert lines_of(own_index, "overdue") == []
    assert saved.batch is not None
    undo_batch(own_index, saved.batch, editor=CHIEF, why="a mistake")
    with pytest.raises(UnknownRound):
        read_round(own_index, saved.uuid, reader=ADMINISTRATOR, today=TODAY)
    assert len(lines_of(own_index, "overdue")) == 14


@pytest.mark.parametrize(
    ("values", "field", "rule"),
    [
        ({"year": 2025, "kind": "regular"}, "title", "required"),
        ({**VALUES, "kind": "adhoc"}, "occasion", "no-occasion"),
        ({**VALUES, "year": "someday"}, "year", ""),
        ({**VALUES, "year": 1066}, "year", ""),
        ({**VALUES, "kind": "weekly"}, "kind", ""),
        ({**VALUES, "starts": "2027-01-01"}, "due", "dates-order"),
        ({**VALUES, "due": "2026-02-30"}, "due", ""),
        ({**VALUES, "colour": "red"}, "colour", "unknown-field"),
        ({**VALUES, "title": ["a"]}, "title", "not-a-text"),
    ],
)
def test_what_is_no_round(own_index: Index, values: dict[str, object], field: str, rule: str) -> None:
    before = own_index.seq()
    with pytest.raises(Refused) as caught:
        add_round(own_index, values, [], editor=CHIEF)
    assert field in {note.field for note in caught.value.notes}
    if rule:
        assert rule in {note.finding.rule for note in caught.value.notes}
    assert own_index.seq() == before


def test_lines_that_cannot_be_put_into_a_round(own_index: Index) -> None:
    uuid, tasks = made(own_index)
    with pytest.raises(BadLines, match="already"):
        add_lines(own_index, uuid, [tasks[0].line_uuid], editor=CHIEF)
    with pytest.raises(BadLines, match="no boundary line"):
        add_lines(own_index, uuid, ["00000000-0000-0000-0000-000000000000"], editor=CHIEF)
    with pytest.raises(BadLines, match="No line"):
        add_lines(own_index, uuid, [], editor=CHIEF)
    more = lines_of(own_index, "overdue")[0]
    add_lines(own_index, uuid, [more.uuid], editor=CHIEF)
    assert len(read_round(own_index, uuid, reader=ADMINISTRATOR, today=TODAY).tasks) == len(tasks) + 1


def test_the_table_is_whole() -> None:
    keys = {state.key for state in STATES}
    assert {row.before for row in TRANSITIONS} | {row.after for row in TRANSITIONS} <= keys
    assert {row.action for row in TRANSITIONS} == set(ACTIONS)
    assert len({(row.before, row.action) for row in TRANSITIONS}) == len(TRANSITIONS)


@pytest.mark.parametrize("state", [state.key for state in STATES])
@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_every_action_in_every_state(own_index: Index, state: str, action: str) -> None:
    _, (task, *_others) = made(own_index, lines=1)
    with own_index.register.writing(who="x") as connection:
        own_index.register.update(connection, "inspection_task", task.uuid, {"state": state})
    row = next((row for row in TRANSITIONS if (row.before, row.action) == (state, action)), None)
    if row is None:
        with pytest.raises(WrongTaskStep):
            step(own_index, task.uuid, action, version=2, day=TODAY, editor=CHIEF, why="w")
        return
    if row.reason:
        with pytest.raises(WrongTaskStep, match="reason"):
            step(own_index, task.uuid, action, version=2, day=TODAY, editor=CHIEF, why=" ")
    assert step(own_index, task.uuid, action, version=2, day=TODAY, editor=CHIEF, why="w").version == 3
    after = next(one for one in read_round(own_index, task.round_uuid, reader=PUBLIC, today=TODAY).tasks)
    assert after.state == row.after
    assert after.finished == (TODAY.isoformat() if row.after == "finished" else None)
    if action == "begin":
        assert after.starts == TODAY.isoformat()


def test_what_is_finished_counts_as_inspected(own_index: Index) -> None:
    uuid, (task, *_others) = made(own_index, lines=1)
    begun = step(own_index, task.uuid, "begin", version=1, day=TODAY, editor=CHIEF)
    assert {line.uuid for line in lines_of(own_index, "running")} >= {task.line_uuid}
    before = own_index.layer("boundary-lines")
    assert before["batch"].values([before.row_of(task.line_uuid)]) == [2020]  # type: ignore[arg-type]
    step(own_index, task.uuid, "finish", version=begun.version, day=TODAY, editor=CHIEF)
    line = next(line for line in lines_of(own_index, "later") if line.uuid == task.line_uuid)
    assert (line.inspected, line.due) == ((2020, 2025), 2030)
    after = own_index.layer("boundary-lines")
    assert after["batch"].values([after.row_of(task.line_uuid)]) == [2025]  # type: ignore[arg-type]
    with pytest.raises(RoundBegun):
        remove_round(own_index, uuid, version=1, editor=CHIEF)


def test_who_does_a_task_and_when(own_index: Index) -> None:
    uuid, (task, *_others) = made(own_index)
    people = {"lead_surveyors": "张三，李四; 张三", "partner_surveyors": ["王五"], "lead_side": task.partner}
    saved = change_task(own_index, task.uuid, people, version=1, editor=CHIEF)
    found = next(one for one in read_round(own_index, uuid, reader=PUBLIC, today=TODAY).tasks if one.uuid == task.uuid)
    assert found.lead_surveyors == ("张三", "李四")
    assert found.partner_surveyors == ("王五",)
    assert (found.lead, found.partner) == (task.partner, task.lead)
    with pytest.raises(RoundConflict):
        change_task(own_index, task.uuid, {"remark": "x"}, version=1, editor=CHIEF)
    with pytest.raises(Refused) as caught:
        change_task(own_index, task.uuid, {"lead_side": "110101"}, version=saved.version, editor=CHIEF)
    assert [note.finding.rule for note in caught.value.notes] == ["lead-side"]
    with pytest.raises(Refused):
        change_task(own_index, task.uuid, {"lead_surveyors": [1]}, version=saved.version, editor=CHIEF)


def test_a_plan_is_taken_away_a_record_is_not(own_index: Index) -> None:
    uuid, (first, *_others) = made(own_index)
    gone = remove_task(own_index, first.uuid, version=1, editor=CHIEF, why="twice")
    assert gone.version == 0
    changed = change_round(own_index, uuid, {"title": "补检"}, version=1, editor=CHIEF)
    with pytest.raises(RoundConflict):
        remove_round(own_index, uuid, version=1, editor=CHIEF)
    removed = remove_round(own_index, uuid, version=changed.version, editor=CHIEF)
    with pytest.raises(UnknownRound):
        read_round(own_index, uuid, reader=ADMINISTRATOR, today=TODAY)
    assert removed.batch is not None
    undo_batch(own_index, removed.batch, editor=CHIEF)
    assert len(read_round(own_index, uuid, reader=ADMINISTRATOR, today=TODAY).tasks) == 1
    recorded = next(one for one in read_plan(own_index, reader=ADMINISTRATOR, today=TODAY).rounds if not one.kind)
    with pytest.raises(RoundBegun):
        remove_round(own_index, recorded.uuid, version=recorded.version, editor=CHIEF)
    with pytest.raises(RoundBegun):
        remove_task(own_index, recorded.tasks[0].uuid, version=recorded.tasks[0].version, editor=CHIEF)


def test_each_side_plans_its_own_lines(own_index: Index) -> None:
    sides = {uuid: line.sides for uuid, line in gather(own_index, reader=ADMINISTRATOR).lines.items()}
    own = next(uuid for uuid, codes in sides.items() if "370724" in codes)
    other = next(uuid for uuid, codes in sides.items() if "370724" not in codes)
    with pytest.raises(OutOfReach):
        add_round(own_index, VALUES, [own, other], editor=LINQU)
    saved = add_round(own_index, VALUES, [own], editor=LINQU)
    mixed, _tasks = made(own_index, lines=14)
    with pytest.raises(OutOfReach):
        change_round(own_index, mixed, {"title": "x"}, version=1, editor=LINQU)
    change_round(own_index, saved.uuid, {"title": "x"}, version=1, editor=LINQU)
    clerk = Editor("c", Reader(frozenset({"clerk"})))
    for call in (
        lambda: add_round(own_index, VALUES, [], editor=clerk),
        lambda: step(own_index, "x", "begin", version=1, day=TODAY, editor=clerk),
        lambda: remove_round(own_index, mixed, version=1, editor=clerk),
    ):
        with pytest.raises(NotAllowed):
            call()
