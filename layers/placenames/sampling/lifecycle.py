"""The one table of a submission's way: what may be done in which state, by whom, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final, Literal

from gis.errors import N_, Conflict
from layers.access import NotAllowed, Reader

State = Literal["", "submitted", "sampling", "accepted", "returned"]
Action = Literal["submit", "draw", "judge", "accept", "return"]

STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "submitted": N_("Submitted"),
        "sampling": N_("Being checked"),
        "accepted": N_("Accepted"),
        "returned": N_("Returned with remarks"),
    }
)
"""Titles of the states. The empty state is the one before the first step."""

_COUNTY: Final = frozenset({"clerk", "reviewer", "administrator"})
_CITY: Final = frozenset({"reviewer", "administrator"})


class WrongStep(Conflict):
    """What cannot be done with a submission in the state that it is in."""

    code: ClassVar[str] = "wrong-step"


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
        Who has submitted may not do it, whatever their roles: nobody checks their own work.
    """

    before: State
    action: Action
    after: State
    roles: frozenset[str]
    others_only: bool = False


TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition("", "submit", "submitted", _COUNTY),
    Transition("submitted", "draw", "sampling", _CITY, others_only=True),
    Transition("submitted", "return", "returned", _CITY, others_only=True),
    Transition("sampling", "judge", "sampling", _CITY, others_only=True),
    Transition("sampling", "accept", "accepted", _CITY, others_only=True),
    Transition("sampling", "return", "returned", _CITY, others_only=True),
)
"""The whole table: what is not in it cannot be done. A sample is drawn once: drawing on until one likes it is none."""


def open_actions(state: str, submitter: str, *, reader: Reader, name: str) -> tuple[str, ...]:
    """What somebody of that name and those roles may do with a submission now."""
    return tuple(
        row.action
        for row in TRANSITIONS
        if row.before == state and row.roles & reader.roles and not (row.others_only and submitter == name)
    )


def require_transition(state: str, action: str, submitter: str, *, reader: Reader, name: str) -> Transition:
    """The table's row for an action.

    Raises
    ------
    WrongStep
        Where the state does not allow it.
    NotAllowed
        Where the roles do not, or where it must be somebody else than who has submitted.
    """
    row = next((row for row in TRANSITIONS if row.before == state and row.action == action), None)
    if row is None:
        raise WrongStep(
            N_("This cannot be done with the submission as it is now."),
            hint=N_("Load it anew: somebody may have gone on with it."),
        )
    if not row.roles & reader.roles:
        raise NotAllowed(N_("Your roles do not include this."), hint=N_("A reviewer or an administrator can do it."))
    if row.others_only and submitter == name:
        raise NotAllowed(
            N_("Who has submitted records does not check them."), hint=N_("Another reviewer can do it.")
        )  # fmt: skip
    return row


def may_see_sample(state: str, submitter: str, *, reader: Reader, name: str) -> bool:
    """Whether the sample is open to somebody.

    To the county when it is decided: else the drawn records would be mended before they are looked at.
    """
    return state in ("accepted", "returned") or (bool(_CITY & reader.roles) and submitter != name)
