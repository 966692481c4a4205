"""Zip archives: looked through before anything is unpacked, and counted while it is.

The standard library's reader believes what an archive says of itself and unpacks where the archive says. Here every
entry is looked at first, one bad entry refuses the whole, and only what is needed is unpacked, into a folder that is
ours, up to a size that is counted. Who takes many files in one archive lets a bad entry cost that entry alone: it is
named and never unpacked.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from gis import gb18030
from gis.errors import N_
from layers.ingest.reading.faults import DamagedFile, FileTooLarge, UnsafeArchive, damaged
from layers.ingest.reading.source import Source

_BLOCK: Final = 1 << 18
_FREE_BYTES: Final = 50_000_000
"""Up to here the ratio does not matter: nobody is harmed by so little."""
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA})
_ZIPS: Final = frozenset({".zip"})
_NESTED: Final = frozenset({".zip", ".rar", ".7z", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".cab", ".iso"})
_DRIVE: Final = re.compile(r"^[A-Za-z]:")
_UTF8_FLAG: Final = 0x800
_UNICODE_PATH: Final = 0x7075
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_LOCAL: Final = struct.Struct("<4s5H3L2H")


_NOTHING_UNPACKED: Final = N_(
    "Nothing was unpacked. Pack the files anew, without links, passwords and archives inside."
)
_NOT_UNPACKED: Final = N_("It was left where it is; the others were read. Send this one by itself, packed as a .zip.")


@dataclass(frozen=True)
class Entry:
    """One file in an archive: its name there, with ``/`` between folders, and where its bytes are."""

    name: str
    info: zipfile.ZipInfo

    @property
    def path(self) -> PurePosixPath:
        return PurePosixPath(self.name)

    @property
    def suffix(self) -> str:
        """The ending with its point, also of a name that is an ending alone."""
        _, point, ending = self.path.name.rpartition(".")
        return f"{point}{ending}".lower() if point else ""


class Archive:
    """A zip archive that has been looked through.

    Parameters
    ----------
    path
        Where it is, if not where the source is.
    within
        The archive that it was unpacked from: entries and sizes are counted together with those of the outer one.
    refused
        A list that takes the faults of entries that are refused; None: the first one refuses the whole archive.

    Raises
    ------
    DamagedFile, UnsafeArchive, FileTooLarge
        On opening.
    """

    def __init__(
        self,
        source: Source,
        path: Path | None = None,
        *,
        within: Archive | None = None,
        refused: list[UnsafeArchive] | None = None,
    ) -> None:
        self.source = source
        self.path = path or source.path
        self.depth: int = within.depth + 1 if within is not None else 0
        self._refused = refused
        self._unpacked = 0
        self._counted = 0
        self._outermost: Archive = within._outermost if within is not None else self  # noqa: SLF001 - its own kind
        try:
            self._zip = zipfile.ZipFile(self.path)
        except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, UnicodeError) as error:
            raise damaged(source.name, N_("%(file)s is damaged: it is not a complete zip archive.")) from error
        infos = self._zip.infolist()
        self._outermost._counted += len(infos)  # noqa: SLF001
        if self._outermost._counted > source.limits.entries:  # noqa: SLF001
            raise FileTooLarge(
                N_("%(file)s has %(count)d entries; an archive may have %(most)d."),
                hint=N_("Pack only the files that belong together."),
                file=source.name,
                count=self._outermost._counted,  # noqa: SLF001
                most=source.limits.entries,
            )
        self.entries = self._looked_through(infos)

    def _looked_through(self, infos: Sequence[zipfile.ZipInfo]) -> list[Entry]:
        result: list[Entry] = []
        taken: set[str] = set()
        for info in infos:
            name = _name(info)
            reason = _refused(name, info, nested=_NESTED - _ZIPS if self.depth < self.source.limits.depth else _NESTED)
            folded = name.rstrip("/").casefold()
            if reason is None and folded in taken:
                reason = N_("The archive %(file)s has two entries of the name “%(entry)s”.")
            if reason is not None:
                if self._refused is None:
                    raise self._unsafe(reason, name)
                self._refused.append(self._unsafe(reason, name, hint=_NOT_UNPACKED))
                continue
            taken.add(folded)
            if not name.endswith("/"):
                result.append(Entry(name, info))
        self._require_apart(infos)
        return result

    def _require_apart(self, infos: Sequence[zipfile.ZipInfo]) -> None:
        """Refuse entries that share bytes: so a small archive says that it holds a large one many times."""
        end = 0
        with self.path.open("rb") as file:
            for info in sorted(infos, key=lambda one: one.header_offset):
                file.seek(info.header_offset)
                head = file.read(_LOCAL.size)
                if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
                    raise damaged(self.source.name, N_("%(file)s is damaged: it is not a complete zip archive."))
                if info.header_offset < end:
                    raise self._unsafe(N_("Entries of the archive %(file)s overlap, at “%(entry)s”."), _name(info))
                *_, name_length, extra_length = _LOCAL.unpack(head)
                end = info.header_offset + _LOCAL.size + name_length + extra_length + info.compress_size

    def _unsafe(self, template: str, entry: str, *, hint: str = _NOTHING_UNPACKED) -> UnsafeArchive:
        return UnsafeArchive(
            template,
            hint=hint,
            file=self.source.name,
            entry=entry[:120],
        )

    @property
    def exhausted(self) -> bool:
        """Whether as much has been unpacked, with what lies around, as may be: nothing more comes out."""
        return self._outermost._unpacked > self.source.limits.unpacked_mb * 1_000_000  # noqa: SLF001

    def unpack(self, entry: Entry, target: Path) -> Path:
        """Unpack one entry to a path; refuse when it, or all so far, grow beyond the limits.

        Raises
        ------
        DamagedFile, FileTooLarge
        """
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as out:
            self._pump(entry, out)
        return target

    def weigh(self) -> None:
        """Unpack everything to nowhere, counting: for formats whose own reader unpacks (workbooks).

        Raises
        ------
        DamagedFile, FileTooLarge
        """
        for entry in self.entries:
            self._pump(entry, None)

    def start_of(self, entry: Entry, size: int = 4096) -> bytes:
        """The first bytes of an entry."""
        try:
            with self._zip.open(entry.info) as member:
                return member.read(size)
        except _BROKEN as error:
            raise self._broken(entry) from error

    def _pump(self, entry: Entry, out: IO[bytes] | None) -> None:
        try:
            with self._zip.open(entry.info) as member:
                own = 0
                while block := member.read(_BLOCK):
                    own += len(block)
                    self._outermost._unpacked += len(block)  # noqa: SLF001
                    self._weigh(entry, own)
                    if out is not None:
                        out.write(block)
        except _BROKEN as error:
            raise self._broken(entry) from error

    def _weigh(self, entry: Entry, own: int) -> None:
        limits = self.source.limits
        if self.exhausted:
            raise FileTooLarge(
                N_("%(file)s unpacks to more than %(most)d MB."),
                hint=N_("Divide it into several files."),
                file=self.source.name,
                most=limits.unpacked_mb,
            )
        if own > _FREE_BYTES and own > limits.ratio * max(entry.info.compress_size, 1):
            raise FileTooLarge(
                N_("“%(entry)s” in %(file)s unpacks to more than %(ratio)d times its size: no honest file does."),
                hint=N_("Nothing was taken from it. Ask whoever sent it for the file itself."),
                file=self.source.name,
                entry=entry.name[:120],
                ratio=limits.ratio,
            )

    def _broken(self, entry: Entry) -> DamagedFile:
        return damaged(
            self.source.name, N_("“%(entry)s” in %(file)s is damaged: it cannot be unpacked."), entry=entry.name[:120]
        )


_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, struct.error)


def _name(info: zipfile.ZipInfo) -> str:
    """An entry's name: UTF-8 where the archive says so, else UTF-8 or GB 18030 by its bytes (Windows packs in GBK)."""
    name = info.orig_filename.replace("\\", "/")
    if info.flag_bits & _UTF8_FLAG:
        return name
    try:
        data = info.orig_filename.encode("cp437")
    except UnicodeError:
        return name
    if (beside := _unicode_name(info.extra, data)) is not None:
        return beside.replace("\\", "/")
    for encoding in ("utf-8", "gb18030"):
        try:
            text = gb18030.decode(data) if encoding == "gb18030" else data.decode(encoding)
            # after decoding: the second byte of a GBK character may be a backslash
            return text.replace("\\", "/")
        except UnicodeError:
            continue
    return name


