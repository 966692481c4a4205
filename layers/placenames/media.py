"""Pictures and sounds of places, stories and signs: kept by content, shown to whoever may see their owner.

The file comes first and its row after: a process that is killed in between leaves a file that nobody refers to, which
`sweep` takes away. A row that is taken away leaves its file, so that the removal can be undone.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from sqlalchemy import Connection, select

from gis.errors import N_, Conflict, Invalid, NotFound
from layers.access import SECRECIES, Editor, Reader, require, require_within, secrecy_codes, visible_within
from layers.features import UnknownFeature
from layers.history.log import LOG, State, plain_values, present_states
from layers.history.reach import MEDIA_OWNERS as OWNERS
from layers.history.reach import counties_of
from layers.index import Index
from layers.media import Folder, Incoming, UnknownFile
from layers.media.kinds import Sort, sort_of
from layers.media.pictures import cleaned
from layers.media.thumbnails import Thumbnails

TABLE: Final = "medium"
MOST_BYTES: Final = 20_000_000
MOST_OF_ONE: Final = 50
"""So many pictures and sounds may one place, story or sign have."""
_LENGTHS: Final = {"title": 100, "credit": 200}
_DECODING = threading.Lock()
"""One picture at a time: a decoded one takes 150 MB."""


class UnknownOwner(NotFound):
    """Nothing of this kind has pictures."""

    code = "unknown-media-owner"


class UnknownMediumId(NotFound):
    """An id that no picture or sound has, or not for this reader."""

    code = "unknown-medium-id"


class TooManyMedia(Conflict):
    """One record has as many as it may."""

    code = "too-many-media"


class MediumRepeated(Conflict):
    """The record has this very file already."""

    code = "medium-repeated"


class MediumConflict(Conflict):
    """Somebody else has changed it since it was read."""

    code = "medium-conflict"


class BadMedium(Invalid):
    """Words beside a file, or an order of files, that cannot stand."""

    code = "bad-medium"


@dataclass(frozen=True)
class MediaStore:
    """Where the files are: those that are kept, and the small pictures beside."""

    files: Folder
    thumbnails: Thumbnails

    @classmethod
    def of(cls, root: Path) -> Self:
        """The store in an installation's folder of files."""
        return cls(Folder(root / "media"), Thumbnails(root / "thumbnails"))


@dataclass(frozen=True)
class Medium:
    """A picture or a sound. ``sha256`` is of the file as it is kept; width and height are in pixels."""

    uuid: str
    owner: str
    owner_uuid: str
    sha256: str
    kind: str
    mime: str
    title: str | None
    credit: str | None
    bytes: int
    width: int | None
    height: int | None
    sort: int
    taken_on: str | None
    secrecy: str | None
    is_public: bool | None
    version: int

    @property
    def sorted_as(self) -> Sort:
        """What its file holds."""
        return Sort("image" if self.kind == "image" else "sound", self.mime)


def media_of(index: Index, owner: str, uuid: str, *, reader: Reader) -> tuple[Medium, ...]:
    """Pictures and sounds of a record, in their order.

    Raises
    ------
    UnknownOwner, UnknownFeature
    """
    with index.held():
        row = _owner_row(index, owner, uuid, reader)
        found = [one for one in _rows(index, owner_uuid=uuid) if one.owner == owner]
        kept = [one for one in found if _open(index, one, row, reader=reader)]
    return tuple(sorted(kept, key=lambda one: (one.sort, one.uuid)))


def readable(index: Index, sha256: str, *, reader: Reader) -> Medium:
    """A file that a reader may see: one row that refers to it suffices.

    Raises
    ------
    UnknownFile
    """
    with index.held():
        for one in _rows(index, sha256=sha256):
            if one.owner not in OWNERS:
                continue
            columns = index.layer(OWNERS[one.owner][0])
            row = columns.row_of(one.owner_uuid)
            if row is not None and columns.open_to(reader)[row] and _open(index, one, row, reader=reader):
                return one
    raise UnknownFile(N_("There is no such file."))


