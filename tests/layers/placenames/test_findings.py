"""Findings are kept: what an edit leaves is what a whole check finds; decisions stay; what is secret stays so."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from layers import days
from layers.access import ADMINISTRATOR, LOCAL_EDITOR, Editor, NotAllowed, OutOfReach, Reader
from layers.editing import Draft, add, change, close
from layers.index import Index
from layers.office import Office, open_office
from layers.office.findings import CHECK_DAY, FINDING
from layers.placenames import findings
from layers.placenames.findings import Asked
from layers.placenames.findings.decisions import BadReason, FindingGone
from layers.placenames.findings.listing import BadWorklist
from layers.placenames.rules.book import RULES
from layers.register import open_register

pytestmark = pytest.mark.xdist_group("findings")

EDITOR = LOCAL_EDITOR("anna")
ALL = Asked(severities=(), state="all", limit=200)


@pytest.fixture(scope="module")
def prepared(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a register whose names have all been checked, and its office. Only to be copied."""
    folder = tmp_path_factory.mktemp("checked")
    subprocess.run(["cp", str(demonstration), str(folder / "own.gpkg")], check=True)
    with open_register(folder / "own.gpkg") as register, open_office(folder / "office.sqlite") as office:
        index = Index(register)
        assert findings.needs_check(index, office)
        assert findings.check_all(index, office) > 500
        assert not findings.needs_check(index, office)
    return folder


@pytest.fixture
def office(prepared: Path, tmp_path: Path) -> Iterator[Office]:
    subprocess.run(["cp", str(prepared / "office.sqlite"), str(tmp_path / "office.sqlite")], check=True)
    with open_office(tmp_path / "office.sqlite") as opened:
        yield opened


@pytest.fixture
def checked(prepared: Path, tmp_path: Path) -> Iterator[Index]:
    """A register whose names have all been checked."""
    subprocess.run(["cp", str(prepared / "own.gpkg"), str(tmp_path / "own.gpkg")], check=True)
    with open_register(tmp_path / "own.gpkg") as register:
        yield Index(register)


def dumped(office: Office) -> set[tuple[str, ...]]:
    """Everything that is kept of each finding but its id."""
    names = ("key", "rule", "severity", "field", "value", "params", "candidates", "grp", "others", "name", "state")
    with office.reading() as connection:
        found = connection.execute(select(FINDING)).mappings().all()
    return {tuple(str(row[name]) for name in names) for row in found}


def rows(
    office: Office, *, reader: Reader = ADMINISTRATOR, who: str = "anna", **asked: Any
) -> tuple[findings.Row, ...]:
    wanted = Asked(**{"severities": (), "limit": 200, **asked})
    return findings.listing(office, wanted, reader=reader, who=who).rows


def edit(index: Index, uuid: str, **values: Any) -> None:
    with index.held() as connection:
        version = int(index.register.frame(connection, "place", columns=["version"], uuids=[uuid])["version"].iloc[0])
    change(index, "place-names", uuid, Draft(values=values, version=version), editor=EDITOR)


def test_whatever_is_edited_the_findings_are_those_of_a_whole_check(checked: Index, office: Office) -> None:
    """Forty edits of every sort, three of them at what was found before; compared once and again."""
    rng = np.random.default_rng(4)
    columns = checked.layer("place-names")
    estates = np.flatnonzero(columns["major"].isin(["settlement"]))
    picked = rng.choice(estates, 24, replace=False)
    with checked.held() as connection:
        frame = checked.register.frame(connection, "place", uuids=columns.uuid[picked].tolist())
    by_town = frame.sort_values(["town_code", "uuid"])
    models = by_town["name"].tolist()
    for place, (uuid, model) in enumerate(zip(by_town["uuid"], [*models[1:], models[0]], strict=True)):
        if place % 3 == 0:
            edit(checked, uuid, name=model)
        elif place % 3 == 1:
            edit(checked, uuid, name=f"新{model}", roman="Wrong Letters")
        else:
            edit(checked, uuid, meaning=None, established="2099年")
    for rule in ("duplicate-name", "same-sound", "code-duplicate"):
        for row in rows(office, rules=(rule,))[:2]:
            edit(checked, row.uuid, name=f"改{row.name}")
    closed = rows(office, rules=("duplicate-name",))[-1]
    close(checked, "place-names", closed.uuid, days.today(), Draft(version=1), editor=EDITOR)
    findings.brought_up_to_date(checked, office)
    by_edits = dumped(office)
    findings.check_all(checked, office)
    whole = dumped(office)
    assert by_edits - whole == set()
    assert whole - by_edits == set()