def _unicode_name(extra: bytes, name: bytes) -> str | None:
    """The name in UTF-8 that stands beside another one (APPNOTE 4.6.9), if it is still about that one."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        field = extra[at + 4 : at + 4 + size]
        if kind == _UNICODE_PATH and len(field) > 5 and struct.unpack_from("<I", field, 1)[0] == zlib.crc32(name):
            try:
                return field[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
        at += 4 + size
    return None


def _refused(name: str, info: zipfile.ZipInfo, *, nested: frozenset[str]) -> str | None:
    """Why an entry is refused: a sentence, or None."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    parts = name.split("/")
    reasons = (
        (name.startswith("/"), N_("The archive %(file)s has an entry with an absolute path: “%(entry)s”.")),
        (bool(_DRIVE.match(name)), N_("The archive %(file)s has an entry with a drive letter: “%(entry)s”.")),
        (".." in parts, N_("The archive %(file)s has an entry that leads out of it: “%(entry)s”.")),
        (
            "\0" in name or any(len(part.encode("utf-8", "replace")) > 255 for part in parts) or not name.strip("/"),
            N_("The archive %(file)s has an entry with a name that is none: “%(entry)s”."),
        ),
        (kind == stat.S_IFLNK, N_("The archive %(file)s has a link inside: “%(entry)s”.")),
        (
            kind not in (0, stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK),
            N_("The archive %(file)s has a device or the like inside: “%(entry)s”."),
        ),
        (bool(info.flag_bits & _ENCRYPTED), N_("The archive %(file)s asks for a password, for “%(entry)s”.")),
        (PurePosixPath(name).suffix.lower() in nested, N_("The archive %(file)s has an archive inside: “%(entry)s”.")),
        (
            info.compress_type not in _METHODS,
            N_("“%(entry)s” in %(file)s is packed in a way that is not read here."),
        ),
    )
    return next((sentence for holds, sentence in reasons if holds), None)
