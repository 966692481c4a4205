"""How a file arrives: begun, piece by piece, whole; whatever is killed in between is gone on with.

The order of steps at the end: all bytes are on the disk; their hash is written down; they get their place; the file is
written down together with the job that reads it. Each step can be done again, and the next one begins where it broke.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar, Final

from gis.errors import N_, TooLarge
from layers.access import Editor
from layers.media import FileTooLarge, Folder
from layers.media.partial import PartialFiles
from layers.office import Office, field_files
from layers.office.field_files import FieldUpload, KeptFile

ORIGINALS: Final = "field-files"
"""Folder of the originals, by content, within that of all files."""
RESULTS: Final = "field-results"
_PARTIAL: Final = "field-files.part"
_SPARE: Final = 200_000_000
"""So many bytes of the disk stay free."""


class NoRoom(TooLarge):
    """The disk has no room for a file of that size."""

    code: ClassVar[str] = "no-room"


class Arrivals:
    """Where files from the field arrive.

    Parameters
    ----------
    files
        The folder of all files of the installation.
    most
        How many bytes a file may have.
    """

    def __init__(self, office: Office, files: Path, *, most: int) -> None:
        self._office = office
        self._files = files
        self._partial = PartialFiles(files / _PARTIAL)
        self.originals = Folder(files / ORIGINALS)
        self.most = most

    def begin(self, name: str, size: int, *, editor: Editor) -> FieldUpload:
        """Expect a file.

        Raises
        ------
        FileTooLarge, NoRoom, TooManyUploads, MediaUnavailable
        """
        self.require_room(size)
        for gone in field_files.expired_uploads(self._office):
            self._partial.forget(gone)
        upload = field_files.begin_upload(self._office, name=name, size=size, editor=editor)
        self._partial.begin(upload.uuid)
        return upload

    def require_room(self, size: int) -> None:
        """Raise unless a file of that size is taken and has room."""
        if size > self.most:
            raise FileTooLarge(
                N_("The file is larger than %(most)s MB."),
                hint=N_("Send it in parts, or have the limit raised with DIJIE_UPLOAD_MB."),
                most=self.most // 1_000_000,
            )
        self._files.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self._files).free < 2 * size + _SPARE:
            raise NoRoom(
                N_("The server's disk has no room for this file."),
                hint=N_("Tell who looks after the server; what you have sent so far is kept."),
            )

    def offset(self, upload: FieldUpload) -> int:
        """How many bytes of it are there."""
        there = self._partial.offset(upload.uuid)
        if there is None:
            if upload.sha256 is not None:
                return upload.size
            self._partial.begin(upload.uuid)  # the server ended between the two steps of `begin`
            return 0
        return there

    def append(
        self,
        upload: FieldUpload,
        offset: int,
        pieces: Iterable[bytes],
        *,
        verified: Callable[[], bool] | None = None,
    ) -> int:
        """Take bytes; gives how many there are now. Raises what `PartialFiles.append` raises."""
        self.offset(upload)
        return self._partial.append(upload.uuid, offset, pieces, most=upload.size, verified=verified)

    def finish(self, upload: FieldUpload, *, editor: Editor) -> tuple[KeptFile, bool]:
        """Give a file that is all there its place, and have it read; see `field_files.receive`."""
        sha256 = upload.sha256
        if sha256 is None:
            sha256 = self._partial.digest(upload.uuid)
            field_files.note_hash(self._office, upload.uuid, sha256)
        stored = self._partial.keep(upload.uuid, self.originals, sha256)
        return field_files.receive(
            self._office, name=upload.name, sha256=sha256, size=stored.size, editor=editor, upload=upload.uuid
        )

    def go_on(self, *, editor: Editor) -> None:
        """Finish what is all there and was not finished, since the server was ended; have read what waits."""
        for upload in field_files.open_uploads(self._office, editor=editor):
            if self.offset(upload) == upload.size:
                self.finish(upload, editor=editor)
        field_files.put_in_waiting(self._office, editor=editor)

    def give_up(self, uuid: str, *, editor: Editor) -> None:
        """Forget an upload and what has come of it."""
        self._partial.forget(field_files.drop_upload(self._office, uuid, editor=editor).uuid)
