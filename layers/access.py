"""Who may read and do what: the reader, the filter beneath every read, and what each role may change.

Every function that returns register data takes a keyword ``reader`` and hands it down to here; what a reader may not
see is left out of lists, tiles, search, counts and exports alike. The reader's audience is part of every cache key.
"""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from gis.errors import N_, Denied

if TYPE_CHECKING:  # numpy and pandas come with the two functions that need them: who waits for jobs stays small
    import numpy as np
    from numpy.typing import NDArray

ROLES: tuple[str, ...] = ("viewer", "planner", "clerk", "reviewer", "surveyor", "administrator")

ACTIONS: tuple[str, ...] = (
    "read", "export", "edit", "import", "undo", "jobs", "people", "history", "procedures", "surveys",
)  # fmt: skip
"""What somebody may do. ``edit`` and ``import`` are asked for a layer; ``undo`` means the changes of others (one's own
may be undone by whoever may edit the layer); ``jobs`` means one's own; ``procedures`` means applications about place
names, of which `layers.placenames.procedures.lifecycle` says more; ``surveys`` means files from the field."""

_PLANNED = frozenset({"facilities", "population"})
_NAMED = _PLANNED | {"place-names", "place-lines", "place-areas", "place-signs", "stories", "divisions"}
_SURVEYED = frozenset({"boundary-lines", "boundary-points", "stakes"})

EDITS: Mapping[str, frozenset[str]] = MappingProxyType(
    {"planner": _PLANNED, "clerk": _NAMED, "reviewer": _NAMED, "surveyor": _SURVEYED}
)
"""The layers that a role may change; an administrator may change all. ``population`` is the figures of a division
alone, ``divisions`` everything about it."""

_SUBJECTS = {"lines": "boundary-lines"}
"""Subjects of an import whose name is not their layer's."""

INTERNAL_ROLES = frozenset({"planner", "clerk", "reviewer", "surveyor", "administrator"})
SECRET_ROLES = frozenset({"administrator"})

SECRECIES: tuple[str, ...] = ("public", "internal", "secret")


OF_THE_OFFICE: Mapping[str, frozenset[str]] = MappingProxyType(
    {"place": frozenset({"registered_by"}), "stake": frozenset({"registered_by"})}
)
"""Table to fields that are for accounts of the office alone: who has registered a public record is nobody else's."""


@dataclass(frozen=True)
class Reader:
    """Somebody who reads: roles, the counties that the roles reach (None: all) and, for a surveyor, the side."""

    roles: frozenset[str] = field(default_factory=frozenset)
    scope: frozenset[str] | None = None
    side: str | None = None

    @property
    def clearance(self) -> int:
        """The highest secrecy that the reader may see, as a position in `SECRECIES`."""
        if self.roles & SECRET_ROLES:
            return 2
        if self.roles & INTERNAL_ROLES:
            return 1
        return 0

    @property
    def audience(self) -> str:
        """What distinguishes this reader's view from another's; equal audiences see the same bytes."""
        if self.clearance == 0:
            return "public"
        scope = "all" if self.scope is None else "+".join(sorted(self.scope))
        return f"{SECRECIES[self.clearance]}@{scope}"


PUBLIC = Reader()


@dataclass(frozen=True)
class Editor:
    """Somebody who writes: the name that stands in the change log, and what they may read and write."""

    name: str
    reader: Reader


ADMINISTRATOR = Reader(frozenset({"administrator"}))


class NotAllowed(Denied):
    """An action that none of the reader's roles includes."""

    code = "not-allowed"


class OutOfReach(NotAllowed):
    """A record outside the counties that the reader's roles reach."""

    code = "out-of-reach"


def LOCAL_EDITOR(name: str = "") -> Editor:  # noqa: N802 - reads as the constant that it is but for the name
    """Who writes from the command line: whoever may open the register's file may do everything.

    Parameters
    ----------
    name
        What stands in the change log; empty for the name that the system knows the person by.
    """
    return Editor(name or getpass.getuser(), ADMINISTRATOR)


def may(reader: Reader, action: str, layer_key: str = "") -> bool:
    """Whether any of the reader's roles includes an action.

    Parameters
    ----------
    action
        One of `ACTIONS`; another is a mistake of the caller (`ValueError`).
    layer_key
        For ``edit`` and ``import`` the layer, or the import's subject; empty asks whether there is any such layer.
    """
    if action not in ACTIONS:
        raise ValueError(action)
    if action in ("read", "export") or "administrator" in reader.roles:
        return True
    if action in ("edit", "import"):
        return bool(_granting(reader, layer_key))
    if action == "undo":
        return "reviewer" in reader.roles
    if action == "history":
        return reader.clearance > 0
    if action == "procedures":
        return bool(_granting(reader, "place-names"))
    if action == "surveys":
        return bool(_granting(reader, "stakes"))
    return action == "jobs" and bool(reader.roles)


