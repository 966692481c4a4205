"""Files that come in pieces: what has arrived is what is there, whatever breaks."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.media import Folder
from layers.media.partial import ChecksumDiffers, OffsetDiffers, PartialBusy, PartialFiles

NAME = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def partial(tmp_path: Path) -> PartialFiles:
    files = PartialFiles(tmp_path / "part")
    files.begin(NAME)
    return files


def breaking() -> Iterator[bytes]:
    yield b"cd"
    raise ConnectionResetError


def test_what_came_before_a_break_stays(partial: PartialFiles) -> None:
    assert partial.append(NAME, 0, [b"a", b"b"], most=9) == 2
    with pytest.raises(ConnectionResetError):
        partial.append(NAME, 2, breaking(), most=9)
    assert partial.offset(NAME) == 4
    with pytest.raises(OffsetDiffers):
        partial.append(NAME, 2, [b"x"], most=9)
    with pytest.raises(OffsetDiffers):
        partial.append(NAME, 4, [b"efgh", b"ijkl"], most=9)
    assert partial.offset(NAME) == 4


def test_what_is_not_verified_does_not_stay(partial: PartialFiles) -> None:
    partial.append(NAME, 0, [b"ab"], most=9)
    with pytest.raises(ChecksumDiffers):
        partial.append(NAME, 2, [b"xx"], most=9, verified=lambda: False)
    with pytest.raises(ConnectionResetError):
        partial.append(NAME, 2, breaking(), most=9, verified=lambda: True)
    assert partial.offset(NAME) == 2
    assert partial.append(NAME, 2, [b"cd"], most=9, verified=lambda: True) == 4


def test_one_at_a_time(partial: PartialFiles, tmp_path: Path) -> None:
    with (tmp_path / "part" / NAME).open("r+b") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(PartialBusy):
            partial.append(NAME, 0, [b"a"], most=9)
    assert partial.append(NAME, 0, [b"a"], most=9) == 1


def test_its_place_is_given_once(partial: PartialFiles, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "whole")
    partial.append(NAME, 0, [b"abc"], most=3)
    digest = partial.digest(NAME)
    assert digest == hashlib.sha256(b"abc").hexdigest()
    with pytest.raises(ChecksumDiffers):
        partial.keep(NAME, folder, "0" * 64)
    assert partial.keep(NAME, folder, digest) == partial.keep(NAME, folder, digest)
    assert partial.offset(NAME) is None
    assert folder.path(digest).read_bytes() == b"abc"
    with pytest.raises(ValueError, match="x"):
        partial.begin("../x")
