"""What a file is by its content; pictures lose what the camera noted and stand upright."""

from __future__ import annotations

import contextlib
import io
import struct
import wave
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from layers.media import Folder
from layers.media.kinds import JPEG, PNG, WEBP, UnknownMedium, sort_of
from layers.media.pictures import BrokenPicture, PictureTooLarge, cleaned, reduced
from layers.media.thumbnails import Thumbnails, UnknownSize

GPS = 0x8825


def picture(form: str = "JPEG", *, size: tuple[int, int] = (60, 40), orientation: int = 1, mode: str = "RGB") -> bytes:
    image = Image.new(mode, size, "red" if mode == "RGB" else None)
    image.paste("blue" if mode == "RGB" else (0, 0, 255, 90), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(0x8769)[0x9003] = "2021:05:06 07:08:09"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (36.0, 42.0, 0.0)
    out = io.BytesIO()
    image.save(out, form, exif=exif, **({"quality": 95} if form == "JPEG" else {}))
    return out.getvalue()


def sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * 800)
    return out.getvalue()


MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (picture(), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
        (sound(), "audio/wav"),
        (b"ID3\x04\0\0\0\0\0\x01" + bytes(20), "audio/mpeg"),
        (MP3_FRAME * 2, "audio/mpeg"),
        (b"\xff\xf1\x50\x80" + bytes(40), "audio/aac"),
        (b"\0\0\0\x1cftypM4A \0\0\2\0M4A isomiso2" + bytes(40), "audio/mp4"),
        (b"OggS" + bytes(24) + b"\x01\x1eOpusHead" + bytes(20), "audio/ogg"),
    ],
)
def test_kinds_are_seen_from_the_content(content: bytes, mime: str) -> None:
    assert sort_of(io.BytesIO(content)).mime == mime


@pytest.mark.parametrize(
    "content",
    [
        b"", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html><script>alert(1)</script>",
        b"GIF89a" + bytes(20), b"BM" + bytes(60),
        b"%PDF-1.7", b"PK\3\4" + bytes(30), b"RIFF\0\0\0\0AVI LIST", MP3_FRAME + b"x" * 500, b"\xff\xe0\0\0",
        b"\0\0\0\x18ftypisom\0\0\2\0isommp42" + bytes(40), b"OggS" + bytes(24) + b"\x80theora" + bytes(40),
    ],
)  # fmt: skip
def test_everything_else_is_refused(content: bytes) -> None:
    with pytest.raises(UnknownMedium):
        sort_of(io.BytesIO(content))


@given(st.binary(max_size=64))
def test_no_content_breaks_the_look(content: bytes) -> None:
    with contextlib.suppress(UnknownMedium):
        assert sort_of(io.BytesIO(content)).mime


@pytest.mark.parametrize(("form", "sort"), [("JPEG", JPEG), ("PNG", PNG), ("WEBP", WEBP)])
@pytest.mark.parametrize("orientation", [1, 6, 3])
def test_nothing_of_the_camera_stays_and_the_picture_stands_upright(form: str, sort: Any, orientation: int) -> None:
    given_ = picture(form, orientation=orientation)
    assert b"CameraMaker" in given_ or form == "PNG"
    found = cleaned(io.BytesIO(given_), sort)
    image = Image.open(io.BytesIO(found.content))
    assert not dict(image.getexif())
    assert b"CameraMaker" not in found.content
    assert b"Exif" not in found.content
    assert image.size == (found.width, found.height) == ((40, 60) if orientation == 6 else (60, 40))
    assert found.taken_on == "2021-05-06"
    # blue was at the left: turned by 90 degrees clockwise it is above, turned by 180 at the right
    at = {1: (5, 20), 6: (20, 5), 3: (55, 20)}[orientation]
    red, _, blue = image.convert("RGB").getpixel(at)
    assert blue > 180 > red


def test_an_upright_jpeg_is_not_encoded_again() -> None:
    given_ = picture()
    found = cleaned(io.BytesIO(given_ + b"what stands behind"), JPEG).content
    assert b"behind" not in found
    assert found[found.index(b"\xff\xda") :] == given_[given_.index(b"\xff\xda") :]


def test_broken_and_huge_pictures_are_refused() -> None:
    whole = picture(size=(300, 300))
    for content, sort in ((whole[: len(whole) // 2], JPEG), (b"\xff\xd8\xff\xe0rubbish", JPEG), (whole, PNG)):
        with pytest.raises(BrokenPicture):
            cleaned(io.BytesIO(content), sort)
    for side in (8_000, 60_000):  # a small file that would be 190 MB and 10 GB of pixels
        head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
        chunk = b"IHDR" + head
        bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
        bomb += struct.pack(">I", 10) + b"IDAT" + bytes(14)
        with pytest.raises(PictureTooLarge):
            cleaned(io.BytesIO(bomb), PNG)


def test_small_pictures_keep_the_shape_and_transparency(tmp_path: Any) -> None:
    small = Image.open(io.BytesIO(reduced(picture(size=(900, 300)), JPEG, 320)))
    assert (small.format, small.size) == ("JPEG", (320, 107))
    clear = Image.open(io.BytesIO(reduced(picture("PNG", size=(900, 300), mode="RGBA"), PNG, 320)))
    assert (clear.format, clear.mode) == ("WEBP", "RGBA")
    folder, thumbnails = Folder(tmp_path / "media"), Thumbnails(tmp_path / "small")
    kept = folder.put(io.BytesIO(picture(size=(900, 300))))
    path = thumbnails.path(folder, kept.sha256, JPEG, 320)
    path.unlink()
    assert thumbnails.path(folder, kept.sha256, JPEG, 320).is_file()  # made again where it is missing
    with pytest.raises(UnknownSize):
        thumbnails.path(folder, kept.sha256, JPEG, 321)
    assert thumbnails.sweep({kept.sha256}) == 0
    assert thumbnails.sweep(set()) == 1
