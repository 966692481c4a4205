"""Pictures as they are kept: upright, without what the camera noted of where and by whom, and small ones beside.

Pillow decodes only the three formats that are taken, and only pictures of a size that fits into memory.
"""

from __future__ import annotations

import datetime as dt
import io
import warnings
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image, ImageOps, UnidentifiedImageError

from gis.errors import N_, Invalid, TooLarge
from layers.media.kinds import JPEG, PNG, WEBP, Readable, Sort

MOST_PIXELS: Final = 50_000_000
_FORMATS: Final = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
_TAKEN: Final = (0x9003, 0x9004, 0x0132)
"""EXIF: when a picture was taken, was digitised, was changed."""
_ORIENTATION: Final = 0x0112
_EXIF: Final = 0x8769
_DROPPED: Final = frozenset({*range(0xE1, 0xE2), *range(0xE3, 0xEE), 0xEF, 0xFE})
"""Segments of a JPEG that say nothing of how it is decoded: EXIF, XMP, Photoshop, comments. APP0, the colour profile
(APP2) and Adobe's APP14 stay."""


class PictureTooLarge(TooLarge):
    """More pixels than are decoded."""

    code = "picture-too-large"


class BrokenPicture(Invalid):
    """A file that begins as a picture and cannot be decoded."""

    code = "broken-picture"


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: its bytes without metadata, its size in pixels, the day on which it was taken."""

    content: bytes
    width: int
    height: int
    taken_on: str | None


def cleaned(file: Readable, sort: Sort) -> Picture:
    """A picture without metadata and upright; a JPEG that stands upright is not encoded again.

    Raises
    ------
    PictureTooLarge, BrokenPicture
    """
    file.seek(0)
    content = file.read()
    image = _opened(content, sort)
    whole, exif = (image.width, image.height), _exif(image)
    turned = exif.get(_ORIENTATION, 1) not in (0, 1, None)
    try:
        if sort == JPEG and not turned:
            image.draft("RGB", (image.width // 8, image.height // 8))  # read to its end, in a 64th of the memory
        image.load()
    except (OSError, ValueError, SyntaxError, MemoryError) as error:
        raise _broken() from error
    if sort == JPEG and not turned and (bare := _without_segments(content)) is not None:
        kept, size = bare, whole
    else:
        upright = ImageOps.exif_transpose(image)
        kept = _encoded(upright, sort)
        size = (upright.width, upright.height)
    return Picture(kept, *size, _day_taken(exif))


def reduced(content: bytes, sort: Sort, most: int) -> bytes:
    """A picture whose longer side has at most ``most`` pixels, as JPEG or, where it is transparent, as WebP.

    Raises
    ------
    PictureTooLarge, BrokenPicture
    """
    image = _opened(content, sort)
    try:
        image.draft("RGB", (most * 2, most * 2))
        image.thumbnail((most, most), Image.Resampling.LANCZOS)
        transparent = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
        out = io.BytesIO()
        if transparent:
            image.convert("RGBA").save(out, "WEBP", quality=82)
        else:
            image.convert("RGB").save(out, "JPEG", quality=82, progressive=True)
    except (OSError, ValueError, SyntaxError, MemoryError) as error:
        raise _broken() from error
    return out.getvalue()


def _opened(content: bytes, sort: Sort) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the number of pixels is looked at below
            image = Image.open(io.BytesIO(content), formats=[_FORMATS[sort]])
    except Image.DecompressionBombError:
        raise _too_large() from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise _broken() from error
    if image.width * image.height > MOST_PIXELS:
        raise _too_large()
    return image


def _too_large() -> PictureTooLarge:
    return PictureTooLarge(
        N_("The picture has more than %(most)s million pixels."), hint=N_("Make it smaller."), most=MOST_PIXELS // 10**6
    )


def _broken() -> BrokenPicture:
    return BrokenPicture(N_("The picture cannot be decoded."), hint=N_("Save it anew with a picture program."))


def _exif(image: Image.Image) -> dict[int, Any]:
    try:
        exif = image.getexif()
        return {**dict(exif), **dict(exif.get_ifd(_EXIF))}
    except Exception:  # noqa: BLE001 - whatever a camera has written badly is worth no more than nothing
        return {}


def _day_taken(exif: dict[int, Any]) -> str | None:
    for tag in _TAKEN:
        text = exif.get(tag)
        if isinstance(text, str):
            try:
                day = dt.datetime.strptime(text[:10], "%Y:%m:%d").date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
            if day.year > 1900:
                return day.isoformat()
    return None


def _encoded(image: Image.Image, sort: Sort) -> bytes:
    out = io.BytesIO()
    profile = image.info.get("icc_profile")
    try:
        if sort == JPEG:
            plain = image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")
            plain.save(out, "JPEG", quality=92, subsampling=0, icc_profile=profile)
        elif sort == PNG:
            plain = image.copy()
            plain.info = {key: value for key, value in image.info.items() if key in ("transparency", "gamma")}
            plain.save(out, "PNG", icc_profile=profile)
        else:
            plain = image if image.mode in ("RGB", "RGBA") else image.convert("RGBA")
            plain.save(out, "WEBP", quality=92, icc_profile=profile or b"")
    except (OSError, ValueError, SyntaxError, MemoryError) as error:
        raise _broken() from error
    return out.getvalue()


def _without_segments(content: bytes) -> bytes | None:
    """A JPEG without the segments that hold metadata; None where it is not built as it should be."""
    kept = [content[:2]]
    place = 2
    while place + 4 <= len(content):
        if content[place] != 0xFF:
            return None
        mark = content[place + 1]
        if mark == 0xFF:  # padding
            place += 1
            continue
        if mark == 0xDA:  # the picture itself; what stands behind its end goes (other pictures, films)
            end = content.rfind(b"\xff\xd9")
            return b"".join(kept) + content[place : end + 2] if end > place else None
        size = int.from_bytes(content[place + 2 : place + 4], "big")
        if size < 2 or place + 2 + size > len(content):
            return None
        if mark not in _DROPPED:
            kept.append(content[place : place + 2 + size])
        place += 2 + size
    return None
