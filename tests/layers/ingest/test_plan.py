"""What an import would do: which record a row is, what differs, and who may."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from shapely import Point

from layers.access import LOCAL_EDITOR, Editor, NotAllowed, Reader
from layers.ingest.apply import apply_plan
from layers.ingest.model import BadMapping, FieldMapping
from layers.ingest.plan import UnknownSubject
from layers.register import Register
from tests.layers.ingest.made import messages, planned, rules

HERE = Point(118.4871, 36.6912)  # in 青州市
NEAR = Point(118.4879, 36.6912)  # 71 m east of it
FAR = Point(118.4887, 36.6912)  # 143 m east of it
UUIDS = [f"{one:08d}-1111-4111-8111-111111111111" for one in range(9)]
NAME = "\u8bd5\u9a8c\u65b0\u6751"  # 试验新村


def village(**values: Any) -> dict[str, Any]:
    return {
        "name": NAME, "major": "settlement", "class_code": "22200", "county_code": "370781", "geom": HERE,
        "usage": "current", "generic": "\u6751", "specific": "\u8bd5\u9a8c\u65b0",
    } | values  # fmt: skip


def put(register: Register, table: str, *rows: dict[str, Any]) -> list[str]:
    with register.writing(who="test") as connection:
        return [register.insert(connection, table, row) for row in rows]


def test_a_row_that_nobody_has_is_new_and_gets_what_it_needs(own_register: Register) -> None:
    plan = planned(own_register, "place-names", {"name": [NAME], "class_code": ["22200"]}, [HERE])
    assert plan.counts == {"new": 1, "changed": 0, "same": 0, "refused": 0}
    assert not plan.blocked
    assert not plan.empty
    (write,) = plan.writes
    assert write.inserts is not None
    row = write.inserts.iloc[0]
    assert (row["name"], row["county_code"], row["major"], row["usage"]) == (NAME, "370781", "settlement", "current")
    assert row["roman"].startswith("Sh\u00ec")
    assert row["source"] == "names.csv"
    assert len(row["uuid"]) == 36


def test_places_are_matched_by_uuid_then_code_then_name_class_and_nearness(own_register: Register) -> None:
    one, two = put(
        own_register, "place", village(place_code="37078110022200900001"), village(name=f"{NAME}\u4e1c", geom=FAR)
    )
    plan = planned(
        own_register,
        "place-names",
        {
            "uuid": [one, None, None, None],
            "name": ["\u65b0\u540d\u6751", f"{NAME}\u4e1c", f"{NAME}\u4e1c", NAME],
            "class_code": ["22200"] * 4,
            "place_code": [None, None, None, None],
        },
        [HERE, NEAR, Point(118.52, 36.70), Point(118.53, 36.70)],
    )
    assert plan.uuids.tolist()[:2] == [one, two]
    assert plan.counts == {"new": 2, "changed": 2, "same": 0, "refused": 0}
    by_code = planned(
        own_register, "place-names",
        {"uuid": [UUIDS[1]], "name": ["\u65b0\u540d\u6751"], "place_code": ["37078110022200900001"]}, [FAR],
    )  # fmt: skip
    assert by_code.uuids.tolist() == [one]
    assert {change.name for change in by_code.changes()} >= {"name", "@place"}


def test_a_uuid_that_the_register_does_not_have_is_kept(own_register: Register) -> None:
    put(own_register, "place", village())
    columns = {"uuid": [UUIDS[0], "nonsense"], "name": [NAME, NAME], "class_code": ["22200"] * 2}
    plan = planned(own_register, "place-names", columns, [HERE, Point(118.52, 36.7)])
    assert plan.uuids[0] == UUIDS[0]
    assert plan.counts["new"] == 1
    assert rules(plan) == ["not-an-id"]


def test_what_could_be_two_records_is_refused_with_their_names(own_register: Register) -> None:
    one, two = put(own_register, "place", village(), village(geom=Point(118.4873, 36.6912)))
    between = Point(118.4872, 36.6912)
    plan = planned(own_register, "place-names", {"name": [NAME], "class_code": ["22200"]}, [between])
    assert rules(plan) == ["ambiguous-record"]
    assert one in messages(plan)
    assert two in messages(plan)
    with own_register.writing() as connection:
        own_register.update(connection, "place", two, {"valid_to": "2020-01-01"})
    plan = planned(own_register, "place-names", {"name": [NAME], "class_code": ["22200"]}, [HERE])
    assert plan.uuids.tolist() == [one]  # the other is closed
    assert plan.counts["same"] == 1


def test_the_one_at_the_very_spot_is_meant(own_register: Register) -> None:
    one, two = put(own_register, "place", village(), village(geom=Point(118.4873, 36.6912)))
    columns = {"name": [NAME, NAME], "class_code": ["22200", "22200"]}
    plan = planned(own_register, "place-names", columns, [Point(118.4873, 36.6912), HERE])
    assert plan.uuids.tolist() == [two, one]
    assert plan.counts["same"] == 2


def test_namesakes_across_a_street_are_two_places_and_pointed_out(own_register: Register) -> None:
    columns = {"name": [NAME, NAME], "class_code": ["22200", "22200"]}
    plan = planned(own_register, "place-names", columns, [HERE, Point(118.4873, 36.6912)])
    assert plan.counts["new"] == 2
    assert not plan.blocked
    namesakes = [noted for noted in plan.notes if noted.finding.rule == "namesake-near"]
    assert [(plan.number(noted), noted.finding.message) for noted in namesakes] == [
        (3, "Row 2 has the same name and class and lies within 100 m.")
    ]
    apply_plan(own_register, plan, editor=LOCAL_EDITOR("clerk"), why="namesakes")
    again = planned(own_register, "place-names", columns, [HERE, Point(118.4873, 36.6912)])
    assert again.counts["same"] == 2


def test_closed_records_are_found_too(own_register: Register) -> None:
    (one,) = put(own_register, "place", village(valid_to="2020-01-01"))
    plan = planned(own_register, "place-names", {"name": [NAME], "class_code": ["22200"]}, [HERE])
    assert plan.uuids.tolist() == [one]


def test_the_same_record_twice_is_refused_and_both_rows_are_named(own_register: Register) -> None:
    (one,) = put(own_register, "place", village())
    plan = planned(
        own_register,
        "place-names",
        {
            "uuid": [one, None, None, None, UUIDS[3], UUIDS[3]],
            "name": [NAME, *(f"{sign}\u6751" for sign in "\u7532\u7532\u4e59\u4e19\u4e01")],
            "class_code": ["22200"] * 6,
        },
        [HERE, Point(118.52, 36.7), Point(118.520001, 36.7), HERE, HERE, HERE],
    )  # fmt: skip
    assert plan.counts == {"new": 1, "changed": 0, "same": 1, "refused": 4}
    assert rules(plan) == ["same-record-twice"]
    assert "Rows 3, 4 are" in messages(plan)
    assert "Rows 6, 7 are" in messages(plan)
    twice = planned(own_register, "place-names", {"uuid": [one, one], "name": [NAME, NAME]}, [HERE, HERE])
    assert "Rows 2, 3 are" in messages(twice)


def test_empty_cells_keep_what_is_there_unless_they_are_to_clear_it(own_register: Register) -> None:
    (one,) = put(own_register, "place", village(meaning="m", origin="o"))
    columns = {"uuid": [one], "meaning": [None], "name": [NAME]}
    assert planned(own_register, "place-names", columns, [HERE]).empty
    plan = planned(own_register, "place-names", columns, [HERE], mapping=FieldMapping(empty="clear"))
    assert [(change.name, change.before, change.after) for change in plan.changes()] == [("meaning", "m", None)]


def test_an_older_version_with_other_values_is_refused(own_register: Register) -> None:
    (one,) = put(own_register, "place", village())
    with own_register.writing() as connection:
        own_register.update(connection, "place", one, {"meaning": "newer"})
    columns = {"uuid": [one], "version": ["1"], "name": [NAME], "meaning": ["older"]}
    assert rules(planned(own_register, "place-names", columns, [HERE])) == ["changed-meanwhile"]
    assert planned(own_register, "place-names", columns | {"meaning": ["newer"]}, [HERE]).empty
    assert planned(own_register, "place-names", columns | {"version": ["2"]}, [HERE]).counts["changed"] == 1


def test_flaws_refuse_new_and_changed_fields_alone(own_register: Register) -> None:
    (one,) = put(own_register, "place", village(class_code="99999"))
    assert planned(own_register, "place-names", {"uuid": [one], "class_code": ["99999"]}, [HERE]).empty
    changed = planned(own_register, "place-names", {"uuid": [one], "class_code": ["99999"], "meaning": ["x"]}, [HERE])
    assert changed.counts["changed"] == 1
    assert "unknown-class" in rules(changed, "warning")
    fresh = planned(own_register, "place-names", {"name": ["\u7532\u6751"], "class_code": ["99999"]}, [HERE])
    assert rules(fresh) == ["unknown-class"]
    unread = planned(own_register, "place-names", {"uuid": [one], "registered_at": ["soon"]}, [HERE])
    assert unread.counts["refused"] == 1


def test_columns_that_nobody_knows_are_told_and_not_taken(own_register: Register) -> None:
    plan = planned(
        own_register, "place-names", {"name": [NAME], "class_code": ["22200"], "\u672a\u77e5": ["x"]}, [HERE]
    )
    assert plan.recognised.unknown == ("\u672a\u77e5",)
    assert plan.counts["new"] == 1


def test_further_names_become_rows_of_their_own_once(own_register: Register) -> None:
    (one,) = put(own_register, "place", village())
    put(own_register, "place_name", {"place_uuid": one, "name": "\u8001\u6751", "kind": "alias"})
    columns = {
        "name": [NAME],
        "\u522b\u540d": ["\u8001\u6751\uff1b\u5c0f\u6751"],
        "\u66fe\u7528\u540d": ["\u65e7\u6751"],
    }
    plan = planned(own_register, "place-names", columns, [HERE])
    assert plan.counts["changed"] == 1
    (write,) = plan.writes
    assert write.table == "place_name"
    assert write.inserts is not None
    assert write.inserts[["place_uuid", "name", "kind", "status"]].to_numpy().tolist() == [
        [one, "\u5c0f\u6751", "alias", "in_use"], [one, "\u65e7\u6751", "former", "disused"],
    ]  # fmt: skip


def editor(*roles: str, scope: frozenset[str] | None = None) -> Editor:
    return Editor("somebody", Reader(frozenset(roles), scope))


def test_roles_and_scopes_hold_row_by_row(own_register: Register) -> None:
    with pytest.raises(NotAllowed):
        planned(own_register, "place-names", {"name": ["a"]}, [HERE], editor=editor("planner"))
    (mine,) = put(own_register, "place", village())
    columns = {"name": [NAME, "\u7532\u6751", "\u4e59\u6751"], "class_code": ["22200"] * 3, "meaning": ["x", "y", "z"]}
    places = [HERE, Point(118.52, 36.7), Point(119.16, 36.71)]
    plan = planned(own_register, "place-names", columns, places, editor=editor("clerk", scope=frozenset({"370781"})))
    assert plan.counts == {"new": 1, "changed": 1, "same": 0, "refused": 1}
    assert rules(plan) == ["outside-scope"]
    assert plan.uuids[0] == mine


def test_secret_records_are_not_touched_by_who_does_not_see_them(own_register: Register) -> None:
    (one,) = put(own_register, "place", village(secrecy="secret", meaning="hidden"))
    plan = planned(own_register, "place-names", {"uuid": [one], "meaning": ["x"]}, [HERE], editor=editor("clerk"))
    assert rules(plan) == ["outside-scope"]
    assert "hidden" not in messages(plan)


def test_what_cannot_be_asked_is_said(own_register: Register) -> None:
    with pytest.raises(UnknownSubject):
        planned(own_register, "roads", {"name": ["a"]})
    with pytest.raises(BadMapping):
        planned(own_register, "place-names", {"name": ["a"]}, mapping=FieldMapping(columns={"name": "nothing"}))


def test_doubts_about_the_whole_file_block_until_they_are_accepted(own_register: Register) -> None:
    with own_register.reading() as connection:
        some = pd.DataFrame(
            own_register.frame(connection, "place", columns=["name", "class_code", "county_code", "geom"])
        )
    some = some[some["county_code"] == "370781"].iloc[:60]
    shifted = [Point(one.x + 0.0060, one.y + 0.0005) for one in some["geom"]]
    columns = {name: some[name].tolist() for name in ("name", "class_code", "county_code")}
    swapped = planned(own_register, "place-names", columns, [Point(one.y, one.x) for one in some["geom"]])
    assert swapped.blocked
    assert swapped.faults
    assert not planned(own_register, "place-names", columns, shifted[:1]).faults


def test_findings_are_counted_and_capped(own_register: Register) -> None:
    count = 1500
    columns = {"name": [f"{NAME}{one}" for one in range(count)], "class_code": ["99999"] * count}
    places = [Point(118.4 + one * 1e-4, 36.7) for one in range(count)]
    plan = planned(own_register, "place-names", columns, places)
    counted = {one.rule: one.count for one in plan.rules()}
    assert counted["unknown-class"] == count
    assert sum(noted.finding.rule == "unknown-class" for noted in plan.findings(per_rule=1000)) == 1000
    first = plan.rules()[0].first
    assert plan.number(first) == 2
    assert plan.heading("class_code") == "class_code"
    assert plan.summary()["counts"]["refused"] == count


def test_records_that_the_editor_does_not_see_are_not_named_where_a_row_could_be_several(
    own_register: Register,
) -> None:
    hidden = put(own_register, "place", village(secrecy="secret"), village(secrecy="secret", geom=NEAR))
    clerk = Editor("li", Reader(frozenset({"clerk"})))
    rows = {"name": [NAME], "class_code": ["22200"]}
    middle = [Point(118.4875, 36.6912)]
    plan = planned(own_register, "place-names", rows, middle, editor=clerk)
    assert rules(plan) == ["outside-scope"]
    assert not any(uuid in str(plan.notes) for uuid in hidden)
    assert "ambiguous-record" in rules(planned(own_register, "place-names", rows, middle))


def test_what_no_column_gives_is_said_once_of_the_file(own_register: Register) -> None:
    plan = planned(own_register, "place-names", {"what": [NAME, NAME], "class_code": ["22200"] * 2}, [HERE, FAR])
    (missing,) = [noted for noted in plan.notes if noted.finding.severity == "error"]
    assert (missing.row, missing.field, missing.finding.rule) == (None, "name", "column-missing")
    assert plan.blocked
    assert plan.counts["refused"] == 2
    accepting = FieldMapping(accept=("column-missing",), constants={"source": "x"})
    assert planned(own_register, "place-names", {"what": [NAME]}, [HERE], mapping=accepting).faults
    named = FieldMapping(columns={"what": "name"})
    again = planned(
        own_register, "place-names", {"what": [NAME, None], "class_code": ["22200"] * 2}, [HERE, FAR], mapping=named
    )
    assert [(noted.row, noted.finding.rule) for noted in again.notes if noted.field == "name"] == [(1, "required")]


def test_a_file_without_coordinates_is_said_so_once(own_register: Register) -> None:
    plan = planned(own_register, "place-names", {"name": [NAME, f"{NAME}2"], "class_code": ["22200"] * 2})
    errors = [(noted.row, noted.field, noted.finding.rule) for noted in plan.notes if noted.finding.severity == "error"]
    assert errors == [(None, "@place", "column-missing")]
    columns = {"name": [NAME, f"{NAME}2"], "class_code": ["22200"] * 2, "@lon": ["118.5", ""], "@lat": ["36.7", ""]}
    assert rules(planned(own_register, "place-names", columns)) == ["place-missing"]
    assert "column-missing" not in rules(planned(own_register, "facilities", {"name": ["a"], "kind": ["canteen"]}))


def test_rows_of_a_file_that_only_adds_to_records_need_no_name(own_register: Register) -> None:
    (one,) = put(own_register, "place", village())
    plan = planned(own_register, "place-names", {"uuid": [one, UUIDS[3]], "meaning": ["x", "y"]})
    assert "column-missing" not in rules(plan)
    assert {(noted.row, noted.finding.rule) for noted in plan.notes} >= {(1, "required"), (1, "place-missing")}
