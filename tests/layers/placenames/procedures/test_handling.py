"""Applications led through: what an approval writes, what takes it back, what is refused."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import shapely

from layers import days
from layers.access import Editor, NotAllowed, OutOfReach, Reader
from layers.editing import BadDraft, Draft, change
from layers.history import undo_batch
from layers.office import applications
from layers.office.applications import ApplicationConflict, UnknownApplication
from layers.placenames.procedures import handling
from layers.placenames.procedures.effects import effect_of
from layers.placenames.procedures.handling import FindingsStand, Given, StepIncomplete, act, actions_open, amend, find
from layers.placenames.procedures.judging import judged
from layers.placenames.procedures.lifecycle import WrongState
from layers.placenames.procedures.proposing import BadApplication, request_from_json
from tests.layers.placenames.procedures.conftest import (
    AUTHORITY,
    BOSS,
    CLERK,
    COUNTY,
    NUMBER,
    OTHER_REVIEWER,
    REVIEWER,
    Office,
    office,
)

__all__ = ["office"]


def rules(office: Office, application: applications.Application) -> set[str]:
    return {one.finding.rule for one in judged(office.desk.index, office.desk.office, application, editor=BOSS).found}


def test_a_naming_from_the_counter_to_the_announcement(office: Office) -> None:
    begun = office.begun(office.naming("振兴诗路"))
    assert (begun.state, begun.county, begun.submitter) == ("pending", COUNTY, "liu")
    assert rules(office, begun) == set()
    done = office.act(office.act(begun, "review"), "approve", number=NUMBER, authority=AUTHORITY)
    today = days.today()
    assert done.file_due == (today + timedelta(15)).isoformat()
    place = office.row("place", done.place)
    assert (place["name"], place["specific"], place["generic"]) == ("振兴诗路", "振兴诗", "路")
    assert place["place_code"].startswith(f"{COUNTY}00123510")
    assert place["registered_by"] == "liu"
    assert NUMBER in place["history"]
    assert office.names_of(done.place) == {"standard": "振兴诗路"}
    filed = office.act(done, "file", editor=CLERK, number="备〔2026〕3号")
    assert (filed.file_due, filed.announce_due) == (None, (today + timedelta(15)).isoformat())
    with pytest.raises(WrongState):
        office.act(filed, "file", editor=CLERK)
    announced = office.act(filed, "announce", editor=CLERK)
    assert (announced.announced, announced.announce_due) == (today.isoformat(), None)
    assert {row.action for row in actions_open(announced, editor=BOSS)} == set()
    assert [step.action for step in announced.steps] == ["submit", "review", "approve", "file", "announce"]


def test_an_approval_is_one_change_and_is_taken_back_as_one(office: Office) -> None:
    before = office.row("place", office.street)
    done = office.approved(office.about("rename", name="兴农北街"))
    assert office.row("place", office.street)["name"] == "兴农北街"
    assert office.names_of(office.street) == {"former": "兴农街", "standard": "兴农北街"}
    assert effect_of(office.desk.index, done) == "stands"
    back = office.act(done, "revoke", remark="写错了")
    assert (back.state, back.batch, back.approved, back.file_due) == ("reviewed", None, None, None)
    after = office.row("place", office.street)
    changed = {name for name in before if name not in ("version", "changed") and str(before[name]) != str(after[name])}
    assert changed == set()
    assert office.names_of(office.street) == {}
    again = office.act(back, "approve", number=NUMBER, authority=AUTHORITY)
    assert again.batch not in (None, done.batch)
    assert office.row("place", office.street)["name"] == "兴农北街"


def test_an_approval_that_was_undone_in_the_history_says_so(office: Office) -> None:
    done = office.approved(office.naming("振兴诗路"))
    assert done.batch is not None
    undo_batch(office.desk.index, done.batch, editor=BOSS)
    assert effect_of(office.desk.index, done) == "undone"
    assert office.act(done, "revoke", remark="已撤销").state == "reviewed", "nothing is left to be undone"


def test_a_name_that_is_closed_takes_its_extents_with_it(office: Office) -> None:
    columns = office.desk.index.layer("place-lines")
    extents = columns.uuid[columns["place_uuid"].isin([office.street]).nonzero()[0]].tolist()
    assert extents
    done = office.approved(office.about("close"))
    today = days.today().isoformat()
    place = office.row("place", office.street)
    assert (place["valid_to"], place["usage"]) == (today, "historical")
    assert all(office.row("place_line", extent)["valid_to"] == today for extent in extents)
    assert effect_of(office.desk.index, done) == "stands"
    office.act(done, "revoke", remark="未撤")
    assert effect_of(office.desk.index, replace(done)) == "undone"
    assert not isinstance(office.row("place_line", extents[0])["valid_to"], str)


def test_a_certificate_is_numbered_and_changes_nothing(office: Office) -> None:
    before = office.desk.index.seq()
    done = office.act(office.act(office.begun(office.about("certify")), "review"), "approve")
    assert done.certificate == f"{days.today().year}-{COUNTY}-Z0001"
    assert (done.file_due, done.batch) == (None, None)
    assert office.desk.index.seq() == before


@pytest.mark.parametrize(("name", "rule"), [("兴农街", "duplicate-name"), ("兴农ABC街", "forbidden-pattern")])
def test_an_error_keeps_it_from_approval_unless_a_reviewer_says_why(office: Office, name: str, rule: str) -> None:
    begun = office.begun(office.naming(name))
    assert rule in rules(office, begun)
    with pytest.raises(FindingsStand):
        office.act(begun, "review")
    reviewed = office.act(begun, "review", override="两街相距甚远，当地可辨")
    assert reviewed.override is not None
    assert reviewed.override["who"] == "wang"
    assert rule in reviewed.override["rules"]
    assert office.act(reviewed, "approve", number=NUMBER).state == "approved", "said once is enough"


def test_an_override_does_not_cover_what_came_later(office: Office) -> None:
    reviewed = office.act(office.begun(office.naming("振兴诗路")), "review")
    rival = office.begun(office.naming("振兴诗路"))
    assert "also-proposed" in rules(office, rival)
    done = office.act(office.act(rival, "review"), "approve", number=NUMBER)
    assert done.state == "approved"
    with pytest.raises(FindingsStand) as caught:
        office.act(reviewed, "approve", number=NUMBER)
    assert [one.finding.rule for one in caught.value.judgement.errors] == ["duplicate-name"]
    assert applications.find(office.desk.office, reviewed.uuid).batch is None


def test_a_reserved_name_is_taken_until_it_is_given_or_cancelled(office: Office) -> None:
    reserved = office.act(office.act(office.begun(office.naming("振兴诗路", kind="prename")), "review"), "approve")
    assert (reserved.state, reserved.batch, reserved.file_due) == ("approved", None, None)
    other = office.begun(office.naming("振兴诗路"))
    assert "duplicate-name" in rules(office, other)
    own = office.begun(office.naming("振兴诗路", reserves=reserved.uuid))
    assert "duplicate-name" not in rules(office, own)
    done = office.act(office.act(own, "review"), "approve", number=NUMBER)
    assert applications.find(office.desk.office, reserved.uuid).became == done.uuid
    with pytest.raises(BadApplication):
        office.begun(office.naming("振兴诗路", reserves=reserved.uuid))
    office.act(done, "revoke", remark="重来")
    reserved = applications.find(office.desk.office, reserved.uuid)
    assert reserved.became == ""
    office.act(reserved, "cancel", remark="不建了")
    assert "duplicate-name" not in rules(office, applications.find(office.desk.office, other.uuid))


def test_a_name_that_was_changed_meanwhile_is_told(office: Office) -> None:
    begun = office.begun(office.about("rename", name="兴农北街"))
    version = int(office.row("place", office.street)["version"])
    change(office.desk.index, "place-names", office.street, Draft({"name": "兴业街"}, version=version), editor=BOSS)
    with pytest.raises(FindingsStand):
        office.act(begun, "review", override="无妨")
    assert "name-changed" in rules(office, begun)


def test_the_villagers_are_asked_first(office: Office) -> None:
    begun = office.begun(office.naming("振兴诗路", channel="rural"))
    assert begun.state == "consulting"
    assert {row.action for row in actions_open(begun, editor=CLERK)} == {"amend", "opinion", "cancel"}
    with pytest.raises(WrongState):
        office.act(begun, "submit", editor=CLERK)
    with pytest.raises(StepIncomplete):
        office.act(begun, "opinion", editor=CLERK, opinion={"pro": 0})
    with pytest.raises(StepIncomplete):
        office.act(begun, "opinion", editor=CLERK, opinion={"pro": -1, "contra": 3})
    asked = office.act(
        begun, "opinion", editor=CLERK, opinion={"pro": 41, "contra": 2, "abstained": 1}, remark="村民代表会"
    )
    assert asked.opinion is not None
    assert (asked.opinion["pro"], asked.opinion["remark"]) == (41, "村民代表会")
    assert office.act(asked, "submit", editor=CLERK).state == "pending"


def test_what_is_returned_is_amended_and_comes_again(office: Office) -> None:
    begun = office.begun(office.naming("兴农街"))
    with pytest.raises(StepIncomplete):
        office.act(begun, "return")
    back = office.act(begun, "return", remark="重名")
    request = request_from_json(office.naming("振兴诗路"))
    amended = amend(office.desk, back.uuid, request, Given(back.version), editor=CLERK)
    assert (amended.state, amended.name, amended.number) == ("returned", "振兴诗路", begun.number)
    again = office.act(amended, "submit", editor=CLERK)
    assert (again.state, rules(office, again)) == ("pending", set())
    with pytest.raises(ApplicationConflict):
        amend(office.desk, back.uuid, request, Given(1), editor=CLERK)
    with pytest.raises(BadApplication):
        amend(office.desk, back.uuid, request_from_json(office.about("close")), Given(again.version), editor=CLERK)


def test_an_approval_that_was_cut_off_is_finished(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    reviewed = office.act(office.begun(office.naming("振兴诗路")), "review")
    kept = applications.change

    def cut_off(*args: Any, **more: Any) -> Any:
        raise RuntimeError("power cut")

    monkeypatch.setattr(applications, "change", cut_off)
    with pytest.raises(RuntimeError):
        office.act(reviewed, "approve", number=NUMBER)
    monkeypatch.setattr(applications, "change", kept)
    left = applications.find(office.desk.office, reviewed.uuid)
    assert (left.state, left.batch is None) == ("reviewed", False)
    assert {row.action for row in actions_open(left, editor=REVIEWER)} == {"approve"}
    done = office.act(left, "approve", number=NUMBER)
    columns = office.desk.index.layer("place-names")
    assert int(columns["name"].isin(["振兴诗路"]).sum()) == 1
    assert office.row("place", done.place)["name"] == "振兴诗路"


def test_two_who_approve_at_once_make_one_place(office: Office) -> None:
    reviewed = office.act(office.begun(office.naming("振兴诗路")), "review")
    gate = threading.Barrier(2)
    outcomes: list[str] = []

    def approve(editor: Editor) -> None:
        gate.wait()
        try:
            given = Given(reviewed.version, number=NUMBER)
            outcomes.append(act(office.desk, reviewed.uuid, "approve", given, editor=editor).state)
        except (ApplicationConflict, WrongState, FindingsStand) as error:
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=approve, args=(editor,)) for editor in (REVIEWER, OTHER_REVIEWER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("approved") == 1
    assert int(office.desk.index.layer("place-names")["name"].isin(["振兴诗路"]).sum()) == 1


def test_an_error_of_the_record_leaves_no_claim(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    reviewed = office.act(office.begun(office.naming("振兴诗路")), "review")

    def fail(*_: Any, **__: Any) -> str:
        raise OutOfReach("no")

    monkeypatch.setattr(handling, "write_approval", fail)
    with pytest.raises(OutOfReach):
        office.act(reviewed, "approve", number=NUMBER)
    assert applications.find(office.desk.office, reviewed.uuid).batch is None


@pytest.mark.parametrize(
    ("day", "says"), [(days.today() + timedelta(1), "future"), (days.today() - timedelta(1), "before the step")]
)
def test_days_that_cannot_be(office: Office, day: Any, says: str) -> None:
    reviewed = office.act(office.begun(office.naming("振兴诗路")), "review")
    with pytest.raises(StepIncomplete, match=says):
        office.act(reviewed, "approve", number=NUMBER, day=day)


def test_an_approval_has_a_number(office: Office) -> None:
    reviewed = office.act(office.begun(office.naming("振兴诗路")), "review")
    with pytest.raises(StepIncomplete, match="number"):
        office.act(reviewed, "approve")


def test_who_may_not(office: Office) -> None:
    elsewhere = Editor("eva", Reader(frozenset({"clerk"}), frozenset({"370725"})))
    surveyor = Editor("sun", Reader(frozenset({"surveyor"}), side=COUNTY))
    with pytest.raises(OutOfReach):
        office.begun(office.naming("振兴诗路"), editor=elsewhere)
    with pytest.raises(NotAllowed):
        office.begun(office.naming("振兴诗路"), editor=surveyor)
    begun = office.begun(office.naming("振兴诗路"))
    with pytest.raises(UnknownApplication):
        find(office.desk, begun.uuid, editor=elsewhere)
    with pytest.raises(NotAllowed):
        find(office.desk, begun.uuid, editor=surveyor)
    with pytest.raises(NotAllowed):
        office.act(begun, "review", editor=CLERK)
    own = office.begun(office.naming("康宁诗路"), editor=REVIEWER)
    with pytest.raises(NotAllowed, match="submitted"):
        office.act(own, "review", editor=REVIEWER)
    assert office.act(own, "review", editor=OTHER_REVIEWER).state == "reviewed"


@pytest.mark.parametrize(
    "change_",
    [
        {"kind": "rename"}, {"channel": "moon"}, {"kind": "close", "channel": "rural"}, {"what": 1}, {"reason": 7},
        {"carried": ["nothing"]}, {"draft": {"values": {"class_code": "23510"}}}, {"place": "x"},
        {"kind": "close", "place": "x"},
    ],
)  # fmt: skip
def test_what_is_no_application(office: Office, change_: dict[str, Any]) -> None:
    with pytest.raises(BadApplication):
        request_from_json(office.naming("振兴诗路") | change_)


def test_a_geometry_that_is_none(office: Office) -> None:
    given = office.naming("振兴诗路")
    given["draft"]["geometry"] = {"type": "Point", "coordinates": [500, 0]}
    with pytest.raises(BadDraft):
        request_from_json(given)
    given["draft"]["geometry"] = shapely.geometry.mapping(shapely.Point(10, 10))
    with pytest.raises(BadApplication, match="no county"):
        office.begun(given, editor=BOSS)