def require(reader: Reader, action: str, layer_key: str = "") -> None:
    """Raise `NotAllowed` unless any of the reader's roles includes an action."""
    if may(reader, action, layer_key):
        return
    if action in ("edit", "import") and layer_key:
        raise NotAllowed(
            N_("Your roles do not include changing the layer “%(layer)s”."),
            hint=N_("An administrator can give you a role that does."),
            layer=layer_key,
        )
    raise NotAllowed(N_("Your roles do not include this."), hint=N_("An administrator can give you a role that does."))


def may_undo(editor: Editor, who: str | None, layer_key: str) -> bool:
    """Whether somebody may undo a change that ``who`` made in a layer: their own, or as a reviewer any."""
    return may(editor.reader, "edit", layer_key) and (who == editor.name or may(editor.reader, "undo"))


def require_within(reader: Reader, counties: Iterable[str | None], *, layer_key: str = "") -> None:
    """Raise `OutOfReach` where the reader's scope, or a surveyor's side, does not reach a record.

    Parameters
    ----------
    counties
        The county codes that the record belongs to: one, or for lines, stakes, points and tripoints those on either
        side, of which one within reach suffices. With none, only a reader without scope may change it.
    layer_key
        The record's layer, where it is known: then only the roles count that may change it.
    """
    reach = reach_of(reader, layer_key)
    codes = sorted({code for code in counties if code})
    if reach is None or reach.intersection(codes):
        return
    raise OutOfReach(
        N_("This record is not in the counties that your account reaches: %(counties)s."),
        hint=N_("Ask whoever looks after %(codes)s, or an administrator."),
        counties=", ".join(sorted(reach)) or "-",
        codes=", ".join(codes) or "-",
    )


def reach_of(reader: Reader, layer_key: str = "") -> frozenset[str] | None:
    """The counties within which the reader may change records, None for all of them.

    A surveyor reaches their side; where another role of theirs includes the layer, its scope is added.
    """
    if "administrator" in reader.roles:
        return reader.scope
    granting = _granting(reader, layer_key)
    if granting - {"surveyor"}:
        if reader.scope is None:
            return None
        return reader.scope | ({reader.side} if "surveyor" in granting and reader.side else frozenset())
    return frozenset({reader.side}) if granting and reader.side else frozenset()


def _granting(reader: Reader, layer_key: str) -> frozenset[str]:
    """The reader's roles that include changing a layer, or any layer where none is named."""
    layer = _SUBJECTS.get(layer_key, layer_key)
    roles = (role for role in reader.roles if role in EDITS)
    return frozenset(role for role in roles if not layer or layer in EDITS[role])


def secrecy_codes(secrecy: Sequence[object], is_public: Sequence[object]) -> NDArray[np.int8]:
    """The clearance each record asks for: 0 public, 1 internal, 2 secret.

    A record without secrecy is public. One whose public flag is off asks for at least clearance 1. An unknown word is
    taken as secret: what nobody understands is not shown.
    """
    import numpy as np
    import pandas as pd

    known: dict[object, int] = {None: 0, "": 0, "public": 0, "internal": 1, "secret": 2}
    levels = np.array([known.get(word if isinstance(word, str) else None, 2) for word in secrecy], dtype=np.int8)
    hidden = np.array([not (flag is None or flag is pd.NA or flag != flag or flag) for flag in is_public], dtype=bool)
    return np.where(hidden, np.maximum(levels, 1), levels).astype(np.int8)


def visible(levels: NDArray[np.int8], counties: NDArray[np.str_] | None, *, reader: Reader) -> NDArray[np.bool_]:
    """Which records the reader may see.

    Parameters
    ----------
    levels
        What `secrecy_codes` gave.
    counties
        County code of each record, shape (n,), or the codes of each, shape (n, k), of which one within the scope
        suffices; "" for none. None where the records belong to no county.
    """
    import numpy as np

    if reader.scope is None or counties is None:
        return visible_within(levels, None, reader=reader)
    each: NDArray[np.bool_] = np.isin(counties, sorted(reader.scope))
    reached: NDArray[np.bool_] = each if each.ndim == 1 else np.logical_or.reduce(each, axis=1)
    return visible_within(levels, reached, reader=reader)


def visible_within(levels: NDArray[np.int8], reached: NDArray[np.bool_] | None, *, reader: Reader) -> NDArray[np.bool_]:
    """Which records the reader may see, where it is known already whether the scope reaches them.

    Parameters
    ----------
    reached
        Whether each record belongs to a county in the reader's scope; what is not public is limited to it. None where
        the records belong to no county: then only a reader without scope sees what is not public.
    """
    public: NDArray[np.bool_] = levels == 0
    if reader.clearance == 0:
        return public
    allowed: NDArray[np.bool_] = levels <= reader.clearance
    if reader.scope is None:
        return allowed
    return public if reached is None else public | (allowed & reached)