def add_medium(
    index: Index, store: MediaStore, incoming: Incoming, owner: str, uuid: str, *, title: str = "", credit: str = "",
    editor: Editor, why: str = "",
) -> Medium:  # fmt: skip
    """Keep a file that has come in, and say whose it is.

    Parameters
    ----------
    incoming
        Of ``store.files``; a picture is kept without what the camera noted, a sound as it is.

    Raises
    ------
    UnknownMedium, BrokenPicture, PictureTooLarge, FileTooLarge, MediaUnavailable
    UnknownOwner, UnknownFeature, NotAllowed, OutOfReach
    TooManyMedia, MediumRepeated, BadMedium
    """
    _require_edit(index, owner, uuid, editor)
    words = _words({"title": title, "credit": credit})
    values = _kept(store, incoming)
    with index.register.writing(who=editor.name, why=why or None) as connection:
        standing = _standing(index, connection, uuid)
        if len(standing) >= MOST_OF_ONE:
            raise TooManyMedia(
                N_("It has %(most)s pictures and sounds already."), hint=N_("Take some away first."), most=MOST_OF_ONE
            )
        if any(one["sha256"] == values["sha256"] and one["owner"] == owner for one in standing):
            raise MediumRepeated(N_("It has this very file already."))
        last = max((int(one["sort"] or 0) for one in standing), default=0)
        row = {**values, **words, "owner": owner, "owner_uuid": uuid, "sort": last + 1}
        made = index.register.insert(connection, TABLE, {key: value for key, value in row.items() if value is not None})
    return next(one for one in _rows(index, owner_uuid=uuid) if one.uuid == made)


def change_medium(
    index: Index, uuid: str, values: Mapping[str, Any], *, version: int | None, editor: Editor, why: str = ""
) -> Medium:
    """Change title, credit, secrecy or the public flag. Raises `MediumConflict` at another version."""
    one = _one(index, uuid, editor)
    words = _words(values)
    level = secrecy_codes([words.get("secrecy", one.secrecy)], [words.get("is_public", one.is_public)])[0]
    if int(level) > editor.reader.clearance:
        raise BadMedium(N_("You could not see it any more."))
    with index.register.writing(who=editor.name, why=why or None) as connection:
        _require_version(index, connection, uuid, version)
        index.register.update(connection, TABLE, uuid, words)
    return next(other for other in _rows(index, owner_uuid=one.owner_uuid) if other.uuid == uuid)


def order_media(index: Index, owner: str, uuid: str, order: Sequence[str], *, editor: Editor, why: str = "") -> None:
    """Put the pictures and sounds of a record in another order: all that the editor sees, by id.

    Raises
    ------
    BadMedium
        Where one is left out, named twice or not of this record.
    """
    _require_edit(index, owner, uuid, editor)
    seen = [one.uuid for one in media_of(index, owner, uuid, reader=editor.reader)]
    if sorted(order) != sorted(seen):
        raise BadMedium(N_("The order names each of its pictures and sounds once."))
    with index.register.writing(who=editor.name, why=why or None) as connection:
        states = present_states(index.register, connection, TABLE, order)
        for place, one in enumerate(order, 1):
            if one in states and states[one].get("sort") != place:
                index.register.update(connection, TABLE, one, {"sort": place})


def remove_medium(index: Index, uuid: str, *, version: int | None, editor: Editor, why: str = "") -> int:
    """Take a picture or a sound away; the number of the change, by which it comes back."""
    _one(index, uuid, editor)
    with index.register.writing(who=editor.name, why=why or None) as connection:
        _require_version(index, connection, uuid, version)
        index.register.delete(connection, TABLE, uuid)
        return index.register.last_seq(connection)


def sweep(index: Index, store: MediaStore, *, older_than_s: float = 3600.0) -> int:
    """Delete files to which neither a row nor the history refers; gives how many."""
    with index.register.reading() as connection:
        rows = index.register.frame(connection, TABLE, columns=["sha256"])["sha256"].dropna()
        keep = set(rows.tolist())
        for before in connection.scalars(select(LOG.before).where(LOG.layer == TABLE, LOG.before.is_not(None))):
            if isinstance(before, dict) and isinstance(before.get("sha256"), str):
                keep.add(before["sha256"])
    store.thumbnails.sweep(keep)
    return store.files.sweep(keep, older_than_s=older_than_s)


def _kept(store: MediaStore, incoming: Incoming) -> dict[str, Any]:
    """The file in its place, and what its row says of it."""
    sort = sort_of(incoming)
    if sort.kind == "sound":
        stored = incoming.keep()
        return {"sha256": stored.sha256, "bytes": stored.size, "kind": "sound", "mime": sort.mime}
    with _DECODING:
        picture = cleaned(incoming, sort)
        stored = store.files.put(io.BytesIO(picture.content))
        store.thumbnails.make(store.files, stored.sha256, sort)
    incoming.forget()
    return {
        "sha256": stored.sha256, "bytes": stored.size, "kind": "image", "mime": sort.mime, "width": picture.width,
        "height": picture.height, "taken_on": picture.taken_on,
    }  # fmt: skip


