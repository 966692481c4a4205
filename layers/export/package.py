"""Files put together beside their target and moved onto it when they are whole."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from gis.errors import N_, Unavailable

_LEVEL: Final = 1
"""zlib's quickest: level 6 takes twice the time for 4 % less."""
_BLOCK: Final = 1 << 20


class CannotWrite(Unavailable):
    """A place where the file cannot be written."""

    code = "cannot-write"


@contextmanager
def workshop(target: Path) -> Iterator[Path]:
    """A folder beside the target to work in; it is gone afterwards, whatever happens.

    Beside it, since a file can be moved onto its target in one step on the same file system only.

    Raises
    ------
    CannotWrite
        If there is no such folder, no permission or no room.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=".dijie-export-", dir=target.parent))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise CannotWrite(
            N_("%(file)s cannot be written: %(reason)s."),
            hint=N_("Check the folder, your permission and the room on the disk."),
            file=str(target),
            reason=error.strerror or str(error),
        ) from error


def deliver(finished: Path, target: Path) -> None:
    """Move a finished file onto its target in one step; what was there before is replaced."""
    finished.replace(target)


def nameless(path: Path) -> IO[bytes]:
    """A copy of a file that has no name and is gone when it is closed, open at its beginning."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    with path.open("rb") as source:
        shutil.copyfileobj(source, copy, _BLOCK)
    copy.seek(0)
    return copy


def pack(path: Path, files: Sequence[Path], *, time: str) -> list[dict[str, object]]:
    """Write files into a new zip.

    Parameters
    ----------
    time
        UTC text that all members carry as their date: the same export gives the same bytes.

    Returns
    -------
    list
        Name, bytes and SHA-256 of each member, read in the same pass.
    """
    result: list[dict[str, object]] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for file in files:
            digest = hashlib.sha256()
            with file.open("rb") as source, archive.open(_member(file.name, time), "w", force_zip64=True) as member:
                while block := source.read(_BLOCK):
                    digest.update(block)
                    member.write(block)
            result.append({"name": file.name, "bytes": file.stat().st_size, "sha256": digest.hexdigest()})
    return result


def add_text(path: Path, name: str, text: str, *, time: str) -> None:
    """Add a text member to a zip, in UTF-8."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        archive.writestr(_member(name, time), text.encode())


def _member(name: str, time: str) -> zipfile.ZipInfo:
    moment = datetime.fromisoformat(time)
    info = zipfile.ZipInfo(name, date_time=(max(moment.year, 1980), *moment.timetuple()[1:6]))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info
