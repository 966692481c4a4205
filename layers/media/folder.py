"""A folder of files that are named by their content.

The same file put twice stands there once, a file never changes, and none is ever there by half: what comes in is
written beside under a name of its own and gets its place by one renaming. Several processes may put, read and sweep
at once. Each purpose (uploads, exports, pictures …) has a folder of its own, so that one can be swept without knowing
what the others refer to.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import time
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, ClassVar, Final, Self

from gis.errors import N_, NotFound, TooLarge, Unavailable

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_PIECE: Final = 1 << 18
_INCOMING: Final = ".incoming"
_LOCK: Final = ".lock"
_FORGOTTEN_S: Final = 86400.0
"""After so long an incoming file belongs to a process that has ended."""


class UnknownFile(NotFound):
    """No file has this content's digest."""

    code: ClassVar[str] = "unknown-file"


class FileTooLarge(TooLarge):
    """More bytes than were allowed."""

    code: ClassVar[str] = "stream-too-large"


class MediaUnavailable(Unavailable):
    """The folder cannot be written: permissions, or the disk is full."""

    code: ClassVar[str] = "media-unavailable"


@dataclass(frozen=True)
class Stored:
    """A file that is in the folder: SHA-256 of its content in hexadecimal, and bytes."""

    sha256: str
    size: int


class Folder:
    """A folder of files by content.

    Parameters
    ----------
    path
        Made when the first file comes.
    """

    def __init__(self, path: Path) -> None:
        self._root = path

    def path(self, sha256: str) -> Path:
        """Where a file is.

        Raises
        ------
        UnknownFile
        """
        place = self._place(sha256)
        if not place.is_file():
            raise UnknownFile(N_("The file is no longer kept."), sha256=sha256)
        return place

    def __contains__(self, sha256: str) -> bool:
        return _DIGEST.fullmatch(sha256) is not None and self._place(sha256).is_file()

    def open(self, sha256: str) -> IO[bytes]:
        """A file, open for reading; it can be read to its end even if it is swept meanwhile.

        Raises
        ------
        UnknownFile
        """
        try:
            return self._place(sha256).open("rb")
        except FileNotFoundError:
            raise UnknownFile(N_("The file is no longer kept."), sha256=sha256) from None

    def incoming(self, *, most: int | None = None) -> Incoming:
        """A file to write into piece by piece; it gets its place by `Incoming.keep`.

        Parameters
        ----------
        most
            How many bytes it may have; None for no limit.
        """
        return Incoming(self, most)

    def put(self, stream: IO[bytes], *, most: int | None = None) -> Stored:
        """Keep what a stream holds, without having it in memory.

        Raises
        ------
        FileTooLarge
            More than ``most`` bytes; nothing is kept.
        MediaUnavailable
        """
        with self.incoming(most=most) as incoming:
            while piece := stream.read(_PIECE):
                incoming.write(piece)
            return incoming.keep()

    def take(self, path: Path) -> Stored:
        """Keep a finished file of this machine; it is moved if it can be."""
        with path.open("rb") as stream:
            stored = self.put(stream)
        path.unlink(missing_ok=True)
        return stored

    def sweep(self, keep: Collection[str], *, older_than_s: float = 3600.0) -> int:
        """Delete the files that nobody refers to; gives how many.

        Parameters
        ----------
        keep
            The digests that are referred to.
        older_than_s
            Younger files stay: somebody may be about to refer to them.
        """
        gone = 0
        limit = time.time() - older_than_s
        for shelf in self._shelves():
            for file in shelf.iterdir():
                if file.name in keep or not _DIGEST.fullmatch(file.name) or _modified(file) >= limit:
                    continue
                with self._placing():  # else the same content could come in between looking and deleting
                    if _modified(file) < limit:
                        file.unlink(missing_ok=True)
                        gone += 1
        leftovers = self._root / _INCOMING
        if leftovers.is_dir():
            for file in leftovers.iterdir():
                if _modified(file) < time.time() - _FORGOTTEN_S:
                    file.unlink(missing_ok=True)
        return gone

    def _shelves(self) -> list[Path]:
        if not self._root.is_dir():
            return []
        return [path for path in self._root.iterdir() if len(path.name) == 2 and path.is_dir()]

    def _place(self, sha256: str) -> Path:
        if not _DIGEST.fullmatch(sha256):  # a name that comes from outside never becomes a path
            raise UnknownFile(N_("The file is no longer kept."), sha256=sha256[:64])
        return self._root / sha256[:2] / sha256

    @contextmanager
    def _placing(self) -> Iterator[None]:
        """Alone among all processes give files their place, or take it away."""
        with (self._root / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _fresh(self) -> Path:
        folder = self._root / _INCOMING
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)  # what comes in may be internal
        folder.mkdir(exist_ok=True)
        return folder / uuid.uuid4().hex


class Incoming:
    """A file that is coming in: write it, then `keep` it; leaving the block without that forgets it.

    Can be read from its beginning too (``seek(0)``, ``read``), as parsers of requests do.
    """

    def __init__(self, folder: Folder, most: int | None) -> None:
        self._folder = folder
        self._most = most
        self._digest = hashlib.sha256()
        self.size = 0
        with _explained():
            self._path = folder._fresh()  # noqa: SLF001 - the two are one part
            self._file: IO[bytes] = self._path.open("x+b")

    def write(self, piece: bytes) -> int:
        """Write a piece.

        Raises
        ------
        FileTooLarge, MediaUnavailable
        """
        self.size += len(piece)
        if self._most is not None and self.size > self._most:
            self.forget()
            raise FileTooLarge(
                N_("The file is larger than %(most)s MB."),
                hint=N_("Send it in parts, or have the limit raised with DIJIE_UPLOAD_MB."),
                most=self._most // 1_000_000,
            )
        self._digest.update(piece)
        with _explained():
            return self._file.write(piece)

    def read(self, size: int = -1) -> bytes:
        """Read on from where `seek` has gone."""
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place in the file."""
        return self._file.seek(offset, whence)

    def keep(self) -> Stored:
        """Give the file its place: whole, and on the disk.

        Raises
        ------
        MediaUnavailable
        """
        sha256 = self._digest.hexdigest()
        with _explained():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            place = self._folder._place(sha256)  # noqa: SLF001
            place.parent.mkdir(parents=True, exist_ok=True)
            with self._folder._placing():  # noqa: SLF001
                self._path.replace(place)  # over an equal file this changes nothing but its age
            _flush_folder(place.parent)
        return Stored(sha256, self.size)

    def forget(self) -> None:
        """Delete what has come in; nothing where it was kept."""
        self._file.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    close = forget

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.forget()


def _modified(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:  # somebody else has swept it
        return float("inf")


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _explained() -> Iterator[None]:
    """Raise the system's refusals by their name."""
    try:
        yield
    except OSError as error:
        raise MediaUnavailable(
            N_("The file cannot be kept: %(reason)s."),
            hint=N_("Check the space on the disk and the permissions of the folder (DIJIE_FILES)."),
            reason=error.strerror or type(error).__name__,
        ) from error
