"""Applications as the office keeps them: numbers, versions, steps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from layers.access import ADMINISTRATOR, Editor
from layers.office import Office, applications
from layers.office.application_lists import Asked, listed, tallied
from layers.office.applications import ApplicationConflict, UnknownApplication
from tests.layers.office.conftest import office, office_path, office_url, postgis

__all__ = ["office", "office_path", "office_url", "postgis"]

ANNA = Editor("anna", ADMINISTRATOR)


def entered(office: Office, *, county: str = "370703", **values: Any) -> applications.Application:
    given = {"kind": "name", "state": "pending", "county": county, "name": "新路", "proposed": {}, **values}
    return applications.add(office, given, year=2026, action="submit", editor=ANNA)


def test_a_number_of_the_county_and_the_year(office: Office) -> None:
    assert [entered(office).number for _ in range(2)] == ["2026-370703-0001", "2026-370703-0002"]
    assert entered(office, county="370725").number == "2026-370725-0001"
    given = {"kind": "name", "state": "pending", "county": "370703", "name": "新路", "proposed": {}}
    assert applications.add(office, given, year=2027, action="submit", editor=ANNA).number == "2027-370703-0001"


def test_numbers_are_each_given_once_whoever_comes_at_the_same_time(office: Office) -> None:
    found: list[str] = []
    with ThreadPoolExecutor(8) as pool:
        for numbers in pool.map(lambda _: [entered(office).number for _ in range(5)], range(8)):
            found += numbers
    assert sorted(found) == [f"2026-370703-{number:04d}" for number in range(1, 41)]


def test_nothing_is_overwritten_that_its_writer_has_not_seen(office: Office) -> None:
    first = entered(office)
    second = applications.change(
        office, first.uuid, first.version, {"state": "reviewed"}, action="review", editor=ANNA, remark="好"
    )
    assert (second.version, second.state) == (2, "reviewed")
    with pytest.raises(ApplicationConflict) as caught:
        applications.change(office, first.uuid, first.version, {"state": "returned"}, action="return", editor=ANNA)
    assert caught.value.params["present"] == 2
    found = applications.find(office, first.uuid)
    assert [(step.action, step.state, step.remark) for step in found.steps] == [
        ("submit", "pending", ""), ("review", "reviewed", "好"),
    ]  # fmt: skip


def test_a_claim_is_one_and_is_found_again(office: Office) -> None:
    first = entered(office)
    claimed = applications.claim(office, first.uuid, 1, "b1")
    assert (claimed.batch, claimed.version) == ("b1", 2)
    with pytest.raises(ApplicationConflict):
        applications.claim(office, first.uuid, 1, "b2")
    assert applications.claim(office, first.uuid, 2, "b3").batch == "b1", "the one that was cut off is finished"
    applications.release(office, first.uuid, "b1")
    assert applications.find(office, first.uuid).batch is None


def test_certificates_have_numbers_of_their_own(office: Office) -> None:
    numbers = []
    for _ in range(2):
        one = entered(office)
        done = applications.change(
            office, one.uuid, 1, {"state": "approved", "certificate": "Z%04d"}, action="approve", editor=ANNA,
            numbered="certificate-2026-370703",
        )  # fmt: skip
        numbers.append(done.certificate)
    assert numbers == ["Z0001", "Z0002"]


def test_asked_for_by_what_is_due(office: Office) -> None:
    entered(office)
    late = entered(office, state="approved", file_due="2026-03-01", announce_due="2026-03-16")
    later = entered(office, state="approved", announce_due="2026-03-05")
    found, count = listed(office, Asked(due=True))
    assert ([one.uuid for one in found], count) == ([late.uuid, later.uuid], 2)
    assert [one.uuid for one in listed(office, Asked(due_before="2026-03-02"))[0]] == [late.uuid]
    assert tallied(office, Asked(), "state") == {("approved",): 2, ("pending",): 1}


def test_asked_for_by_words_and_reach(office: Office) -> None:
    one = entered(office, name="百分百%路")
    entered(office, name="百分百路", county="370725")
    assert [found.uuid for found in listed(office, Asked(text="百%路"))[0]] == [one.uuid]
    assert listed(office, Asked(counties=frozenset()))[1] == 0
    assert listed(office, Asked(counties=frozenset({"370725"})))[1] == 1
    assert listed(office, Asked(limit=1)) == ([listed(office, Asked())[0][0]], 2)


def test_what_is_not_there(office: Office) -> None:
    with pytest.raises(UnknownApplication):
        applications.find(office, "x")
