"""Rules of the boundary register: a sound line has no finding, and each seeded flaw is found by its rule alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, Point

from gis.linear import locate, point_at
from gis.measure import length_m
from layers.access import ADMINISTRATOR, PUBLIC
from layers.boundaries import describe
from layers.boundaries.checks import RULES, Facts, Limits, LineFacts, StakeOn, check_boundaries, check_line
from layers.boundaries.checks.limits import BadLimits, limits_from_text
from tests.layers.history.conftest import Small

LINE = LineString([(119.0, 36.0), (119.02, 36.2), (119.0, 36.4)])
LEFT = shapely.Polygon([(118, 36), *LINE.coords, (118, 36.4)])
RIGHT = shapely.Polygon([(120, 36), (120, 36.4), *reversed(LINE.coords)])
TRIPOINT = {"uuid": "t", "name": "甲–乙–丙", "codes": "370724,370781,370302", "geom": Point(119, 36)}
THIRD = LineString([(119, 36), (119.0, 35.8)])
FOURTH = LineString([(119, 36), (118.8, 36)])


def stake(number: str, chainage: float, serial: int, **others: Any) -> StakeOn:
    place = others.pop("geom", point_at(LINE, chainage))
    along = locate(LINE, np.array([place], dtype=object))
    state = {
        "uuid": number, "number": number, "code": number, "line_uuid": "line", "kind": "single", "geom": place,
        "reference_features": [{"kind": "独立树", "azimuth_deg": 20.0, "distance_m": 12.5}], "tripoint_uuid": None,
    } | others  # fmt: skip
    return StakeOn(state, serial, chainage, float(along.chainage_m[0]), abs(float(along.offset_m[0])))


def facts(**changes: Any) -> LineFacts:
    stakes = changes.pop("stakes", None)
    line = changes.pop("line", LINE)
    areas = changes.pop("areas", {"370781": LEFT, "370724": RIGHT})
    state = {
        "uuid": "line", "code": "2481", "name": "甲—乙", "left_code": "370781", "right_code": "370724",
        "start_name": "甲–乙–丙", "end_name": "入海口", "length_m": round(length_m(LINE), 2), "geom": line,
        "course": describe(LINE, start="甲–乙–丙", end="入海口", left="甲", right="乙"),
        "declared_length_m": length_m(LINE) + 15, "declared_single": 2, "declared_double": 1, "declared_triple": 1,
    } | changes  # fmt: skip
    if stakes is None:
        stakes = sound()
    stakes = tuple(sorted(stakes, key=lambda one: one.measured_m))
    return LineFacts(state, line, stakes, (TRIPOINT,), areas)


def sound() -> list[StakeOn]:
    middle = point_at(LINE, 20_000.0)
    return [
        stake("2481001C", 0.0, 1, kind="triple", tripoint_uuid="t"),
        stake("2481002Q", 10_000.0, 2),
        stake("2481003A", 20_000.0, 3, kind="double", geom=Point(middle.x - 0.0005, middle.y)),
        stake("2481003B", 20_000.0, 3, kind="double", geom=Point(middle.x + 0.0005, middle.y)),
        stake("2481004Q", 40_000.0, 4),
    ]


def others(*, third_at: LineString = THIRD) -> list[LineFacts]:
    def other(uuid: str, line: LineString, left: str, right: str) -> LineFacts:
        state = {"uuid": uuid, "code": uuid, "left_code": left, "right_code": right}
        return LineFacts(state, line, (), (TRIPOINT,), {})

    return [other("third", third_at, "370724", "370302"), other("fourth", FOURTH, "370781", "370302")]


def found(one: LineFacts, *, near: list[LineFacts] | None = None, joined: bool = True, **limits: float) -> list[str]:
    lines = {line.uuid: line for line in (one, *(others() if near is None else near))}
    joins = {("third", "2481001C"), ("fourth", "2481001C")} if joined else set()
    limits_ = replace(Limits(chainage_m=60.0), **limits)  # type: ignore[arg-type]
    return [flaw.finding.rule for flaw in check_line(one, Facts(lines, frozenset(joins)), limits_)]


def test_a_sound_line_has_no_finding() -> None:
    assert found(facts()) == []


def shifted(place: int, **changes: Any) -> list[StakeOn]:
    stakes = sound()
    old = stakes[place]
    state = {**old.state, **{name: value for name, value in changes.items() if name not in ("serial", "chainage_m")}}
    own = {name: changes[name] for name in ("serial", "chainage_m") if name in changes}
    stakes[place] = replace(old, state=state, **own)
    return stakes


EAST = LineString([(x + 0.001, y) for x, y in LINE.coords])
TURNED = "界线由甲–乙–丙三交点起，向南行22.3千米，折向北偏西北行22.3千米，至入海口止，全长44.54千米。"
SHORT = "界线由甲–乙–丙三交点起，向北行20.3千米，折向北行20.3千米，至入海口止，全长40.60千米。"
SEEDED = {
    "stake-off-line": {"stakes": [*sound()[:4], stake("2481004Q", 40_000.0, 4, geom=Point(119.009, 36.36))]},
    "stake-without-place": {"stakes": shifted(1, geom=None)},
    "stake-order": {"stakes": shifted(1, serial=9)},
    "chainage-differs": {"stakes": shifted(1, chainage_m=10_100.0)},
    "stake-number": {"stakes": shifted(1, number="2481-2Q")},
    "stake-code": {"stakes": shifted(1, code="x")},
    "stake-of-another-line": {"stakes": shifted(1, number="2482002Q")},
    "stake-letter": {"stakes": shifted(1, number="2481002C")},
    "stake-repeated": {"stakes": shifted(4, number="2481002Q")},
    "stake-count": {"declared_double": 2},
    "reference-features": {"stakes": shifted(1, reference_features=[{"kind": "桥", "azimuth_deg": 361.0}])},
    "length-differs": {"declared_length_m": 44.5},
    "length-not-measured": {"length_m": 44_000.0},
    "end-without-tripoint": {"tripoints": Point(119.001, 36.0)},
    "line-against-areas": {"areas": {"370781": LEFT, "370724": RIGHT}, "line": EAST},
    "no-common-border": {"areas": {"370781": LEFT, "370724": shapely.box(119.9, 36, 120, 36.4)}},
    "course-sector": {"course": TURNED},
    "course-length": {"course": SHORT},
    "course-unread": {"course": "沿弥河而下。"},
    "course-missing": {"course": None},
    "line-without-place": {"line": None, "stakes": []},
}


@pytest.mark.parametrize("rule", SEEDED)
def test_each_seeded_flaw_is_found(rule: str) -> None:
    changes = dict(SEEDED[rule])
    corner = changes.pop("tripoints", None)
    one = facts(**changes)
    near: list[LineFacts] | None = None
    if corner is not None:
        one = replace(one, tripoints=({**TRIPOINT, "geom": corner},))
        near = []
    rules = found(one, near=near)
    assert rule in rules
    also = {"line-against-areas": {"end-without-tripoint", "stake-off-line", "chainage-differs"},
            "line-without-place": {"stake-count"}, "course-sector": set(), "end-without-tripoint": set()}  # fmt: skip
    assert set(rules) - also.get(rule, set()) == {rule}


def test_a_tripoint_is_shared_by_its_lines_and_its_stake_stands_on_them() -> None:
    assert found(facts(), joined=False) == ["tripoint-stake-not-shared"] * 2
    one = facts()
    apart = others(third_at=LineString([(119, 35.99), (119.0, 35.8)]))
    near = [replace(line, state={**line.state, "uuid": f"z{line.uuid}"}) for line in apart]
    joined = frozenset({("zthird", "2481001C"), ("zfourth", "2481001C")})
    lines = {line.uuid: line for line in (one, *near)}
    (flaw,) = [
        flaw for flaw in check_line(one, Facts(lines, joined), Limits(chainage_m=60.0)) if flaw.layer == "tripoints"
    ]
    assert (flaw.finding.rule, flaw.uuid, flaw.finding.params["count"], flaw.finding.params["lines"]) == (
        "tripoint-not-shared", "t", 2, 3,
    )  # fmt: skip


def test_limits_are_parameters() -> None:
    stakes = [*sound()[:4], stake("2481004Q", 40_000.0, 4, geom=Point(119.009, 36.36))]
    assert found(facts(stakes=stakes), stake_off_m=2_000.0) == []
    assert found(facts(), double_off_m=10.0) == ["stake-off-line"] * 2


def test_an_office_writes_its_limits() -> None:
    limits = limits_from_text("stake_off_m=5, chainage_m=0.5 most_features=4")
    assert (limits.stake_off_m, limits.chainage_m, limits.most_features) == (5.0, 0.5, 4)
    assert limits.double_off_m == Limits().double_off_m
    assert limits_from_text("") == Limits()
    for wrong in ("stake_off", "stake_off_m=x", "stake_off_m=-1", "stake_off_m=nan", "most_features=1.5", "other=1"):
        with pytest.raises(BadLimits):
            limits_from_text(wrong)


def test_every_rule_is_seeded() -> None:
    assert set(RULES) == {*SEEDED, "tripoint-not-shared", "tripoint-stake-not-shared"}


def test_every_rule_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs/boundaries.md").read_text("utf-8")
    rows = [f"| `{rule.key}` | {rule.title_zh} | {rule.title_en} | {rule.severity} |" for rule in RULES.values()]
    assert [row for row in rows if row not in page] == []


def test_a_register_is_checked_by_reader_and_anew_after_a_change(small: Small) -> None:
    line = small.ids["line"]
    checked = check_boundaries(small.index, reader=ADMINISTRATOR)
    assert {one.finding.rule for one in checked.found[line]} == {
        "length-not-measured", "chainage-differs", "course-missing",
    }  # fmt: skip
    assert check_boundaries(small.index, reader=ADMINISTRATOR) is checked
    with small.register.writing() as connection:
        small.register.update(connection, "stake", small.ids["stake"], {"secrecy": "internal"})
    assert {one.finding.rule for one in check_boundaries(small.index, reader=PUBLIC).found[line]} == {
        "length-not-measured", "course-missing",
    }  # fmt: skip
    assert check_boundaries(small.index, reader=PUBLIC).counts(line) == {"error": 0, "warning": 1, "info": 1}
