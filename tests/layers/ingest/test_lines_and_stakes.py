"""An official line replaces the derived one, and what stands along it is measured anew; stakes find their line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import LineString, MultiLineString, Point

from gis.linear import locate
from gis.measure import length_m
from layers.access import Editor, Reader
from layers.ingest.apply import apply_plan
from layers.register import Register
from tests.layers.ingest.made import EDITOR, messages, planned, rules
from tests.seeded import unseeded_flaws

CODE = "2481"  # 临朐–青州


def table(register: Register, name: str) -> Any:
    with register.reading() as connection:
        return register.frame(connection, name)


def line_of(register: Register, code: str = CODE) -> Any:
    lines = table(register, "boundary_line")
    return lines[lines["code"] == code].iloc[0]


def shifted(line: LineString, east: float = 0.0004, north: float = 0.0003) -> LineString:
    """An official survey of the line: a vertex more in each step, all of it a little aside."""
    denser = shapely.segmentize(line, 0.01)
    middle = shapely.get_coordinates(line.centroid)[0]
    return shapely.transform(denser, lambda xy: middle + (xy - middle) * 1.002 + np.array([east, north]))


def test_an_official_line_replaces_the_derived_one_as_a_new_version(own_register: Register) -> None:
    old = line_of(own_register)
    new = shifted(old["geom"])
    plan = planned(own_register, "lines", {"\u754c\u7ebf\u4ee3\u7801": [CODE]}, [new], file="official.shp")
    assert plan.counts == {"new": 0, "changed": 1, "same": 0, "refused": 0}
    assert "line-end" in rules(plan, "info") + rules(plan, "warning")
    assert "tripoint" in messages(plan)
    changed = {change.name for change in plan.changes()}
    assert changed == {"@place", "length_m", "status", "course"}
    done = apply_plan(own_register, plan, editor=EDITOR, why="official")
    line = line_of(own_register)
    assert (line["uuid"], line["version"], line["status"]) == (old["uuid"], old["version"] + 1, "official")
    assert line["length_m"] == pytest.approx(length_m(new), abs=0.01)
    assert line["course"] != old["course"]
    assert f"{length_m(new) / 1000:.2f}" in line["course"]
    assert (line["left_code"], line["start_name"]) == (old["left_code"], old["start_name"])
    stakes, joins = table(own_register, "stake"), table(own_register, "line_stake")
    mine = joins[joins["line_uuid"] == line["uuid"]]
    where = dict(zip(stakes["uuid"], stakes["geom"], strict=True))
    expected = locate(new, np.array([where[one] for one in mine["stake_uuid"]], dtype=object)).chainage_m
    assert np.allclose(mine["chainage_m"], expected, atol=0.006)
    own = stakes[stakes["line_uuid"] == line["uuid"]]
    assert np.allclose(own["chainage_m"], locate(new, own["geom"].to_numpy()).chainage_m, atol=0.006)
    with own_register.reading() as connection:
        log = [one for one in own_register.changes(connection, 0) if one.batch == done.batch]
    assert {one.layer for one in log} == {"boundary_line", "stake", "line_stake", "boundary_point"}
    assert unseeded_flaws(own_register.url) == []
    again = planned(own_register, "lines", {"\u754c\u7ebf\u4ee3\u7801": [CODE]}, [new], file="official.shp")
    assert again.empty


@pytest.mark.parametrize("name", ["name", "short_name"])
def test_a_line_without_code_is_known_by_its_name(own_register: Register, name: str) -> None:
    old = line_of(own_register)
    plan = planned(own_register, "lines", {"name": [old[name]]}, [shifted(old["geom"])])
    assert plan.uuids.tolist() == [old["uuid"]]
    assert plan.counts["refused"] == 0
    assert "name" not in {change.name for change in plan.changes()}


def test_a_line_that_runs_the_other_way_is_turned(own_register: Register) -> None:
    old = line_of(own_register)
    assert planned(own_register, "lines", {"code": [CODE]}, [old["geom"].reverse()]).empty
    new = shifted(old["geom"]).reverse()
    plan = planned(
        own_register, "lines",
        {"code": [CODE], "left_code": [old["right_code"]], "right_code": [old["left_code"]]}, [new],
    )  # fmt: skip
    assert "line-turned" in rules(plan, "info")
    apply_plan(own_register, plan, editor=EDITOR)
    line = line_of(own_register)
    assert line["left_code"] == old["left_code"]
    assert line["geom"].equals(new.reverse())


def test_a_course_text_of_the_file_s_own_is_taken(own_register: Register) -> None:
    new = shifted(line_of(own_register)["geom"])
    plan = planned(
        own_register, "lines", {"code": [CODE], "QTXX": ["\u6cbf\u5c71\u810a"], "status": ["official"]}, [new]
    )
    apply_plan(own_register, plan, editor=EDITOR)
    assert line_of(own_register)["course"] == "\u6cbf\u5c71\u810a"


def test_lines_are_found_by_their_sides_and_new_ones_are_named(own_register: Register) -> None:
    old = line_of(own_register)
    plan = planned(
        own_register, "lines", {"left_code": [old["right_code"]], "right_code": [old["left_code"]]},
        [shifted(old["geom"])],
    )  # fmt: skip
    assert plan.uuids.tolist() == [old["uuid"]]
    fresh = planned(
        own_register, "lines", {"code": ["X1"], "left_code": ["370781"], "right_code": ["370785"]},
        [LineString([(118.6, 36.7), (118.7, 36.7)])],
    )  # fmt: skip
    assert fresh.counts["new"] == 1
    (write,) = fresh.writes
    assert write.inserts is not None
    row = write.inserts.iloc[0]
    assert (row["left_name"], row["status"], row["inner"]) == ("\u9752\u5dde\u5e02", "official", True)
    assert row["name"] == "\u9752\u5dde\u5e02\u2014\u9ad8\u5bc6\u5e02"


def test_a_line_in_pieces_is_joined_or_refused(own_register: Register) -> None:
    old = line_of(own_register)
    xy = shapely.get_coordinates(old["geom"])
    pieces = MultiLineString([xy[:5], xy[4:]])
    assert planned(own_register, "lines", {"code": [CODE]}, [pieces]).empty
    apart = MultiLineString([xy[:4], xy[6:]])
    assert planned(own_register, "lines", {"code": [CODE]}, [apart]).counts["refused"] == 1


def test_stakes_find_their_line_and_their_place_on_it(own_register: Register) -> None:
    line = line_of(own_register)
    middle = line["geom"].interpolate(0.37, normalized=True)
    aside = Point(middle.x + 0.004, middle.y + 0.004)
    columns = {"number": [f"{CODE}901Q", f"{CODE}902Q", "9999001Q"], "\u754c\u7ebf\u4ee3\u7801": [CODE, CODE, None]}
    plan = planned(own_register, "stakes", columns, [middle, aside, middle])
    assert "off-the-line" in rules(plan, "warning")
    assert plan.counts == {"new": 2, "changed": 0, "same": 0, "refused": 1}
    plan = planned(own_register, "stakes", {name: values[:2] for name, values in columns.items()}, [middle, aside])
    apply_plan(own_register, plan, editor=EDITOR)
    stakes = table(own_register, "stake").set_index("number")
    found = stakes.loc[f"{CODE}901Q"]
    expected = float(locate(line["geom"], np.array([middle], dtype=object)).chainage_m[0])
    assert (found["line_uuid"], found["serial"], found["kind"]) == (line["uuid"], 901, "single")
    assert found["chainage_m"] == pytest.approx(expected, abs=0.006)
    joins = table(own_register, "line_stake")
    assert set(joins[joins["stake_uuid"] == found["uuid"]]["line_uuid"]) == {line["uuid"]}
    assert unseeded_flaws(own_register.url) == []
    again = planned(own_register, "stakes", {name: values[:2] for name, values in columns.items()}, [middle, aside])
    assert again.empty
    moved = line["geom"].interpolate(0.45, normalized=True)
    plan = planned(own_register, "stakes", {"number": [f"{CODE}901Q"]}, [moved])
    assert {change.name for change in plan.changes()} == {"@place", "chainage_m"}
    apply_plan(own_register, plan, editor=EDITOR)
    joins = table(own_register, "line_stake")
    after = table(own_register, "stake").set_index("number").loc[f"{CODE}901Q"]["chainage_m"]
    assert joins[joins["stake_uuid"] == found["uuid"]]["chainage_m"].tolist() == [after]


def test_a_triple_stake_may_come_with_another_of_its_lines(own_register: Register) -> None:
    stakes, joins = table(own_register, "stake"), table(own_register, "line_stake")
    lines = table(own_register, "boundary_line").set_index("uuid")
    both = joins.merge(stakes, left_on="stake_uuid", right_on="uuid", suffixes=("", "_stake"))
    other = both[(both["line_uuid"] != both["line_uuid_stake"])].iloc[0]
    columns = {
        "number": [f"{lines.loc[other['line_uuid'], 'code']}{int(other['serial']):03d}C"],
        "\u754c\u7ebf\u4ee3\u7801": [lines.loc[other["line_uuid"], "code"]],
        "material": ["\u82b1\u5c97\u5ca9" if other["material"] != "\u82b1\u5c97\u5ca9" else "\u6df7\u51dd\u571f"],
    }
    plan = planned(own_register, "stakes", columns, [other["geom"]])
    assert plan.uuids.tolist() == [other["stake_uuid"]]
    assert {change.name for change in plan.changes()} == {"material"}
    assert isinstance(both, pd.DataFrame)


def test_hidden_tripoints_and_stakes_are_not_told(own_register: Register) -> None:
    new = shapely.transform(shifted(line_of(own_register)["geom"]), lambda xy: xy + np.array([0.002, 0.002]))
    with own_register.writing(who="chief", why="hide") as connection:
        for name in ("tripoint", "stake", "boundary_point"):
            for uuid in own_register.frame(connection, name, columns=["uuid"])["uuid"]:
                own_register.update(connection, name, str(uuid), {"secrecy": "secret"})
    surveyor = Editor("sun", Reader(frozenset({"surveyor"}), side="370781"))
    rows = {"\u754c\u7ebf\u4ee3\u7801": [CODE]}
    plan = planned(own_register, "lines", rows, [new], editor=surveyor)
    told = {noted.finding.rule for noted in plan.notes}
    assert plan.counts["changed"] == 1
    assert not told & {"line-end", "off-the-line"}
    assert {"line-end", "off-the-line"} <= {
        one.finding.rule for one in planned(own_register, "lines", rows, [new]).notes
    }
