"""The one table of an application's way: what may be done in which state, by whom, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final, Literal

from gis.errors import N_, Conflict
from layers.access import NotAllowed, Reader
from layers.placenames.procedures.kinds import KINDS, RURAL

State = Literal["", "consulting", "pending", "reviewed", "approved", "returned", "cancelled"]
Action = Literal[
    "consult", "submit", "amend", "opinion", "review", "return", "approve", "file", "announce", "revoke", "cancel"
]

STATES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "consulting": ("征求意见", "Asking the villagers"),
        "pending": ("待审批", "Awaiting approval"),
        "reviewed": ("已审核", "Reviewed"),
        "approved": ("已审批", "Approved"),
        "returned": ("已退件", "Returned"),
        "cancelled": ("已注销", "Cancelled"),
    }
)
"""Titles of the states. The empty state is the one before the first step. 征求意见 exists in the rural pilot alone."""

ACTIONS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "consult": ("征求村民意见", "Ask the villagers"),
        "submit": ("提交", "Submit"),
        "amend": ("修改", "Amend"),
        "opinion": ("登记村民意见", "Enter the villagers' opinion"),
        "review": ("审核通过", "Review"),
        "return": ("退件", "Return"),
        "approve": ("批准", "Approve"),
        "file": ("登记备案", "Enter the filing"),
        "announce": ("登记公告", "Enter the announcement"),
        "revoke": ("撤销批准", "Take the approval back"),
        "cancel": ("注销", "Cancel"),
    }
)

_CLERKS: Final = frozenset({"clerk", "reviewer", "administrator"})
_REVIEWERS: Final = frozenset({"reviewer", "administrator"})


class WrongState(Conflict):
    """What cannot be done with an application in the state that it is in."""

    code: ClassVar[str] = "wrong-state"


@dataclass(frozen=True)
class Transition:
    """One row of the table.

    Parameters
    ----------
    before, action, after
        In that state the action leads to the other.
    roles
        Of whom one suffices.
    others_only
        Who submitted the application may not do it, unless they are an administrator: two people look at each name.
    remark
        A word why is needed.
    channel
        In this channel alone; None for all.
    kinds
        With these kinds alone.
    """

    before: State
    action: Action
    after: State
    roles: frozenset[str]
    others_only: bool = False
    remark: bool = False
    channel: str | None = None
    kinds: frozenset[str] = frozenset(KINDS)


_NEW_NAMES: Final = frozenset(key for key, kind in KINDS.items() if kind.names and not kind.of_place)
_FILED: Final = frozenset(key for key, kind in KINDS.items() if kind.filed)

TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition("", "submit", "pending", _CLERKS, channel=""),
    Transition("", "consult", "consulting", _CLERKS, channel=RURAL, kinds=_NEW_NAMES),
    Transition("consulting", "amend", "consulting", _CLERKS, channel=RURAL, kinds=_NEW_NAMES),
    Transition("consulting", "opinion", "consulting", _CLERKS, channel=RURAL, kinds=_NEW_NAMES),
    Transition("consulting", "submit", "pending", _CLERKS, channel=RURAL, kinds=_NEW_NAMES),
    Transition("consulting", "cancel", "cancelled", _CLERKS, remark=True, channel=RURAL, kinds=_NEW_NAMES),
    Transition("pending", "amend", "pending", _CLERKS),
    Transition("pending", "review", "reviewed", _REVIEWERS, others_only=True),
    Transition("pending", "return", "returned", _REVIEWERS, remark=True),
    Transition("pending", "cancel", "cancelled", _CLERKS, remark=True),
    Transition("reviewed", "approve", "approved", _REVIEWERS, others_only=True),
    Transition("reviewed", "return", "returned", _REVIEWERS, remark=True),
    Transition("reviewed", "cancel", "cancelled", _REVIEWERS, remark=True),
    Transition("returned", "amend", "returned", _CLERKS),
    Transition("returned", "opinion", "returned", _CLERKS, channel=RURAL, kinds=_NEW_NAMES),
    Transition("returned", "submit", "pending", _CLERKS),
    Transition("returned", "cancel", "cancelled", _CLERKS, remark=True),
    Transition("approved", "file", "approved", _CLERKS, kinds=_FILED),
    Transition("approved", "announce", "approved", _CLERKS, kinds=_FILED),
    Transition("approved", "revoke", "reviewed", _REVIEWERS, remark=True),
    Transition("approved", "cancel", "cancelled", _REVIEWERS, remark=True, kinds=frozenset({"prename"})),
)
"""The whole table: what is not in it cannot be done."""


@dataclass(frozen=True)
class Case:
    """Of an application what the table asks for; ``submitter`` is who submitted it last."""

    kind: str
    channel: str
    state: str
    submitter: str = ""


def transition_of(case: Case, action: str) -> Transition | None:
    """The table's row for an action, None where it cannot be done whoever asks."""
    for row in TRANSITIONS:
        fits = row.before == case.state and row.action == action and case.kind in row.kinds
        if fits and (row.channel is None or row.channel == case.channel):
            return row
    return None


def may_do(row: Transition, case: Case, *, reader: Reader, name: str) -> bool:
    """Whether somebody of that name and those roles may do what a row says."""
    if not row.roles & reader.roles:
        return False
    own = row.others_only and case.submitter == name
    return not own or "administrator" in reader.roles


def open_actions(case: Case, *, reader: Reader, name: str) -> tuple[Transition, ...]:
    """What somebody may do with an application now, in the table's order."""
    rows = (transition_of(case, action) for action in ACTIONS)
    return tuple(row for row in rows if row is not None and may_do(row, case, reader=reader, name=name))


def require_transition(case: Case, action: str, *, reader: Reader, name: str) -> Transition:
    """The table's row for an action.

    Raises
    ------
    WrongState
        Where the state, kind or channel does not allow it.
    NotAllowed
        Where the roles do not, or where it must be somebody else than who submitted it.
    """
    row = transition_of(case, action)
    if row is None:
        raise WrongState(
            N_("This cannot be done with the application as it is now."),
            hint=N_("Load it anew: somebody may have gone on with it."),
        )
    if not row.roles & reader.roles:
        raise NotAllowed(N_("Your roles do not include this."), hint=N_("A reviewer or an administrator can do it."))
    if not may_do(row, case, reader=reader, name=name):
        raise NotAllowed(
            N_("Who has submitted an application does not decide on it."), hint=N_("Another reviewer can do it.")
        )
    return row
