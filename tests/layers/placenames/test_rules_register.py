"""All rules over the demonstration register: every seeded flaw is found, and on real rows what was agreed to.

`real_findings.csv` was read line by line; ``why`` says why a finding is right. The names of real villages that are one
character apart are not listed: they are information, right by their definition (the plain loop over all pairs
agrees), and counted here.
"""

from __future__ import annotations

import collections
import csv
from pathlib import Path

import pandas as pd
import pytest

from layers.access import ADMINISTRATOR
from layers.placenames.checking import check_places, facts_of, read_orphans, read_places
from layers.placenames.rules.places import COLUMNS, Places
from layers.records import Context
from layers.reference.demonstration.flaws import COUNTS
from layers.register import open_register

REVIEWED = Path(__file__).parent / "real_findings.csv"
FLAWS = Path("layers/reference/demonstration/flaws.csv")
ONE_APART_REAL = 1_739

#: Rules that find a seeded flaw at both of two records: at the one that was changed and at its model.
BOTH = {"code-duplicate", "near-duplicate", "double-registration"}
#: Rules whose seeded rows are all that they find. Names that are alike occur besides, as they do in life.
NOTHING_ELSE = set(COUNTS) - BOTH - {
    "company-name", "duplicate-name", "mandatory-missing", "nonstandard-character", "one-character-apart", "same-sound",
}  # fmt: skip


@pytest.fixture(scope="module")
def checked(demonstration):
    """Places, facts and all that is found."""
    with open_register(demonstration) as register, register.reading() as connection:
        places = read_places(register, connection)
        context = Context.read(register, connection, reader=ADMINISTRATOR)
        facts = facts_of(places, context, read_orphans(connection))
    return places, facts, list(check_places(places, facts))


@pytest.fixture(scope="module")
def seeded():
    with FLAWS.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_seeded_flaw_is_found_at_its_field(checked, seeded):
    _, _, found = checked
    told = {(one.rule.key, one.uuid, one.flaw.field) for one in found}
    # a rule about the place on the map has no field, and of parts either may be told
    fields = {"geom": "", "generic": "generic"}
    missed = [row for row in seeded if (row["rule"], row["uuid"], fields.get(row["field"], row["field"])) not in told]
    assert missed == []
    assert len(seeded) == sum(COUNTS.values())


def test_made_up_rows_have_no_other_flaw_of_these_rules(checked, seeded):
    places, _, found = checked
    source = dict(zip(places["uuid"], places["source"], strict=True))
    of = collections.defaultdict(set)
    for row in seeded:
        of[row["rule"]].add(row["uuid"])
    for one in found:
        if one.rule.key in NOTHING_ELSE and source.get(one.uuid, "synthetic") == "synthetic":
            assert one.uuid in of[one.rule.key], one
    counts = collections.Counter(one.rule.key for one in found)
    for rule in BOTH:
        assert counts[rule] == 2 * COUNTS[rule]
    assert counts["orphaned-name"] == counts["position-missing"] == counts["division-name-differs"] == 0


def test_findings_on_real_rows_are_those_that_were_reviewed(checked):
    places, facts, found = checked
    told = []
    for one in found:
        row = one.flaw.row
        if one.rule.key == "one-character-apart" or (row >= 0 and places["source"][row] == "synthetic"):
            continue
        if row >= 0:
            name, town = places["name"][row], facts.name_of(places["town_code"][row])
        else:
            at = facts.divisions.row_of[one.uuid]
            name, town = facts.divisions.name[at], facts.name_of(facts.divisions.town[at])
        value = str(one.flaw.params.get("others", one.flaw.params.get("characters", one.flaw.value)))
        told.append((one.rule.key, name, town, one.flaw.field, value))
    with REVIEWED.open(encoding="utf-8") as file:
        reviewed = [tuple(row.values()) for row in csv.DictReader(file)]
    assert all(why for *_, why in reviewed)
    assert sorted(told) == sorted(row[:5] for row in reviewed)


def test_real_names_one_character_apart_are_counted(checked):
    places, _, found = checked
    apart = [one for one in found if one.rule.key == "one-character-apart"]
    assert sum(places["source"][one.flaw.row] != "synthetic" for one in apart) == ONE_APART_REAL


def test_what_is_proposed_mends_the_flaw(checked):
    """Rows with the fix put in have no such flaw any more; of some fields only one record of a group is changed."""
    places, facts, found = checked
    mended = collections.Counter()
    for one in found:
        row = one.flaw.row
        if row < 0 or not one.flaw.fix or one.rule.reach != "row":
            continue
        state = {name: places[name][row] for name in COLUMNS} | dict(one.flaw.fix) | {"geom": places.geometry[row]}
        again = one.rule.find(Places(pd.DataFrame([state], dtype=object)), facts)
        assert [flaw for flaw in again if flaw.field == one.flaw.field] == [], one
        mended[one.rule.key] += 1
    assert {rule for rule, count in mended.items() if count == COUNTS.get(rule)} >= {
        "code-class", "code-division", "code-form", "code-missing", "committee-orphaned", "parts-disagree",
        "romanization-differs", "class-unknown",
    }  # fmt: skip
