"""Files that come in pieces, perhaps over days: what has arrived is the file itself, and its length says how far.

No number is kept beside it that could say otherwise after a crash. One process at a time appends.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, ClassVar, Final

from gis.errors import N_, Conflict, Invalid
from layers.media.folder import Folder, MediaUnavailable, Stored

_NAME: Final = re.compile(r"[0-9a-f-]{36}")
_PIECE: Final = 1 << 18
_SYNC: Final = 1 << 24
"""So many bytes are written before they are forced onto the disk, and at the end."""


class PartialBusy(Conflict):
    """Another request appends to the same file now."""

    code: ClassVar[str] = "partial-busy"


class OffsetDiffers(Conflict):
    """Bytes were sent for another place than where the file ends."""

    code: ClassVar[str] = "offset-differs"


class ChecksumDiffers(Invalid):
    """The bytes that arrived are not those that were sent."""

    code: ClassVar[str] = "checksum-differs"


class PartialFiles:
    """A folder of files that are coming in, each named by an id.

    Parameters
    ----------
    path
        Made when the first file comes.
    """

    def __init__(self, path: Path) -> None:
        self._root = path

    def begin(self, name: str) -> None:
        """Make the empty file.

        Raises
        ------
        MediaUnavailable
        """
        with _explained():
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)  # what comes in may be internal
            handle = os.open(self._path(name), os.O_CREAT | os.O_WRONLY, 0o600)
            os.fsync(handle)
            os.close(handle)

    def offset(self, name: str) -> int | None:
        """How many bytes are there; None where there is no such file."""
        try:
            return self._path(name).stat().st_size
        except FileNotFoundError:
            return None

    def append(
        self,
        name: str,
        offset: int,
        pieces: Iterable[bytes],
        *,
        most: int,
        verified: Callable[[], bool] | None = None,
    ) -> int:
        """Write bytes behind those that are there.

        Parameters
        ----------
        offset
            Where the sender thinks that the file ends.
        pieces
            What comes; where its source breaks off with an error, what came before stays.
        most
            How long the file may become; what goes beyond is an error and none of it stays.
        verified
            Asked when all has come: whether it is what was sent. Where it is not, or not all came, none of it stays.

        Returns
        -------
        int
            How long the file is now.

        Raises
        ------
        OffsetDiffers, PartialBusy, ChecksumDiffers, MediaUnavailable
        """
        with self._held(name) as file:
            there = file.seek(0, os.SEEK_END)
            if there != offset:
                raise OffsetDiffers(
                    N_("The file has %(there)d bytes; what was sent begins at %(sent)d."),
                    hint=N_("Ask how far it is, and go on from there."),
                    there=there,
                    sent=offset,
                )
            whole = False
            try:
                self._write(file, there, pieces, most)
                whole = verified is None or verified()
                if not whole:
                    raise ChecksumDiffers(
                        N_("What arrived is not what was sent: the checksums differ."), hint=N_("Send the piece again.")
                    )
            finally:
                with _explained():
                    if verified is not None and not whole:
                        file.truncate(there)
                    file.flush()
                    os.fsync(file.fileno())
            return file.seek(0, os.SEEK_END)

    def digest(self, name: str) -> str:
        """SHA-256 of what is there, in hexadecimal."""
        with self._path(name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def keep(self, name: str, folder: Folder, sha256: str) -> Stored:
        """Give a whole file its place in a folder by content; done again after a crash it changes nothing.

        Raises
        ------
        MediaUnavailable, layers.media.UnknownFile
        """
        path = self._path(name)
        try:
            file = path.open("rb")
        except FileNotFoundError:  # it has its place already
            return Stored(sha256, folder.path(sha256).stat().st_size)
        with file:
            stored = folder.put(file)
        if stored.sha256 != sha256:
            raise ChecksumDiffers(
                N_("What arrived is not what was sent: the checksums differ."), hint=N_("Send the piece again.")
            )
        path.unlink(missing_ok=True)
        return stored

    def forget(self, name: str) -> None:
        """Delete what has come."""
        with suppress(OSError):
            self._path(name).unlink(missing_ok=True)

    def _write(self, file: IO[bytes], start: int, pieces: Iterable[bytes], most: int) -> None:
        length, unsynced = start, 0
        for piece in pieces:
            length += len(piece)
            if length > most:
                file.truncate(start)
                raise OffsetDiffers(
                    N_("More bytes were sent than were announced: %(most)d."),
                    hint=N_("Begin the upload again."),
                    most=most,
                )
            with _explained():
                file.write(piece)
                unsynced += len(piece)
                if unsynced >= _SYNC:
                    file.flush()
                    os.fsync(file.fileno())
                    unsynced = 0

    @contextmanager
    def _held(self, name: str) -> Iterator[IO[bytes]]:
        with _explained():
            file: Any = self._path(name).open("r+b")
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise PartialBusy(
                    N_("This file is being sent by another request."), hint=N_("Wait a moment, then go on.")
                ) from error
            yield file

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(name)
        return self._root / name


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MediaUnavailable(
            N_("The file cannot be kept: %(reason)s."),
            hint=N_("Check the space on the disk and the permissions of the folder (DIJIE_FILES)."),
            reason=error.strerror or type(error).__name__,
        ) from error