def _words(values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name not in (*_LENGTHS, "secrecy", "is_public"):
            raise BadMedium(N_("“%(name)s” cannot be changed like this."), name=name[:40])
        if name in _LENGTHS:
            text = value.strip() if isinstance(value, str) else value
            if text and (not isinstance(text, str) or len(text) > _LENGTHS[name] or not text.isprintable()):
                raise BadMedium(
                    N_("“%(name)s” is a text of at most %(most)s characters."), name=name, most=_LENGTHS[name]
                )
            found[name] = text or None
        elif value is None or (value in SECRECIES if name == "secrecy" else isinstance(value, bool)):
            found[name] = value
        else:
            raise BadMedium(N_("“%(name)s” cannot be changed like this."), name=name[:40])
    return found


def _owner_row(index: Index, owner: str, uuid: str, reader: Reader) -> int:
    """The row of the record that has the media; it is asked first whether the reader may see it."""
    if owner not in OWNERS:
        raise UnknownOwner(
            N_("“%(owner)s” has no pictures."), hint=N_("It is one of: %(known)s."), owner=owner[:40],
            known=", ".join(OWNERS),
        )  # fmt: skip
    layer = OWNERS[owner][0]
    columns = index.layer(layer)
    row = columns.row_of(uuid)
    if row is None or not columns.open_to(reader)[row]:
        raise UnknownFeature(N_("The layer “%(layer)s” has no feature %(uuid)s."), layer=layer, uuid=uuid[:60])
    return row


def _require_edit(index: Index, owner: str, uuid: str, editor: Editor) -> None:
    with index.held() as connection:
        _owner_row(index, owner, uuid, editor.reader)
        layer, table = OWNERS[owner]
        require(editor.reader, "edit", layer)
        state = present_states(index.register, connection, table, [uuid]).get(uuid, {})
        require_within(editor.reader, counties_of(index, table, state), layer_key=layer)


def _one(index: Index, uuid: str, editor: Editor) -> Medium:
    """A medium that the editor may change."""
    found = next(iter(_rows(index, uuid=uuid)), None)
    if found is None or found.owner not in OWNERS:
        raise UnknownMediumId(N_("There is no such picture or sound."))
    _require_edit(index, found.owner, found.owner_uuid, editor)
    row = _owner_row(index, found.owner, found.owner_uuid, editor.reader)
    if not _open(index, found, row, reader=editor.reader):
        raise UnknownMediumId(N_("There is no such picture or sound."))
    return found


def _open(index: Index, one: Medium, row: int, *, reader: Reader) -> bool:
    """Whether a reader who sees the owner sees the medium too: it may be more secret."""
    reached = index.layer(OWNERS[one.owner][0]).reached(reader, np.array([row]))
    levels = secrecy_codes([one.secrecy], [one.is_public])
    return bool(visible_within(levels, reached, reader=reader)[0])


def _rows(index: Index, **wanted: str) -> Iterable[Medium]:
    table = index.frame(TABLE)
    for name, value in wanted.items():
        table = table[table[name] == value]
    if table.empty:  # of most records
        return
    names = list(Medium.__dataclass_fields__)
    for values in zip(*(plain_values(table[name]) for name in names), strict=True):
        row: dict[str, Any] = dict(zip(names, values, strict=True))
        for name in ("bytes", "sort", "version"):
            row[name] = int(row[name] or 0)
        for name in ("width", "height"):
            row[name] = None if row[name] is None else int(row[name])
        row["is_public"] = None if row["is_public"] is None else bool(row["is_public"])
        if row["sha256"] and row["mime"]:
            yield Medium(**row)


def _standing(index: Index, connection: Connection, owner_uuid: str) -> list[State]:
    frame = index.register.frame(connection, TABLE, columns=["owner", "owner_uuid", "sha256", "sort"])
    own = frame[frame["owner_uuid"] == owner_uuid]
    names = [str(name) for name in own.columns]
    return [
        dict(zip(names, values, strict=True))
        for values in zip(*(plain_values(own[name]) for name in names), strict=True)
    ]


def _require_version(index: Index, connection: Connection, uuid: str, version: int | None) -> None:
    state = present_states(index.register, connection, TABLE, [uuid]).get(uuid, {})
    if state.get("version") != version or not state:
        raise MediumConflict(
            N_("Somebody else has changed it meanwhile: it is at version %(version)s."),
            hint=N_("Look at it as it stands, and change it again."),
            version=state.get("version", 0),
        )
