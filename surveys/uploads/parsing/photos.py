"""Photos: where, when and which way, from their EXIF. The picture itself is not decoded."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from gis.errors import N_
from gis.findings import Finding
from layers.ingest.reading.faults import damaged
from layers.media.pictures import MOST_PIXELS
from surveys.uploads.parsing import heif
from surveys.uploads.parsing.moments import seconds
from surveys.uploads.raw import Part, cut

_GPS: Final = 0x8825
_EXIF: Final = 0x8769
_MODEL, _MAKE, _CHANGED = 0x0110, 0x010F, 0x0132
_TAKEN, _OFFSET, _SUB = 0x9003, 0x9011, 0x9291
_LAT_REF, _LAT, _LON_REF, _LON, _ALT_REF, _ALT, _TIME, _DIRECTION, _DATE = 1, 2, 3, 4, 5, 6, 7, 17, 29
_LARGEST: Final = 200_000_000
_HINT: Final = N_("Switch on the camera's position next time; this photo can be placed by its time along the track.")


def read(path: Path, file: str, *, heic: bool) -> Part:
    """A JPEG or HEIC photo.

    Raises
    ------
    DamagedFile
    """
    part = Part(file, "heic" if heic else "jpeg")
    exif, size = _heic(path, file) if heic else _jpeg(path, file)
    gps, more = _sub(exif, _GPS), _sub(exif, _EXIF)
    lon, lat = _angle(gps, _LON, _LON_REF, 180.0), _angle(gps, _LAT, _LAT_REF, 90.0)
    time, zoned = _moment(gps, {**exif, **more})
    part.photo = {
        "lon": lon,
        "lat": lat,
        "height": _height(gps),
        "time": time,
        "zoned": zoned,
        "direction": _number(gps.get(_DIRECTION), 0.0, 360.0),
        "size": list(size) if size else None,
        "camera": cut(" ".join(str(exif[key]).strip("\0 ") for key in (_MAKE, _MODEL) if exif.get(key))),
    }
    if lon is None or lat is None or (lon == 0 and lat == 0):
        part.photo["lon"] = part.photo["lat"] = None
        part.findings.append(
            Finding("photo-without-place", "warning", file, N_("The photo does not say where it was taken."), {}, _HINT)
        )
    if time is None:
        template = N_("The photo does not say when it was taken.")
        part.findings.append(Finding("photo-without-time", "warning", file, template))
    elif not zoned:
        template = N_("The photo's time is the camera's own clock, without a zone.")
        part.findings.append(Finding("photo-clock", "info", file, template))
    return part


def _jpeg(path: Path, file: str) -> tuple[Mapping[int, Any], tuple[int, int] | None]:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=["JPEG"]) as image:
                exif = _tables(image.getexif())
                size = (image.width, image.height)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise damaged(file, N_("%(file)s is damaged: it is no complete JPEG picture.")) from error
    if size[0] * size[1] > MOST_PIXELS * 4:
        raise damaged(file, N_("%(file)s says that it has more pixels than any camera."))
    with path.open("rb") as stream:
        stream.seek(max(path.stat().st_size - 65_536, 0))
        if b"\xff\xd9" not in stream.read():
            raise damaged(file, N_("%(file)s is cut off: the picture has no end."))
    return exif, _upright(size, exif)


def _heic(path: Path, file: str) -> tuple[Mapping[int, Any], tuple[int, int] | None]:
    from PIL import Image

    if path.stat().st_size > _LARGEST:
        raise damaged(file, N_("%(file)s says that it has more pixels than any camera."))
    found = heif.metadata(path.read_bytes())
    if found is None:
        raise damaged(file, N_("%(file)s is damaged: it is no complete HEIC picture."))
    exif = Image.Exif()
    if found.exif:
        try:
            exif.load(found.exif)
        except (OSError, ValueError, SyntaxError, KeyError, io.UnsupportedOperation):
            exif = Image.Exif()
    return _tables(exif), found.size


def _tables(exif: Any) -> dict[int, Any]:
    """The tables of EXIF as plain mappings; whatever a camera has written badly is worth no more than nothing."""
    try:
        found: dict[int, Any] = dict(exif)
        for name in (_GPS, _EXIF):
            found[name] = dict(exif.get_ifd(name))
    except Exception:  # noqa: BLE001
        return {}
    return found


def _sub(exif: Mapping[int, Any], name: int) -> dict[int, Any]:
    found = exif.get(name)
    return found if isinstance(found, dict) else {}


def _upright(size: tuple[int, int], exif: Mapping[int, Any]) -> tuple[int, int]:
    return (size[1], size[0]) if exif.get(0x0112) in (5, 6, 7, 8) else size


def _angle(gps: Mapping[int, Any], name: int, reference: int, most: float) -> float | None:
    values = gps.get(name)
    if not isinstance(values, tuple) or len(values) != 3:
        return None
    parts = [_number(value, 0.0, 360.0) for value in values]
    if None in parts:
        return None
    degrees, minutes, rest = (float(part or 0.0) for part in parts)
    value = degrees + minutes / 60 + rest / 3600
    if value > most:
        return None
    return -value if str(gps.get(reference, "")).strip("\0 ").upper() in ("S", "W") else value


def _height(gps: Mapping[int, Any]) -> float | None:
    value = _number(gps.get(_ALT), 0.0, 20_000.0)
    below = gps.get(_ALT_REF) in (1, b"\x01")
    return value if value is None or not below else -value


def _moment(gps: Mapping[int, Any], tags: Mapping[int, Any]) -> tuple[float | None, bool]:
    """When: the satellites' time first, then the camera's clock with its zone, then without."""
    day, clock = gps.get(_DATE), gps.get(_TIME)
    if isinstance(day, str) and isinstance(clock, tuple) and len(clock) == 3:
        numbers = [_number(value, 0.0, 60.0) for value in clock]
        if None not in numbers:
            hours, minutes, rest = (int(number or 0) for number in numbers)
            text = f"{day.strip(chr(0)).strip().replace(':', '-')}T{hours:02}:{minutes:02}:{rest:02}Z"
            if (found := seconds(text)) is not None:
                return found, True
    taken = tags.get(_TAKEN) or tags.get(_CHANGED)
    if not isinstance(taken, str):
        return None, False
    try:
        moment = datetime.strptime(taken.strip("\0 ")[:19], "%Y:%m:%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None, False
    offset = str(tags.get(_OFFSET) or "").strip("\0 ")
    zoned = seconds(f"{moment:%Y-%m-%dT%H:%M:%S}{offset}") if offset else None
    return (zoned, True) if zoned is not None else (moment.timestamp(), False)


def _number(value: Any, least: float, most: float) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if math.isfinite(number) and least <= number <= most else None
