"""What a file is, by its content alone: a name or a header that somebody sends says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Protocol

from gis.errors import N_, Invalid

MediumKind = Literal["image", "sound"]

HEAD_BYTES: Final = 4096
"""So much of a file is looked at, and one frame further of an MP3."""

_VERSIONS: Final = (2.5, 0.0, 2.0, 1.0)
_BIT_RATES: Final = {
    1.0: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2.0: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES: Final = {1.0: (44100, 48000, 32000), 2.0: (22050, 24000, 16000), 2.5: (11025, 12000, 8000)}
_OGG_SOUNDS: Final = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ")


class Readable(Protocol):
    """What can be read from anywhere: an open file, or one that is coming in."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place."""


class UnknownMedium(Invalid):
    """A file that is neither a picture nor a sound of the kinds that are taken."""

    code = "unknown-medium"


@dataclass(frozen=True)
class Sort:
    """A kind of file that is taken."""

    kind: MediumKind
    mime: str


JPEG: Final = Sort("image", "image/jpeg")
PNG: Final = Sort("image", "image/png")
WEBP: Final = Sort("image", "image/webp")
MP3: Final = Sort("sound", "audio/mpeg")
MP4: Final = Sort("sound", "audio/mp4")
AAC: Final = Sort("sound", "audio/aac")
OGG: Final = Sort("sound", "audio/ogg")
WAV: Final = Sort("sound", "audio/wav")


def sort_of(file: Readable) -> Sort:
    """What a file holds; it is read from its beginning and left there.

    Raises
    ------
    UnknownMedium
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    found = _by_head(head)
    if found is None:
        raise UnknownMedium(
            N_("The file is no picture and no sound of a kind that is kept."),
            hint=N_("Pictures: JPEG, PNG, WebP. Sounds: MP3, M4A, AAC, OGG, WAV."),
        )
    return found


def _by_head(head: bytes) -> Sort | None:
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return WAV
    if head[4:8] == b"ftyp":
        return MP4 if _is_m4a(head) else None
    if head[:4] == b"OggS":
        return OGG if any(mark in head[:128] for mark in _OGG_SOUNDS) else None
    if head[:3] == b"ID3" and len(head) > 10:
        return MP3
    if head[:2] in (b"\xff\xf1", b"\xff\xf9"):
        return AAC
    return MP3 if _is_mp3(head) else None


def _is_m4a(head: bytes) -> bool:
    """Whether the file's brands say that it holds sound alone: others may hold films."""
    size = int.from_bytes(head[:4], "big")
    brands = {head[place : place + 4] for place in range(8, min(size, 256), 4) if place != 12}
    return bool(brands & {b"M4A ", b"M4B "})


def _is_mp3(head: bytes) -> bool:
    """Two frames of layer III, one behind the other: eleven bits alone stand in any file."""
    size = _frame_bytes(head[:4])
    return size is not None and _frame_bytes(head[size : size + 4]) is not None


def _frame_bytes(header: bytes) -> int | None:
    """How long an MP3 frame is; None where these four bytes begin none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = _VERSIONS[(header[1] >> 3) & 3], (header[1] >> 1) & 3
    rate_at, bits_at = (header[2] >> 2) & 3, header[2] >> 4
    if version == 0.0 or layer != 1 or rate_at == 3 or bits_at in (0, 15):
        return None
    kilobits = _BIT_RATES[1.0 if version == 1.0 else 2.0][bits_at]
    samples = 144 if version == 1.0 else 72
    return samples * kilobits * 1000 // _RATES[version][rate_at] + ((header[2] >> 1) & 1)
