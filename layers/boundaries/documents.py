"""Documents at a line or a tripoint: agreements (平安边界协议), disputes, rulings, landmarks, each with its scan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from gis.errors import N_, Conflict, NotFound
from layers.access import Editor, Reader, require, require_within, secrecy_codes, visible_within
from layers.boundaries.document_fields import looked_at
from layers.editing.examining import Refused
from layers.features import UnknownFeature
from layers.history.log import State, plain_values, present_states
from layers.history.reach import counties_of
from layers.index import Index

TABLE: Final = "boundary_document"
_LAYER: Final = "boundary-lines"
OWNERS: Final[Mapping[str, tuple[str, str]]] = {
    "line": ("boundary-lines", "line_uuid"),
    "tripoint": ("tripoints", "tripoint_uuid"),
}
"""At what a document may be: the layer, and the column that names the record."""


class UnknownDocument(NotFound):
    """A document that there is not, or not for this reader."""

    code = "unknown-document"


class DocumentConflict(Conflict):
    """Somebody else has changed the document since it was read."""

    code = "document-conflict"


@dataclass(frozen=True)
class Document:
    """One document; ``owner`` is ``line`` or ``tripoint``, ``owner_uuid`` which."""

    uuid: str
    owner: str
    owner_uuid: str
    kind: str
    title: str
    number: str | None
    parties: str | None
    body: str | None
    state: str | None
    sha256: str | None
    dated: str | None
    valid_from: str | None
    valid_to: str | None
    source: str | None
    note: str | None
    secrecy: str | None
    is_public: bool | None
    version: int


@dataclass(frozen=True)
class DocumentSaved:
    """What was saved: the document's id and version (0 where it is gone), and the change by which it is undone."""

    uuid: str
    version: int
    seq: int


def documents_of(index: Index, owner: str, uuid: str, *, reader: Reader) -> tuple[Document, ...]:
    """The documents at a line or tripoint that a reader may see, the newest first.

    Raises
    ------
    UnknownFeature
    """
    with index.held():
        row = _owner_row(index, owner, uuid, reader)
        found = [one for one in _rows(index, owner, uuid) if _open(index, one, row, reader)]
    return tuple(sorted(found, key=lambda one: (one.dated or one.valid_from or "", one.uuid), reverse=True))


def counts_by_line(index: Index, *, reader: Reader) -> dict[str, int]:
    """How many documents each line has that a reader may see; lines without any are left out."""
    with index.held():
        table = index.frame(TABLE)
        rows = table[table["line_uuid"].notna()]
        columns = index.layer("boundary-lines")
        lines = [columns.row_of(str(uuid)) for uuid in rows["line_uuid"]]
        levels = secrecy_codes(plain_values(rows["secrecy"]), plain_values(rows["is_public"]))
        reached = columns.reached(reader, np.array([row if row is not None else 0 for row in lines], dtype=np.intp))
        seen = visible_within(levels, reached, reader=reader) & np.array([row is not None for row in lines], dtype=bool)
    counted: dict[str, int] = rows.loc[seen, "line_uuid"].value_counts().to_dict()
    return counted


def add_document(
    index: Index, owner: str, uuid: str, values: Mapping[str, Any], *, editor: Editor, why: str = ""
) -> DocumentSaved:
    """Put a document at a line or tripoint.

    Raises
    ------
    Refused
        With every error, by field.
    UnknownFeature, NotAllowed, OutOfReach
    """
    _require_edit(index, owner, uuid, editor)
    found = looked_at({}, values, scans=_scans(index, owner, uuid), clearance=editor.reader.clearance)
    if found.notes:
        raise Refused(found.notes)
    state = {name: value for name, value in found.state.items() if value is not None}
    with index.register.writing(who=editor.name, why=why or None) as connection:
        made = index.register.insert(connection, TABLE, {**state, OWNERS[owner][1]: uuid})
        return DocumentSaved(made, 1, index.register.last_seq(connection))


def change_document(
    index: Index, uuid: str, values: Mapping[str, Any], *, version: int | None, editor: Editor, why: str = ""
) -> DocumentSaved:
    """Change a document. Raises `DocumentConflict` at another version, else what `add_document` does."""
    owner, owner_uuid, before = _present(index, uuid, editor)
    _require_version(before, version)
    scans = _scans(index, owner, owner_uuid) | {str(before.get("sha256"))}
    found = looked_at(before, values, scans=scans, clearance=editor.reader.clearance)
    if found.notes:
        raise Refused(found.notes)
    with index.register.writing(who=editor.name, why=why or None) as connection:
        _require_version(present_states(index.register, connection, TABLE, [uuid]).get(uuid, {}), version)
        new = index.register.update(connection, TABLE, uuid, found.changes) if found.changes else int(version or 0)
        return DocumentSaved(uuid, new, index.register.last_seq(connection))


