"""Pictures and sounds of an exchange folder taken into the register: each to its line or stake, none twice.

Lines and stakes of the folder are imported by `layers.ingest`; this takes what the importer has no place for.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from gis.errors import N_, Invalid
from gis.findings import Finding
from layers.access import Editor
from layers.boundaries.exchange import LIST, MEDIA
from layers.index import Index
from layers.ingest.reading import LIMITS, Limits
from layers.ingest.reading.archive import Archive, Entry
from layers.ingest.reading.source import Source
from layers.placenames.media import MOST_BYTES, MediaStore, MediumRepeated, add_medium

_OWNERS: Final = {"界线": ("line", "boundary-lines", "code"), "界桩": ("stake", "stakes", "number")}
_PREFIX: Final = re.compile(r"\d{2}_?")
_MOST_LIST_BYTES: Final = 20_000_000


class NoExchange(Invalid):
    """A zip that is no exchange folder."""

    code = "no-exchange"


@dataclass(frozen=True)
class Received:
    """How many pictures and sounds were added, how many were there already, and what was left out, with the reason."""

    added: int
    there: int
    findings: tuple[Finding, ...]


def receive_media(
    index: Index, store: MediaStore, path: Path, *, editor: Editor, why: str = "", limits: Limits = LIMITS
) -> Received:
    """Take the pictures and sounds of an exchange folder.

    A file goes to the record that the list of files names by its id, else to the line or stake that its folder names
    by code or number. Each is added by itself: what cannot be taken costs itself alone.

    Raises
    ------
    NoExchange
        Where the list of files is missing or cannot be understood.
    UnsafeArchive, FileTooLarge, DamagedFile
        Of a hostile archive, before anything is added.
    NotAllowed, OutOfReach, MediaUnavailable
        At the first file that the editor may not add.
    """
    with tempfile.TemporaryDirectory(prefix="dijie-exchange-") as folder:
        work = Path(folder)
        archive = Archive(Source(path, path.name, work, limits))
        listed = _listed(archive, work)
        added, there = 0, 0
        findings: list[Finding] = []
        for entry in archive.entries:
            if entry.path.parts[0] != MEDIA:
                continue
            content = archive.unpack(entry, work / "file").read_bytes()
            said = listed.get(entry.name, {})
            owner = _owner(index, entry.path, said)
            if said.get("sha256") != hashlib.sha256(content).hexdigest():
                findings.append(_left(entry, "file-not-as-listed", N_("%(file)s is not the file that the list names.")))
            elif owner is None:
                findings.append(
                    _left(entry, "media-of-nobody", N_("There is no line or stake for %(file)s."),
                          N_("Import lines and stakes first."))
                )  # fmt: skip
            else:
                new = _added(index, store, content, entry, owner, editor, why, findings)
                added, there = added + (new is True), there + (new is False)
    return Received(added, there, tuple(findings))


def _added(
    index: Index, store: MediaStore, content: bytes, entry: Entry, owner: tuple[str, str], editor: Editor, why: str,
    findings: list[Finding],
) -> bool | None:  # fmt: skip
    """Whether a file was added; False where it is there already, None where it cannot be taken."""
    title = _PREFIX.sub("", entry.path.stem, count=1)
    try:
        with store.files.incoming(most=MOST_BYTES) as incoming:
            incoming.write(content)
            add_medium(index, store, incoming, *owner, title=title, editor=editor, why=why)
    except MediumRepeated:
        return False
    except Invalid as error:  # neither picture nor sound, broken, too large
        findings.append(_left(entry, "file-not-taken", N_("%(file)s was not taken: %(reason)s"), reason=str(error)))
        return None
    return True


def _listed(archive: Archive, work: Path) -> dict[str, Mapping[str, Any]]:
    """The list's files by name."""
    entry = next((one for one in archive.entries if one.name == LIST), None)
    if entry is not None and entry.info.file_size <= _MOST_LIST_BYTES:
        try:
            stated = json.loads(archive.unpack(entry, work / "list").read_text("utf-8"))
            files = stated["files"]
            return {str(one["name"]): one for one in files if isinstance(one, Mapping)}
        except (ValueError, KeyError, TypeError, RecursionError):
            pass
    raise NoExchange(
        N_("%(file)s is no exchange folder: its list of files, %(list)s, is missing or damaged."),
        hint=N_("Take a zip that was written as an exchange folder."), file=archive.source.name, list=LIST,
    )  # fmt: skip


def _owner(index: Index, path: PurePosixPath, said: Mapping[str, Any]) -> tuple[str, str] | None:
    if len(path.parts) != 4 or path.parts[1] not in _OWNERS:
        return None
    owner, layer, field = _OWNERS[path.parts[1]]
    columns = index.layer(layer)
    uuid = said.get("owner_uuid")
    if isinstance(uuid, str) and said.get("owner") == owner and columns.row_of(uuid) is not None:
        return owner, uuid
    rows = columns[field].isin([path.parts[2]]).nonzero()[0]
    return (owner, str(columns.uuid[rows[0]])) if len(rows) == 1 else None


def _left(entry: Entry, rule: str, template: str, advice: str = "", **params: object) -> Finding:
    return Finding(rule, "warning", entry.name[:200], template, {"file": entry.name[:200], **params}, advice)
