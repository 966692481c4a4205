"""What other programs read in a file that we wrote: Debian's GDAL 3.6 on the command line, fiona, pyogrio."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fiona
import numpy as np
import pandas as pd
import pyogrio
import shapely
from fiona.model import to_dict

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("PROJ_", "GDAL_"))}


@dataclass(frozen=True)
class Seen:
    """What a program saw: rows of texts, geometries and the EPSG code."""

    columns: list[str]
    rows: list[dict[str, str]]
    geometries: list[shapely.Geometry | None]
    epsg: int | None


def ogr(path: Path, layer: str) -> Seen:
    """By ogrinfo and ogr2ogr of GDAL 3.6."""
    info = _run("ogrinfo", "-so", str(path), layer)
    dump = _run("ogr2ogr", "-f", "CSV", "/vsistdout/", str(path), layer, "-lco", "GEOMETRY=AS_WKT")
    records = list(csv.DictReader(io.StringIO(dump, newline="")))
    counted = re.search(r"Feature Count: (\d+)", info)
    assert counted is not None
    assert int(counted[1]) == len(records)
    codes = re.findall(r'ID\["EPSG",(\d+)\]\]\n', info)
    fields = re.findall(r"^([^:\n]+): (?:String|Integer|Integer64|Real|Date|DateTime)\b", info, re.MULTILINE)
    shapes = [record.pop("WKT", "") for record in records]
    return Seen(
        fields,
        [{name: _text(value) for name, value in record.items()} for record in records],
        [shapely.from_wkt(wkt) if wkt and not wkt.endswith("EMPTY") else None for wkt in shapes],
        int(codes[-1]) if codes else None,
    )


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, check=True, env=ENVIRONMENT)
    assert not done.stderr, done.stderr.decode()
    return done.stdout.decode()


def by_fiona(path: Path, layer: str) -> Seen:
    """By fiona, record by record."""
    with fiona.open(path, layer=layer) as file:
        records = list(file)
        columns = list(file.schema["properties"])
        epsg = file.crs.to_epsg() if file.crs else None
    return Seen(
        columns,
        [{name: _text(value) for name, value in record.properties.items()} for record in records],
        [shapely.geometry.shape(to_dict(r.geometry)) if r.geometry is not None else None for r in records],
        epsg,
    )


def by_pyogrio(path: Path, layer: str) -> Seen:
    """By pyogrio, in bulk."""
    info = pyogrio.read_info(path, layer=layer)
    frame = pyogrio.read_dataframe(path, layer=layer)
    shapes = list(frame.geometry) if "geometry" in frame.columns else [None] * len(frame)
    plain = pd.DataFrame(frame[[name for name in frame.columns if name != "geometry"]])
    return Seen(
        list(plain.columns),
        [{str(name): _text(value) for name, value in row.items()} for row in plain.to_dict("records")],
        shapes,
        int(info["crs"].removeprefix("EPSG:")) if info["crs"] and info["crs"].startswith("EPSG:") else None,
    )


READERS: dict[str, Callable[[Path, str], Seen]] = {"ogr": ogr, "fiona": by_fiona, "pyogrio": by_pyogrio}


def _text(value: Any) -> str:
    """One spelling for what the programs spell in their own ways."""
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, bool | np.bool_):
        return "T" if value else "F"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    text = str(value)
    if re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", text) and ("." in text or "e" in text):
        return repr(float(text))
    if re.match(r"\d{4}[/-]\d\d[/-]\d\d", text):
        return _moment(text)
    return text


def _moment(text: str) -> str:
    """Dates with hyphens; times in UTC with milliseconds and Z; a date at midnight is a date."""
    text = text.replace("/", "-").replace(" ", "T")
    text = re.sub(r"(\+00(:?00)?|Z)$", "", text)
    if "T" not in text:
        return text
    day, clock = text.split("T")
    seconds, _, fraction = clock.partition(".")
    if seconds == "00:00:00" and not fraction.strip("0"):
        return day
    return f"{day}T{seconds}.{(fraction + '000')[:3]}Z"


def alike(one: shapely.Geometry | None, other: shapely.Geometry | None, tolerance: float) -> bool:
    """Same points in whatever order rings and parts stand, single or multiple."""
    if one is None or other is None:
        return one is None and other is None
    return bool(shapely.equals_exact(_multiple(one), _multiple(other), tolerance=tolerance))


def _multiple(geometry: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(geometry)
    maker = {0: shapely.multipoints, 1: shapely.multilinestrings, 3: shapely.multipolygons}[
        int(shapely.get_type_id(parts[0]))
    ]
    return shapely.normalize(maker(parts))