def remove_document(index: Index, uuid: str, *, version: int | None, editor: Editor, why: str = "") -> DocumentSaved:
    """Take a document away that should not be there; an agreement that has run out is ended instead."""
    _present(index, uuid, editor)
    with index.register.writing(who=editor.name, why=why or None) as connection:
        _require_version(present_states(index.register, connection, TABLE, [uuid]).get(uuid, {}), version)
        index.register.delete(connection, TABLE, uuid)
        return DocumentSaved(uuid, 0, index.register.last_seq(connection))


def may_edit_documents(index: Index, owner: str, uuid: str, *, editor: Editor) -> bool:
    """Whether somebody may change the documents at a line or tripoint that they see."""
    from layers.access import NotAllowed, OutOfReach

    try:
        _require_edit(index, owner, uuid, editor)
    except (NotAllowed, OutOfReach):
        return False
    return True


def _owner_row(index: Index, owner: str, uuid: str, reader: Reader) -> int:
    if owner not in OWNERS:
        raise UnknownFeature(N_("The layer “%(layer)s” has no feature %(uuid)s."), layer=owner[:40], uuid=uuid[:60])
    layer = OWNERS[owner][0]
    columns = index.layer(layer)
    row = columns.row_of(uuid)
    if row is None or not columns.open_to(reader)[row]:
        raise UnknownFeature(N_("The layer “%(layer)s” has no feature %(uuid)s."), layer=layer, uuid=uuid[:60])
    return row


def _require_edit(index: Index, owner: str, uuid: str, editor: Editor) -> None:
    with index.held():
        _owner_row(index, owner, uuid, editor.reader)
        require(editor.reader, "edit", _LAYER)
        require_within(editor.reader, counties_of(index, TABLE, {OWNERS[owner][1]: uuid}), layer_key=_LAYER)


def _present(index: Index, uuid: str, editor: Editor) -> tuple[str, str, State]:
    """At what a document is, and its row, where the editor may see and change it."""
    table = index.frame(TABLE)
    rows = table[table["uuid"] == uuid]
    found = next(iter(_as_documents(rows)), None)
    if found is None:
        raise UnknownDocument(N_("There is no such document."))
    _require_edit(index, found.owner, found.owner_uuid, editor)
    if not _open(index, found, _owner_row(index, found.owner, found.owner_uuid, editor.reader), editor.reader):
        raise UnknownDocument(N_("There is no such document."))
    with index.held() as connection:
        state = present_states(index.register, connection, TABLE, [uuid]).get(uuid, {})
    return found.owner, found.owner_uuid, state


def _require_version(state: State, version: int | None) -> None:
    if not state or state.get("version") != version:
        raise DocumentConflict(
            N_("Somebody else has changed this document meanwhile: it is at version %(version)s."),
            hint=N_("Look at it as it stands, and change it again."),
            version=state.get("version", 0),
        )


def _open(index: Index, one: Document, row: int, reader: Reader) -> bool:
    """Whether a reader who sees the owner sees the document too: it may be more secret."""
    reached = index.layer(OWNERS[one.owner][0]).reached(reader, np.array([row]))
    return bool(visible_within(secrecy_codes([one.secrecy], [one.is_public]), reached, reader=reader)[0])


def _scans(index: Index, owner: str, uuid: str) -> frozenset[str]:
    media = index.frame("medium")
    own = media[(media["owner"] == owner) & (media["owner_uuid"] == uuid)]
    return frozenset(own["sha256"].dropna().tolist())


def _rows(index: Index, owner: str, uuid: str) -> list[Document]:
    table = index.frame(TABLE)
    return _as_documents(table[table[OWNERS[owner][1]] == uuid])


def _as_documents(rows: pd.DataFrame) -> list[Document]:
    if rows.empty:
        return []
    names = [*_OWNER_COLUMNS, *(name for name in Document.__dataclass_fields__ if not name.startswith("owner"))]
    found = []
    for values in zip(*(plain_values(rows[name]) for name in names), strict=True):
        row: dict[str, Any] = dict(zip(names, values, strict=True))
        owner = next((key for key, (_, column) in OWNERS.items() if row[column]), None)
        if owner is None:
            continue  # what another program has left at nothing
        owner_uuid = row[OWNERS[owner][1]]
        for column in _OWNER_COLUMNS:
            del row[column]
        row |= {"version": int(row["version"] or 0), "kind": row["kind"] or "other", "title": row["title"] or ""}
        row["is_public"] = None if row["is_public"] is None else bool(row["is_public"])
        found.append(Document(owner=owner, owner_uuid=owner_uuid, **row))
    return found


_OWNER_COLUMNS: Final = tuple(column for _, column in OWNERS.values())
