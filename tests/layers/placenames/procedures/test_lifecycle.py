"""The table of transitions, exhaustively: every kind × channel × state × action × role, held against rules in words."""

from __future__ import annotations

from itertools import product

import pytest

from layers.access import ROLES, NotAllowed, Reader
from layers.placenames.procedures.kinds import CHANNELS, KINDS, RURAL
from layers.placenames.procedures.lifecycle import (
    ACTIONS,
    STATES,
    TRANSITIONS,
    Case,
    WrongState,
    open_actions,
    require_transition,
    transition_of,
)

CLERKS = {"clerk", "reviewer", "administrator"}
REVIEWERS = {"reviewer", "administrator"}
NEW = {"prename", "name"}
FILED = {"name", "rename", "close"}


def expected(kind: str, channel: str, state: str, action: str) -> tuple[str, set[str]] | None:
    """The rules written down a second time, in another form: where an action leads and who may."""
    rural = channel == RURAL and kind in NEW
    everywhere = {
        ("pending", "amend"): ("pending", CLERKS),
        ("pending", "review"): ("reviewed", REVIEWERS),
        ("pending", "return"): ("returned", REVIEWERS),
        ("pending", "cancel"): ("cancelled", CLERKS),
        ("reviewed", "approve"): ("approved", REVIEWERS),
        ("reviewed", "return"): ("returned", REVIEWERS),
        ("reviewed", "cancel"): ("cancelled", REVIEWERS),
        ("returned", "amend"): ("returned", CLERKS),
        ("returned", "submit"): ("pending", CLERKS),
        ("returned", "cancel"): ("cancelled", CLERKS),
        ("approved", "revoke"): ("reviewed", REVIEWERS),
    }
    if (state, action) in everywhere:
        return everywhere[state, action]
    if state == "" and action == "submit" and channel != RURAL:
        return "pending", CLERKS
    if rural and state == "" and action == "consult":
        return "consulting", CLERKS
    if rural and state == "consulting" and action in ("amend", "opinion", "submit", "cancel"):
        return {"submit": "pending", "cancel": "cancelled"}.get(action, "consulting"), CLERKS
    if rural and (state, action) == ("returned", "opinion"):
        return "returned", CLERKS
    if kind in FILED and state == "approved" and action in ("file", "announce"):
        return "approved", CLERKS
    if kind == "prename" and (state, action) == ("approved", "cancel"):
        return "cancelled", REVIEWERS
    return None


EVERY = list(product(KINDS, CHANNELS, ("", *STATES), ACTIONS))


def test_there_is_something_to_try() -> None:
    assert len(EVERY) == 6 * 2 * 7 * 11
    assert {row.before for row in TRANSITIONS} | {row.after for row in TRANSITIONS} == {"", *STATES}
    assert {row.action for row in TRANSITIONS} == set(ACTIONS)


@pytest.mark.parametrize("role", ROLES)
def test_every_way_for_every_role(role: str) -> None:
    reader = Reader(frozenset({role}))
    wrong = []
    for kind, channel, state, action in EVERY:
        case = Case(kind, channel, state, submitter="somebody")
        meant = expected(kind, channel, state, action)
        try:
            row = require_transition(case, action, reader=reader, name="me")
            found = row.after
        except WrongState:
            found = "wrong-state"
        except NotAllowed:
            found = "not-allowed"
        wanted = "wrong-state" if meant is None else meant[0] if role in meant[1] else "not-allowed"
        if found != wanted:
            wrong.append((kind, channel, state, action, found, wanted))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_what_is_offered_is_what_is_allowed(role: str) -> None:
    reader = Reader(frozenset({role}))
    for kind, channel, state in product(KINDS, CHANNELS, STATES):
        offered = {row.action for row in open_actions(Case(kind, channel, state, "x"), reader=reader, name="me")}
        meant = {action: expected(kind, channel, state, action) for action in ACTIONS}
        assert offered == {action for action, way in meant.items() if way is not None and role in way[1]}


def test_each_way_stands_once() -> None:
    for kind, channel, state, action in EVERY:
        rows = [
            row
            for row in TRANSITIONS
            if (row.before, row.action) == (state, action)
            and kind in row.kinds
            and row.channel in (None, channel)
        ]  # fmt: skip
        assert len(rows) <= 1, (kind, channel, state, action)


@pytest.mark.parametrize(("state", "action"), [("pending", "review"), ("reviewed", "approve")])
def test_nobody_decides_on_their_own_application(state: str, action: str) -> None:
    case = Case("name", "", state, submitter="wang")
    reviewer = Reader(frozenset({"reviewer"}))
    with pytest.raises(NotAllowed, match="submitted"):
        require_transition(case, action, reader=reviewer, name="wang")
    assert require_transition(case, action, reader=reviewer, name="zhao").action == action
    assert require_transition(case, action, reader=Reader(frozenset({"administrator"})), name="wang").action == action


def test_what_is_refused_or_ended_needs_a_word_why() -> None:
    assert {row.action for row in TRANSITIONS if row.remark} == {"return", "cancel", "revoke"}
    assert all(row.remark for row in TRANSITIONS if row.action in ("return", "cancel", "revoke"))


def test_what_is_cancelled_stays_so() -> None:
    assert all(transition_of(Case(kind, channel, "cancelled"), action) is None for kind, channel, _, action in EVERY)
