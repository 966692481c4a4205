"""Submissions and their samples: every state × action × role, the draw's properties, the interval, numbers, secrecy."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from sqlalchemy import insert, update

from layers import days
from layers.access import ADMINISTRATOR, ROLES, Editor, NotAllowed, OutOfReach, Reader
from layers.editing import Draft, change
from layers.index import Index
from layers.office import Office, open_office, submissions
from layers.office.findings import FINDING
from layers.office.submissions import StillOpen, Submission, SubmissionConflict, UnknownSample, UnknownSubmission
from layers.placenames.sampling import drawing, handling
from layers.placenames.sampling.drawing import BadDraw, Rules, allocated, drawn, sample_size
from layers.placenames.sampling.handling import AboveLimit, BadSubmission, Draw, ErrorsOpen, NotJudged, Verdict
from layers.placenames.sampling.lifecycle import (
    STATES,
    TRANSITIONS,
    WrongStep,
    may_see_sample,
    open_actions,
    require_transition,
)
from layers.placenames.sampling.looking import LAYER
from layers.placenames.sampling.results import counted, interval

COUNTY, OTHER = "370781", "370724"
CLERK = Editor("liu", Reader(frozenset({"clerk"}), frozenset({COUNTY})))
REVIEWER = Editor("wang", Reader(frozenset({"reviewer"})))
OTHER_REVIEWER = Editor("zhao", Reader(frozenset({"reviewer"})))
BOSS = Editor("boss", ADMINISTRATOR)
RULES = Rules(share=5, minimum=30, limit=3)
SMALL = Rules(share=5, minimum=4, limit=3)
ACTIONS = ("submit", "draw", "judge", "accept", "return")

strata = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(1, 60), min_size=1, max_size=8)


# ---- the table of states


WAYS = {
    ("", "submit"): "submitted",
    ("submitted", "draw"): "sampling",
    ("submitted", "return"): "returned",
    ("sampling", "judge"): "sampling",
    ("sampling", "accept"): "accepted",
    ("sampling", "return"): "returned",
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", ["", *STATES])
def test_the_table(state: str, action: str, role: str) -> None:
    """Written out anew: what leads where, by whom, and that nobody checks their own."""
    reader = Reader(frozenset({role}))
    roles = {"clerk", "reviewer", "administrator"} if action == "submit" else {"reviewer", "administrator"}
    after = WAYS.get((state, action))
    assert (action in open_actions(state, "somebody", reader=reader, name="me")) == (
        after is not None and role in roles
    )
    if after is None:
        with pytest.raises(WrongStep):
            require_transition(state, action, "somebody", reader=reader, name="me")
    elif role not in roles:
        with pytest.raises(NotAllowed):
            require_transition(state, action, "somebody", reader=reader, name="me")
    else:
        assert require_transition(state, action, "somebody", reader=reader, name="me").after == after
        if action != "submit":
            assert action not in open_actions(state, "me", reader=reader, name="me")
            with pytest.raises(NotAllowed, match="does not check"):
                require_transition(state, action, "me", reader=reader, name="me")
    own = may_see_sample(state, "me", reader=reader, name="me")
    assert own == (state in ("accepted", "returned"))
    others = may_see_sample(state, "somebody", reader=reader, name="me")
    assert others == (state in ("accepted", "returned") or role in {"reviewer", "administrator"})


def test_every_state_is_reached_and_the_table_has_no_more_rows() -> None:
    assert {row.after for row in TRANSITIONS} == set(STATES)
    assert {(row.before, row.action): row.after for row in TRANSITIONS} == WAYS


# ---- the draw


@given(strata, st.integers(1, 400))
def test_classes_are_drawn_in_proportion_and_none_is_left_out(counts: dict[str, int], wanted: int) -> None:
    total = sum(counts.values())
    size = max(min(wanted, total), len(counts))
    shares = allocated(counts, min(wanted, total))
    assert sum(shares.values()) == size
    assert set(shares) == set(counts)
    for key, share in shares.items():
        assert 1 <= share <= counts[key]
        quota = size * counts[key] / total
        forced = sum(1 for count in counts.values() if size * count / total < 1)
        assert share < quota + 1 or share == 1
        assert share > quota - 1 - forced, "no class gives more than the tiny ones take"
    assert allocated(dict(reversed(counts.items())), min(wanted, total)) == shares


@given(strata, st.integers(0, drawing.LARGEST_SEED), st.integers(1, 200), st.randoms())
def test_the_same_seed_draws_the_same_sample_in_whatever_order(
    counts: dict[str, int], seed: int, wanted: int, random: Any
) -> None:
    frame = [(f"{major}-{number}", major) for major, count in counts.items() for number in range(count)]
    size = min(wanted, len(frame))
    found = drawn(frame, size, seed)
    random.shuffle(frame)
    assert drawn(frame, size, seed) == found
    flat = [uuid for uuids in found.values() for uuid in uuids]
    assert len(flat) == len(set(flat)) == max(size, len(counts))
    assert {uuid.split("-")[0] for uuid in flat} == set(counts)
    # anybody can repeat it: of each class the smallest hashes
    for major, uuids in found.items():
        hashes = sorted(hashlib.sha256(f"{seed}:{uuid}".encode()).hexdigest() for uuid, own in frame if own == major)
        assert [hashlib.sha256(f"{seed}:{uuid}".encode()).hexdigest() for uuid in uuids] == hashes[: len(uuids)]


def test_every_record_is_drawn_about_as_often() -> None:
    """Over 3,000 seeds each of 40 records comes in a fifth of the samples; six standard deviations either way."""
    frame = [(f"record-{number}", "a" if number < 30 else "b") for number in range(40)]
    often: Counter[str] = Counter()
    for seed in range(3000):
        often.update(uuid for uuids in drawn(frame, 8, seed).values() for uuid in uuids)
    assert sum(often.values()) == 24_000
    spread = (3000 * 0.2 * 0.8) ** 0.5
    assert all(abs(often[uuid] - 600) < 6 * spread for uuid, _major in frame)


@pytest.mark.parametrize(
    ("frame", "asked", "size"),
    [
        (5998, {}, 300), (1000, {}, 50), (999, {}, 50), (100, {}, 30), (30, {}, 30), (7, {}, 7),
        (1000, {"share": 10}, 100), (1000, {"share": 0.1}, 30), (1000, {"share": 100}, 1000),
        (100_000, {"share": 0.1}, 100), (1000, {"number": 200}, 200), (1000, {"number": 1}, 30),
        (1000, {"number": 5000}, 1000), (1000, {"number": 44, "share": 50}, 44),
    ],
)  # fmt: skip
def test_how_many_are_drawn(frame: int, asked: dict[str, Any], size: int) -> None:
    assert sample_size(frame, RULES, **asked) == size


@pytest.mark.parametrize("asked", [{"share": 0}, {"share": -1}, {"share": 101}, {"share": float("nan")}, {"number": 0}])
def test_what_cannot_be_drawn(asked: dict[str, Any]) -> None:
    with pytest.raises(BadDraw):
        sample_size(1000, RULES, **asked)


def test_the_rules_are_data() -> None:
    assert Rules.read() == RULES
    with pytest.raises(BadDraw):
        drawing.seed_or_new(drawing.LARGEST_SEED + 1)
    assert len({drawing.seed_or_new(None) for _ in range(20)}) > 15


# ---- the interval


@given(st.integers(1, 400).flatmap(lambda judged: st.tuples(st.integers(0, judged), st.just(judged))))
def test_the_interval_is_that_of_scipy(case: tuple[int, int]) -> None:
    wrong, judged = case
    other = binomtest(wrong, judged).proportion_ci(confidence_level=0.95, method="exact")
    assert interval(wrong, judged) == pytest.approx((other.low, other.high), abs=1e-9)


def test_a_value_from_the_tables() -> None:
    """0 of 30: the upper end is 1 − 0.025^(1/30)."""
    assert interval(0, 30) == pytest.approx((0.0, 1 - 0.025 ** (1 / 30)))
    assert interval(30, 30)[1] == 1.0


# ---- kept in the office, on both homes


def values(county: str = COUNTY, **more: Any) -> dict[str, Any]:
    return {
        "county": county, "majors": (), "records": 5, "errors": 0, "doubts": 0, "mark": "1@x", "remark": "",
        "reason": "", **more,
    }  # fmt: skip


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgis"))])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    target: Any = tmp_path / "own.office.sqlite"
    if request.param == "postgresql":
        target = request.getfixturevalue("postgis").database("submissions")
    with open_office(target) as opened:
        yield opened


def test_numbers_are_given_once_and_a_county_has_one_open(office: Office) -> None:
    """Eight at once for each of three counties: one of each gets through; then the next numbers."""
    counties = [COUNTY, OTHER, "370702"]
    made: list[Submission] = []
    refused: list[StillOpen] = []
    barrier = threading.Barrier(24)

    def run(county: str) -> None:
        barrier.wait()
        try:
            made.append(submissions.add(office, values(county), year=2026, editor=CLERK))
        except StillOpen as error:
            refused.append(error)

    threads = [threading.Thread(target=run, args=(county,)) for county in counties * 8]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.number for one in made) == sorted(f"2026-{county}-01" for county in counties)
    assert len(refused) == 21
    (mine,) = [one for one in made if one.county == COUNTY]
    with office.writing() as connection:
        submissions.step(connection, mine.uuid, 1, "returned", {"decision": "again"})
    second = submissions.add(office, values(), year=2026, editor=CLERK)
    assert (second.number, second.round, second.before) == ("2026-370781-02", 2, mine.uuid)
    with office.writing() as connection:
        submissions.step(connection, second.uuid, 1, "accepted", {})
    third = submissions.add(office, values(), year=2027, editor=CLERK)
    assert (third.number, third.round, third.before) == ("2027-370781-01", 1, "")
    found, count = submissions.listed(office, counties={COUNTY})
    assert ([one.uuid for one in found], count) == ([third.uuid, second.uuid, mine.uuid], 3)
    assert submissions.listed(office, counties=())[1] == 0
    assert submissions.listed(office, counties=None, offset=4)[1] == 5


def test_who_has_seen_an_older_state_is_told(office: Office) -> None:
    made = submissions.add(office, values(), year=2026, editor=CLERK)
    with office.writing() as connection:
        submissions.step(connection, made.uuid, 1, "returned", {})
    with pytest.raises(SubmissionConflict), office.writing() as connection:
        submissions.step(connection, made.uuid, 1, "accepted", {})
    assert submissions.find(office, made.uuid).state == "returned"
    with pytest.raises(UnknownSubmission):
        submissions.find(office, "none")


# ---- with a register


@pytest.fixture
def desk(own_index: Index, tmp_path: Path) -> Iterator[tuple[Index, Office]]:
    """A register and its office; the check of names is taken for done, so that a test makes its own findings."""
    with open_office(tmp_path / "own.office.sqlite") as opened, pytest.MonkeyPatch.context() as patch:
        patch.setattr(handling.findings, "brought_up_to_date", lambda _index, _office: None)
        yield own_index, opened


def finding(office: Office, severity: str, *, county: str = COUNTY, major: str = "water", **more: Any) -> None:
    row = {
        "key": f"k{severity}", "layer": LAYER, "uuid": "u", "rule": "r", "severity": severity, "field": "name",
        "value": "", "params": {}, "fix": {}, "candidates": [], "grp": "", "others": [], "name": "n",
        "class_code": "", "major": major, "county": county, "town": "", "level": 0, "state": "open", "synthetic": 0,
        "sort": 0, **more,
    }  # fmt: skip
    with office.writing() as connection:
        connection.execute(insert(FINDING).values(**row))


def submitted(desk: tuple[Index, Office], *majors: str, editor: Editor = CLERK) -> Submission:
    return handling.submit(*desk, COUNTY, majors, editor=editor)


def started(desk: tuple[Index, Office], *majors: str, editor: Editor = REVIEWER, **how: Any) -> Submission:
    made = submitted(desk, *majors)
    return handling.draw(*desk, made.uuid, made.version, Draw(rules=SMALL, **how), editor=editor)


def judged(desk: tuple[Index, Office], found: Submission, wrong: int = 0) -> Submission:
    """Every record judged, the first ones wrong in their spelling."""
    for row in submissions.sample_of(desk[1], found.uuid):
        bad = row.position <= wrong
        said = Verdict("wrong" if bad else "right", row.edition, ("roman",) if bad else (), "拼写" if bad else "")
        found, _row = handling.judge(*desk, found.uuid, row.position, said, editor=REVIEWER)
    return found


def test_open_errors_hold_a_submission_up_until_a_reason_is_given(desk: tuple[Index, Office]) -> None:
    office = desk[1]
    for severity, more in (
        ("error", {}), ("error", {"major": "terrain"}), ("error", {"state": "kept"}), ("error", {"county": OTHER}),
        ("error", {"level": 2}), ("warning", {}), ("info", {}),
    ):  # fmt: skip
        finding(office, severity, **more)
    found = handling.outlook(*desk, COUNTY, ("water",), editor=CLERK)
    assert (found.errors, found.doubts, found.open) == (1, 1, None)
    assert handling.outlook(*desk, COUNTY, (), editor=CLERK).errors == 2
    with pytest.raises(ErrorsOpen) as caught:
        handling.submit(*desk, COUNTY, ("water",), reason="  ", editor=CLERK)
    assert caught.value.params == {"count": 1}
    made = handling.submit(*desk, COUNTY, ("water",), reason="源自上级", editor=CLERK)
    assert (made.state, made.errors, made.doubts, made.reason) == ("submitted", 1, 1, "源自上级")
    assert made.records == found.records > 100
    with pytest.raises(StillOpen):
        handling.submit(*desk, COUNTY, ("water",), editor=CLERK)


def test_a_clerk_submits_their_own_county_alone(desk: tuple[Index, Office]) -> None:
    with pytest.raises(OutOfReach):
        handling.submit(*desk, OTHER, editor=CLERK)
    for role in ("viewer", "planner", "surveyor"):
        with pytest.raises(NotAllowed):
            handling.submit(*desk, COUNTY, editor=Editor(role, Reader(frozenset({role}))))
    with pytest.raises(BadSubmission):
        handling.submit(*desk, COUNTY, ("sea",), editor=CLERK)
    with pytest.raises(BadSubmission):
        handling.submit(*desk, "370799", editor=REVIEWER)
    made = submitted(desk)
    elsewhere = Editor("sun", Reader(frozenset({"clerk"}), frozenset({OTHER})))
    with pytest.raises(UnknownSubmission):
        handling.find(desk[1], made.uuid, editor=elsewhere)
    assert handling.listed(desk[1], editor=elsewhere) == ([], 0)
    assert handling.listed(desk[1], editor=CLERK) == ([made], 1)


def test_the_sample_is_of_the_county_and_its_classes(desk: tuple[Index, Office]) -> None:
    found = started(desk, "water", "terrain", share=10, seed=7)
    index, office = desk
    sample = submissions.sample_of(office, found.uuid)
    columns = index.layer(LAYER)
    rows = [columns.row_of(one.place) for one in sample]
    assert set(columns["county_code"].values(rows)) == {COUNTY}  # type: ignore[arg-type]
    assert [one.major for one in sample] == columns["major"].values(rows)  # type: ignore[arg-type]
    assert [one.position for one in sample] == list(range(1, found.size + 1))
    frame = {major: of for major, (of, _count) in found.strata.items()}
    assert sum(frame.values()) == found.records
    assert {major: count for major, (_of, count) in found.strata.items()} == Counter(one.major for one in sample)
    assert found.size == -(-found.records // 10)
    assert (found.seed, found.limit_percent, found.drawer, found.state) == (7, 3, "wang", "sampling")
    # the same seed over the same records draws the same sample
    names = zip(columns.uuid.tolist(), columns["major"].values(range(len(columns))), strict=True)  # type: ignore[arg-type]
    inside = columns.seen(reader=REVIEWER.reader, asof=days.today()) & columns["county_code"].isin([COUNTY])
    again = drawn([(uuid, str(major)) for (uuid, major), yes in zip(names, inside, strict=True)
                   if yes and major in ("water", "terrain")], found.size, 7)  # fmt: skip
    assert {one.place for one in sample} == {uuid for uuids in again.values() for uuid in uuids}
    with pytest.raises(WrongStep):
        handling.draw(*desk, found.uuid, found.version, Draw(), editor=REVIEWER)


def test_the_county_does_not_see_the_sample_before_it_is_decided(desk: tuple[Index, Office]) -> None:
    found = started(desk, "water")
    assert handling.look(*desk, found, editor=CLERK) is None
    sight = handling.look(*desk, found, editor=REVIEWER)
    assert sight is not None
    assert len(sight.rows) == found.size
    assert sight.whole
    done = handling.decide(desk[1], found.uuid, found.version, "return", "不齐", editor=REVIEWER)
    seen = handling.look(*desk, done, editor=CLERK)
    assert seen is not None
    assert len(seen.rows) == found.size


def test_who_submits_does_not_check(desk: tuple[Index, Office]) -> None:
    made = submitted(desk, "water", editor=REVIEWER)
    with pytest.raises(NotAllowed, match="does not check"):
        handling.draw(*desk, made.uuid, 1, Draw(), editor=REVIEWER)
    found = handling.draw(*desk, made.uuid, 1, Draw(rules=SMALL), editor=OTHER_REVIEWER)
    with pytest.raises(NotAllowed, match="does not check"):
        handling.judge(*desk, found.uuid, 1, Verdict("right", 0), editor=REVIEWER)
    with pytest.raises(NotAllowed, match="does not check"):
        handling.decide(desk[1], found.uuid, found.version, "return", "x", editor=REVIEWER)
    assert handling.look(*desk, found, editor=REVIEWER) is None
    with pytest.raises(NotAllowed):
        handling.judge(*desk, found.uuid, 1, Verdict("right", 0), editor=CLERK)


def test_verdicts_change_until_it_is_decided_and_clash_where_two_judge(desk: tuple[Index, Office]) -> None:
    found = started(desk, "water")

    def say(verdict: str, edition: int, *fields: str, remark: str = "", position: int = 1) -> Any:
        said = Verdict(verdict, edition, fields, remark)
        return handling.judge(*desk, found.uuid, position, said, editor=OTHER_REVIEWER)

    after, row = say("wrong", 0, "name", "geom", "name", remark=" 错字 ")
    assert (row.verdict, row.fields, row.remark, row.who, row.edition) == (
        "wrong", ("name", "geom"), "错字", "zhao", 1,
    )  # fmt: skip
    assert after.version == found.version + 1
    with pytest.raises(SubmissionConflict):
        say("right", 0)
    with pytest.raises(SubmissionConflict):
        handling.decide(desk[1], found.uuid, found.version, "return", "x", editor=REVIEWER)
    assert say("right", 1, "name")[1].fields == ()
    assert say("", 2, remark="x")[1].remark == ""
    for bad in (("wrong", 3), ("maybe", 3), ("wrong", 3, "colour")):
        with pytest.raises(BadSubmission):
            say(*bad)  # type: ignore[arg-type]
    with pytest.raises(BadSubmission):
        say("wrong", 3, remark="x" * 501)
    with pytest.raises(UnknownSample):
        say("right", 0, position=found.size + 1)
    present = handling.find(desk[1], found.uuid, editor=REVIEWER)
    handling.decide(desk[1], found.uuid, present.version, "return", "x", editor=REVIEWER)
    with pytest.raises(WrongStep):
        say("right", 3)


def test_a_submission_is_accepted_up_to_the_limit(desk: tuple[Index, Office]) -> None:
    found = started(desk, number=100)
    with pytest.raises(NotJudged):
        handling.decide(desk[1], found.uuid, found.version, "accept", "because", editor=REVIEWER)
    found = judged(desk, found, wrong=3)
    done = handling.decide(desk[1], found.uuid, found.version, "accept", editor=REVIEWER)
    assert (done.state, done.override, done.decider) == ("accepted", False, "wang")
    with pytest.raises(WrongStep):
        handling.decide(desk[1], done.uuid, done.version, "return", "x", editor=BOSS)


def test_above_the_limit_it_is_returned_or_somebody_says_why_not(desk: tuple[Index, Office]) -> None:
    found = judged(desk, started(desk, number=100), wrong=4)
    with pytest.raises(AboveLimit) as caught:
        handling.decide(desk[1], found.uuid, found.version, "accept", " ", editor=REVIEWER)
    assert caught.value.params == {"wrong": 4, "size": 100, "limit": "3"}
    with pytest.raises(BadSubmission):
        handling.decide(desk[1], found.uuid, found.version, "return", "", editor=REVIEWER)
    with pytest.raises(BadSubmission):
        handling.decide(desk[1], found.uuid, found.version, "judge", "", editor=REVIEWER)
    done = handling.decide(desk[1], found.uuid, found.version, "accept", "均为同一笔误", editor=REVIEWER)
    assert (done.state, done.override, done.decision) == ("accepted", True, "均为同一笔误")


def test_a_return_against_the_result_is_marked(desk: tuple[Index, Office]) -> None:
    found = judged(desk, started(desk, "building"))
    done = handling.decide(desk[1], found.uuid, found.version, "return", "另有举报", editor=REVIEWER)
    assert done.override
    again = submitted(desk, "building")
    assert (again.round, again.before) == (2, done.uuid)
    early = handling.decide(desk[1], again.uuid, again.version, "return", "范围不对", editor=REVIEWER)
    assert (early.state, early.override, early.size) == ("returned", False, 0)


def test_what_is_mended_since_is_told(desk: tuple[Index, Office]) -> None:
    found = judged(desk, started(desk, "water"), wrong=3)
    done = handling.decide(desk[1], found.uuid, found.version, "return", "改", editor=REVIEWER)
    first, second = submissions.sample_of(desk[1], found.uuid)[:2]
    change(desk[0], LAYER, first.place, Draft(values={"roman": "Xīn Hé"}, version=first.place_version), editor=CLERK)
    change(desk[0], LAYER, second.place, Draft(values={"note": "看过"}, version=second.place_version), editor=CLERK)
    sight = handling.look(*desk, done, editor=CLERK)
    assert sight is not None
    assert [(one.changed, one.mended) for one in sight.rows[:4]] == [
        (("roman",), True), (("note",), False), ((), False), ((), None),
    ]  # fmt: skip
    assert sight.rows[0].row.drawn["roman"] == first.drawn["roman"] != sight.rows[0].present["roman"]  # type: ignore[index]


def test_results_by_class_and_field(desk: tuple[Index, Office]) -> None:
    found = judged(desk, started(desk, number=60), wrong=2)
    results = counted(submissions.sample_of(desk[1], found.uuid))
    assert results.complete
    assert (results.size, results.all_.judged, results.all_.wrong) == (60, 60, 2)
    assert results.all_.share == pytest.approx(2 / 60)
    assert sum(share.wrong for share in results.majors.values()) == 2
    assert sum(share.judged for share in results.majors.values()) == 60
    assert results.fields == {"roman": 2}
    empty = counted([])
    assert (empty.all_.share, empty.all_.low, empty.complete) == (None, None, True)


def test_what_is_secret_stays_so(desk: tuple[Index, Office]) -> None:
    """An administrator's draw may hold secret records: a reviewer sees none of them, and does not decide."""
    index, office = desk
    columns = index.layer(LAYER)
    open_ = columns.seen(reader=ADMINISTRATOR, asof=days.today()) & columns["county_code"].isin([COUNTY])
    rows = (open_ & columns["major"].isin(["memorial"])).nonzero()[0]
    hidden = {str(uuid) for uuid in columns.uuid[rows[::2]]}
    with index.register.writing(who="test", why="test") as connection:
        from layers.register import TABLES

        table = TABLES["place"]
        connection.execute(update(table).where(table.c.uuid.in_(sorted(hidden))).values(secrecy="secret"))
    made = submitted(desk, "memorial")
    assert made.records == len(rows) - len(hidden), "a clerk hands in what they may see"
    found = handling.draw(index, office, made.uuid, 1, Draw(share=100), editor=BOSS)
    assert (found.size, found.level) == (len(rows), 2)
    whole = handling.look(index, office, found, editor=BOSS)
    part = handling.look(index, office, found, editor=REVIEWER)
    assert whole is not None
    assert part is not None
    assert (whole.whole, part.whole) == (True, False)
    assert {one.row.place for one in whole.rows} >= hidden
    assert {one.row.place for one in part.rows}.isdisjoint(hidden)
    assert part.results.size == len(rows) - len(hidden)
    secret = next(one.row for one in whole.rows if one.row.place in hidden)
    with pytest.raises(UnknownSample):
        handling.judge(index, office, found.uuid, secret.position, Verdict("right", 0), editor=REVIEWER)
    assert handling.judge(index, office, found.uuid, secret.position, Verdict("right", 0), editor=BOSS)[1].who == "boss"
    present = handling.find(office, found.uuid, editor=BOSS)
    assert handling.actions_open(present, editor=REVIEWER) == ("judge",)
    assert handling.actions_open(present, editor=BOSS) == ("judge", "accept", "return")
    with pytest.raises(NotAllowed):
        handling.decide(office, found.uuid, present.version, "return", "x", editor=REVIEWER)
    done = handling.decide(office, found.uuid, present.version, "return", "x", editor=BOSS)
    county = handling.look(index, office, done, editor=CLERK)
    assert county is not None
    assert {one.row.place for one in county.rows}.isdisjoint(hidden)
