"""The same six places as GDAL, QGIS and LibreOffice write them, and as GDAL's own program writes them now."""

from __future__ import annotations

import csv
import os
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from gis.crs import unproject
from layers.ingest.reading import peek_isolated, read_isolated

FILES = Path(__file__).parents[3] / "data" / "intake"
ROWS = list(csv.DictReader((FILES / "rows.csv").read_text(encoding="utf-8").splitlines(keepends=True)))
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("PROJ_", "GDAL_"))}

KNOWN = {
    # file: format, EPSG, encoding, how it is known, number of the first row
    "gdal.geojson": ("geojson", 4490, "utf-8", "format", 1),
    "gdal.gpkg": ("gpkg", 4490, "utf-8", "format", 1),
    "gdal.kml": ("kml", 4326, "utf-8", "format", 1),
    "gdal.kmz": ("kml", 4326, "utf-8", "format", 1),
    "gdal_gdb.zip": ("gdb", 4490, "utf-8", "format", 1),
    "gdal_shp_gbk_no_cpg.zip": ("shp", 4549, "gb18030", "detected", 1),
    "libreoffice.ods": ("xlsx", None, "utf-8", "format", 2),
    "libreoffice.xls": ("xlsx", None, "utf-8", "format", 2),
    "libreoffice.xlsx": ("xlsx", None, "utf-8", "format", 2),
    "libreoffice_gb18030.txt": ("csv", None, "gb18030", "detected", 2),
    "libreoffice_utf16.txt": ("csv", None, "utf-16-le", "format", 2),
    "libreoffice_utf8.csv": ("csv", None, "utf-8", "detected", 2),
    "qgis.geojson": ("geojson", 4326, "utf-8", "format", 1),
    "qgis.gpkg": ("gpkg", 4490, "utf-8", "format", 1),
    "qgis.kml": ("kml", 4326, "utf-8", "format", 1),
    "qgis.xlsx": ("xlsx", None, "utf-8", "format", 2),
    "qgis_shp_gbk.zip": ("shp", 4528, "gb18030", "cpg", 1),
}


def spelled(value: object) -> str:
    if value is None or value is pd.NA or value != value:
        return ""
    return str(value)


def test_all_files_are_known() -> None:
    assert {path.name for path in FILES.iterdir()} == KNOWN.keys() | {"README.md", "rows.csv"}


@pytest.mark.parametrize("name", list(KNOWN))
def test_read(name: str) -> None:
    kind, epsg, encoding, known, first = KNOWN[name]
    reading = read_isolated(FILES / name)
    assert (reading.format, reading.epsg, reading.encoding, reading.encoding_from) == (kind, epsg, encoding, known)
    # a record that goes over two lines is counted by its first
    steps = [1, 1, 1, 1, 2] if kind == "csv" and "\n" in spelled(reading.frame["备注"].iloc[4]) else [1] * 5
    assert np.diff(reading.rows).tolist() == steps
    assert reading.rows[0] == first
    width = 10 if kind == "shp" else 200
    for heading in ROWS[0]:
        column = heading.encode("gb18030")[:width].decode("gb18030")
        found = [spelled(value) for value in reading.frame[column]]
        wanted = [row[heading] for row in ROWS]
        if name == "qgis_shp_gbk.zip":
            wanted = [one.replace("𠮷", "?").replace("È", "?") for one in wanted]  # GBK cannot hold them
        if heading in ("东经", "北纬", "海拔"):
            assert [float(one or -1) for one in found] == [float(one or -1) for one in wanted]
        elif kind == "csv" or heading != "备注":
            assert found == wanted
        else:  # some of their writers lay line breaks out in another way
            assert [one.split() for one in found] == [one.split() for one in wanted]
    if reading.geometry is not None:
        x, y = shapely.get_x(reading.geometry), shapely.get_y(reading.geometry)
        lon, lat = unproject(x, y, epsg) if epsg not in (4490, 4326) else (x, y)
        assert lon == pytest.approx([float(row["东经"]) for row in ROWS], abs=1e-8)
        assert lat == pytest.approx([float(row["北纬"]) for row in ROWS], abs=1e-8)


@pytest.mark.parametrize("name", list(KNOWN))
def test_peek(name: str) -> None:
    layers = peek_isolated(FILES / name)
    assert [one.rows for one in layers] == [6]
    assert "地名类别" in layers[0].fields
    assert bool(layers[0].geometry) == (KNOWN[name][1] is not None)


@pytest.mark.parametrize(
    ("driver", "ending", "options"),
    [
        ("GPKG", "gpkg", ()),
        ("GeoJSON", "geojson", ("-lco", "RFC7946=YES")),
        ("ESRI Shapefile", "shp", ("-lco", "ENCODING=UTF-8")),
        ("KML", "kml", ()),
        ("LIBKML", "kmz", ()),
        ("CSV", "csv", ("-lco", "GEOMETRY=AS_XY", "-lco", "SEPARATOR=SEMICOLON")),
        ("XLSX", "xlsx", ()),
        ("OpenFileGDB", "gdb", ()),
    ],
)
def test_written_by_ogr2ogr_now(tmp_path: Path, driver: str, ending: str, options: tuple[str, ...]) -> None:
    path = tmp_path / f"out.{ending}"
    source = str(FILES / "gdal.gpkg")
    command = ["ogr2ogr", "-f", driver, str(path), source, "地名", "-nln", "places", *options]
    if driver != "GPKG":
        command += ["-t_srs", "EPSG:4326"] if ending != "gdb" else []
    subprocess.run(command, check=True, capture_output=True, env=ENVIRONMENT)
    if ending == "shp":
        for part in tmp_path.iterdir():
            part.rename(part.with_stem("places"))
        path = tmp_path / "places.shp"
    reading = read_isolated(path)
    for heading in ("标准名称", "地名代码"):
        column = heading[:3] if ending == "shp" else heading  # GDAL cuts the name inside its fourth character
        assert [spelled(value) for value in reading.frame[column]] == [row[heading] for row in ROWS]
    if driver in ("GPKG", "GeoJSON", "ESRI Shapefile", "LIBKML", "OpenFileGDB"):
        assert reading.geometry is not None
        assert shapely.get_x(reading.geometry) == pytest.approx([float(row["东经"]) for row in ROWS], abs=1e-6)
