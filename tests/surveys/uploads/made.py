"""Files from the field, made small: sound ones, and flawed ones of every kind."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path

from PIL import Image

INTAKE = Path(__file__).parents[2] / "data" / "intake"

GPX = """<?xml version="1.0" encoding="UTF-8"?>
<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="device">
<wpt lat="36.61" lon="118.41"><ele>101.5</ele><time>2025-05-01T08:00:00+08:00</time><name>界桩03</name></wpt>
<trk><name>第一天</name>
<trkseg>
<trkpt lat="36.60" lon="118.40"><ele>100</ele><time>2025-05-01T00:00:00Z</time><hdop>1.2</hdop></trkpt>
<trkpt lat="36.61" lon="118.41"><time>2025-05-01T00:00:01Z</time></trkpt>
<trkpt lat="36.62" lon="118.42"><time>2025-05-01T00:00:02.500Z</time></trkpt>
</trkseg>
<trkseg><trkpt lat="36.63" lon="118.43"></trkpt></trkseg>
</trk>
<rte><name>计划</name><rtept lat="36.6" lon="118.4"/><rtept lat="36.7" lon="118.5"/></rte>
</gpx>
"""

KML_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2" '
    'xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><Folder><name>外业</name>'
)
KML = (
    KML_HEAD
    + "<Placemark><name>点</name><ExtendedData><Data name='编码'><value>JZ</value></Data></ExtendedData>"
    + "<Point><coordinates>118.4,36.6,12</coordinates></Point></Placemark>"
    + "<Placemark><name>轨迹</name><gx:Track><when>2025-05-01T00:00:00Z</when><when>2025-05-01T00:00:05Z</when>"
    + "<gx:coord>118.4 36.6 10</gx:coord><gx:coord>118.5 36.7 11</gx:coord></gx:Track></Placemark>"
    + "<Placemark><name>房</name><Polygon><outerBoundaryIs><LinearRing><coordinates>118.4,36.6 118.41,36.6 118.41,36.61"
    + " 118.4,36.6</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Folder></Document></kml>"
)

DXF = "\n".join(
    ["0", "SECTION", "2", "ENTITIES", "0", "POINT", "8", "JZ", "10", "40419585.333", "20", "4064705.797", "30", "12.0",
     "0", "LINE", "8", "JX", "10", "40419585.0", "20", "4064705.0", "11", "40419685.0", "21", "4064805.0",
     "0", "ENDSEC", "0", "EOF", ""]
)  # fmt: skip


def zipped(**entries: bytes | str) -> bytes:
    """A zip; in names ``__`` stands for a dot."""
    return packed({name.replace("__", "."): content for name, content in entries.items()})


def packed(entries: dict[str, bytes | str]) -> bytes:
    """A zip of these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def shapefile(*, without: tuple[str, ...] = (), **instead: bytes) -> bytes:
    """A sound zipped shapefile in GBK, less some of its parts or with others instead."""
    with zipfile.ZipFile(INTAKE / "qgis_shp_gbk.zip") as archive:
        parts: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    kept = {name: content for name, content in parts.items() if not name.endswith(without)} if without else parts
    return packed({name: instead.get(name[-3:], content) for name, content in kept.items()})  # type: ignore[arg-type]


def part_of_shapefile(ending: str) -> bytes:
    """One file of the sound shapefile."""
    with zipfile.ZipFile(INTAKE / "qgis_shp_gbk.zip") as archive:
        return archive.read(next(name for name in archive.namelist() if name.endswith(ending)))


def features(*geometries: object) -> str:
    """A GeoJSON collection."""
    whole = [{"type": "Feature", "properties": {}, "geometry": geometry} for geometry in geometries]
    return json.dumps({"type": "FeatureCollection", "features": whole})


def at(*coordinates: float) -> dict[str, object]:
    """A GeoJSON point."""
    return {"type": "Point", "coordinates": coordinates}


def _exif(*, place: bool, zone: bool) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Make", "Model"
    exif[0x9003] = "2025:05:01 08:00:10"
    if zone:
        exif[0x9011] = "+08:00"
    if place:
        exif[0x8825] = {1: "N", 2: (36.0, 36.0, 36.0), 3: "E", 4: (118.0, 24.0, 0.0), 5: b"\0", 6: 120.5, 17: 45.0}
    return exif


def jpeg(*, place: bool = True, zone: bool = True) -> bytes:
    """A photo with EXIF."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG", exif=_exif(place=place, zone=zone))
    return out.getvalue()


def heic() -> bytes:
    """The container of a photo as a telephone writes it: EXIF and sizes, without a picture."""
    exif = b"\0\0\0\6Exif\0\0" + _exif(place=True, zone=True).tobytes().removeprefix(b"Exif\0\0")

    def box(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(body), kind) + body

    ftyp = box(b"ftyp", b"heic\0\0\0\0mif1heic")
    infe = box(b"infe", b"\2\0\0\0" + struct.pack(">HH", 7, 0) + b"Exif\0")
    iinf = box(b"iinf", b"\0\0\0\0" + struct.pack(">H", 1) + infe)
    ispe = box(b"ispe", b"\0\0\0\0" + struct.pack(">II", 512, 512)) + box(
        b"ispe", b"\0\0\0\0" + struct.pack(">II", 4032, 3024)
    )
    iprp = box(b"iprp", box(b"ipco", ispe))

    def meta(offset: int) -> bytes:
        body = b"\0\0\0\0" + bytes([0x44, 0x00]) + struct.pack(">HHHHII", 1, 7, 0, 1, offset, len(exif))
        return box(b"meta", b"\0\0\0\0" + iinf + iprp + box(b"iloc", body))

    before = len(ftyp) + len(meta(0)) + 8
    return ftyp + meta(before) + box(b"mdat", exif)