def test_a_committee_that_loses_its_village_is_missed_at_once(checked: Index, office: Office) -> None:
    columns = checked.layer("place-names")
    row = int(np.flatnonzero(columns["major"].isin(["committee"]))[100])
    uuid, (village,) = str(columns.uuid[row]), columns["village_code"].values(np.array([row]))
    before = {one.params["code"] for one in rows(office, rules=("no-counterpart",))}
    assert village not in before
    edit(checked, uuid, village_code=None)
    findings.brought_up_to_date(checked, office)
    assert {one.params["code"] for one in rows(office, rules=("no-counterpart",))} == before | {village}
    assert "committee-orphaned" in {
        one.rule for one in findings.of_record(office, uuid, reader=ADMINISTRATOR, who="anna")
    }
    edit(checked, uuid, village_code=village)
    findings.brought_up_to_date(checked, office)
    assert {one.params["code"] for one in rows(office, rules=("no-counterpart",))} == before


def test_a_new_name_is_checked_and_work_is_counted(checked: Index, office: Office) -> None:
    found = rows(office, rules=("romanization-differs",), mendable=True)[0]
    edit(checked, found.uuid, **dict(found.fix))
    model = rows(office, rules=("foreign-name",))[0]
    with checked.held() as connection:
        frame = checked.register.frame(connection, "place", uuids=[model.uuid])
    values = {name: frame[name].iloc[0] for name in ("name", "class_code", "county_code", "town_code", "major")}
    saved = add(checked, "place-names", Draft(values=values, geometry=frame["geom"].iloc[0]), editor=EDITOR)
    findings.brought_up_to_date(checked, office)
    rules = {one.rule for one in findings.of_record(office, saved.uuid, reader=ADMINISTRATOR, who="anna")}
    assert {"foreign-name", "duplicate-name", "mandatory-missing"} <= rules
    assert found.key not in {one.key for one in rows(office, rules=("romanization-differs",))}
    (work,) = findings.work(office, day=days.today().isoformat())
    assert (work.who, work.mended, work.today, work.kept) == ("anna", 1, 1, 0)


def test_what_is_kept_stays_kept_until_it_says_something_else(checked: Index, office: Office) -> None:
    first, second = rows(office, rules=("foreign-name",))[:2]
    with pytest.raises(BadReason):
        findings.keep(office, first.key, why="  ", editor=EDITOR)
    findings.keep(office, first.key, why="older than the country", editor=EDITOR)
    findings.skip(office, second.key, editor=EDITOR)
    assert first.key not in {one.key for one in rows(office, rules=("foreign-name",))}
    assert [one.key for one in rows(office, state="kept")] == [first.key]
    assert [one.key for one in rows(office, state="skipped")] == [second.key]
    # skipped is for oneself alone, kept for all
    others = {one.key for one in rows(office, rules=("foreign-name",), who="bert")}
    assert second.key in others
    assert first.key not in others
    edit(checked, first.uuid, note="looked at")
    findings.brought_up_to_date(checked, office)
    findings.check_all(checked, office)
    assert [one.key for one in rows(office, state="kept")] == [first.key]
    assert findings.decisions_on(office, first.uuid)[0]["why"] == "older than the country"
    edit(checked, first.uuid, name=f"老{first.name}")
    findings.brought_up_to_date(checked, office)
    assert rows(office, state="kept") == ()
    findings.reopen(office, second.key, editor=EDITOR)
    assert rows(office, state="skipped") == ()
    with pytest.raises(FindingGone):
        findings.keep(office, first.key, why="again", editor=EDITOR)


