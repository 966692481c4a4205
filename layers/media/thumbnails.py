"""Small pictures beside the kept ones, made once and made again where they are missing."""

from __future__ import annotations

import os
import uuid
from collections.abc import Collection
from pathlib import Path
from typing import Final

from gis.errors import N_, Invalid
from layers.media.folder import Folder
from layers.media.kinds import Sort
from layers.media.pictures import reduced

SIZES: Final = (320, 1280)
"""The longer side in pixels."""


class UnknownSize(Invalid):
    """A size in which pictures are not kept."""

    code = "unknown-size"


class Thumbnails:
    """Small pictures by the digest of the large one.

    They hold nothing that could not be made again: a file is written beside and renamed, and whoever finds none makes
    it.

    Parameters
    ----------
    path
        The folder; made when the first picture comes.
    """

    def __init__(self, path: Path) -> None:
        self._root = path

    def path(self, pictures: Folder, sha256: str, sort: Sort, size: int) -> Path:
        """The small picture of a kept one.

        Raises
        ------
        UnknownSize, UnknownFile, BrokenPicture, PictureTooLarge
        """
        if size not in SIZES:
            raise UnknownSize(
                N_("Pictures are kept in the sizes %(sizes)s."), sizes=", ".join(str(one) for one in SIZES)
            )
        source = pictures.path(sha256)
        place = self._root / sha256[:2] / f"{sha256}-{size}"
        if not place.is_file():
            small = reduced(source.read_bytes(), sort, size)
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside = place.with_name(f".{uuid.uuid4().hex}")
            beside.write_bytes(small)
            os.replace(beside, place)  # noqa: PTH105 - over one that another has made meanwhile
        return place

    def make(self, pictures: Folder, sha256: str, sort: Sort) -> None:
        """Every size of a picture."""
        for size in SIZES:
            self.path(pictures, sha256, sort, size)

    def sweep(self, keep: Collection[str]) -> int:
        """Delete the small pictures of those that nobody refers to; gives how many files."""
        gone = 0
        for file in self._root.glob("??/*"):
            if file.name[:64] not in keep:
                file.unlink(missing_ok=True)
                gone += 1
        return gone