def test_counts_are_those_of_the_list_and_add_up(checked: Index, office: Office) -> None:
    whole = findings.listing(office, ALL, reader=ADMINISTRATOR, who="anna")
    counts = findings.counts(office, ALL, reader=ADMINISTRATOR, who="anna")
    for each in (counts.rules, counts.severities, counts.counties, counts.majors):
        assert sum(each.values()) == whole.total
    assert set(counts.rules) <= set(RULES)
    for rule, count in counts.rules.items():
        found = findings.listing(office, Asked(rules=(rule,), severities=()), reader=ADMINISTRATOR, who="anna")
        assert found.total == count
    county = max(counts.counties, key=lambda code: counts.counties[code])
    within = findings.counts(office, Asked(severities=(), county=county), reader=ADMINISTRATOR, who="anna")
    assert sum(within.towns.values()) == counts.counties[county]
    keys, after = [], 0
    while True:
        page = findings.listing(office, Asked(after=after, limit=173), reader=ADMINISTRATOR, who="anna")
        keys += [one.key for one in page.rows]
        if not page.following:
            break
        after = page.following
    assert len(keys) == len(set(keys)) == page.total
    with office.reading() as connection:
        days_ = connection.execute(select(CHECK_DAY)).mappings().all()
    assert sum(row["count"] for row in days_) == whole.total


@pytest.mark.parametrize(
    "asked", [{"rules": ("no-such",)}, {"severities": ("bad",)}, {"state": "x"}, {"limit": 0}, {"after": -1}]
)
def test_what_there_is_not_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(BadWorklist):
        Asked(**asked)


def test_who_may_not_see_a_name_sees_no_finding_of_it(checked: Index, office: Office) -> None:
    one = rows(office, rules=("duplicate-name",))[0]
    other = next(row for row in rows(office, rules=("duplicate-name",)) if row.uuid in one.others)
    edit(checked, one.uuid, secrecy="secret")
    findings.brought_up_to_date(checked, office)
    clerk = Reader(frozenset({"clerk"}))
    seen = rows(office, reader=clerk, rules=("duplicate-name",))
    # the other one's finding names the secret one, so it is not told either
    assert not {one.uuid, other.uuid} & {row.uuid for row in seen}
    assert findings.of_record(office, one.uuid, reader=clerk, who="x") == ()
    assert findings.of_record(office, other.uuid, reader=ADMINISTRATOR, who="x") != ()
    assert findings.counts(office, ALL, reader=clerk, who="x").rules["duplicate-name"] == len(seen)
    planner = Editor("p", Reader(frozenset({"planner"})))
    elsewhere = Editor("c", Reader(frozenset({"clerk"}), scope=frozenset({"370702"})))
    row = next(row for row in rows(office, rules=("foreign-name",)) if row.county != "370702")
    with pytest.raises(NotAllowed):
        findings.keep(office, row.key, why="x", editor=planner)
    with pytest.raises(OutOfReach):
        findings.keep(office, row.key, why="x", editor=elsewhere)


def test_after_a_large_change_the_whole_is_asked_for(checked: Index, office: Office) -> None:
    register = checked.register
    with register.writing(who="import") as connection:
        connection.exec_driver_sql("UPDATE place SET note = 'x' WHERE fid <= 200")
    with pytest.raises(findings.NotChecked):
        findings.brought_up_to_date(checked, office)
    assert findings.needs_check(checked, office)
    findings.check_all(checked, office)
    findings.brought_up_to_date(checked, office)


def test_a_name_whose_place_another_program_takes_away_is_an_orphan(checked: Index, office: Office) -> None:
    """By somebody who writes past the program; what belonged to the place is found, and goes when it is mended."""
    register = checked.register
    assert rows(office, rules=("orphaned-name",)) == ()
    with register.writing(who="qgis") as connection:
        place = register.insert(connection, "place", {"name": "甲"})
        name = register.insert(connection, "place_name", {"place_uuid": place, "name": "乙"})
    findings.brought_up_to_date(checked, office)
    with register.writing(who="qgis") as connection:
        connection.exec_driver_sql(f"DELETE FROM place WHERE uuid = '{place}'")
    findings.brought_up_to_date(checked, office)
    (orphan,) = rows(office, rules=("orphaned-name",))
    assert (orphan.uuid, orphan.name) == (name, "乙")
    assert findings.of_record(office, place, reader=ADMINISTRATOR, who="anna") == ()
    with register.writing(who="qgis") as connection:
        register.delete(connection, "place_name", name)
    findings.brought_up_to_date(checked, office)
    assert rows(office, rules=("orphaned-name",)) == ()
