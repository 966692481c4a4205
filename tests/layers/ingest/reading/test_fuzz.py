"""Broken files of every format: always a reading or a sentence, never another error, a hang or something left behind.

``DIJIE_FUZZ_CASES=2000`` asks for that many cases of each file instead of the few of every run; ``DIJIE_FUZZ_SEED``
for other ones.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import layers
from gis.errors import DijieError
from layers.ingest.model import Reading
from layers.ingest.reading import answer
from layers.ingest.reading.archive import Archive
from layers.ingest.reading.geojson import open_geojson
from layers.ingest.reading.headings import find
from layers.ingest.reading.jsonwkb import NotGeometry, to_wkb
from layers.ingest.reading.limits import LIMITS
from layers.ingest.reading.separated import open_separated
from layers.ingest.reading.source import Source

FILES = Path(__file__).parents[3] / "data" / "intake"
ROOT = Path(layers.__file__).resolve().parents[1]
CASES = int(os.environ.get("DIJIE_FUZZ_CASES", "40"))
SEED = int(os.environ.get("DIJIE_FUZZ_SEED", "1"))
SECONDS_EACH = 5.0
NAMES = sorted(path.name for path in FILES.iterdir() if path.suffix not in (".md",))


def broken(data: bytes, chance: random.Random, other: bytes) -> bytes:
    """A file with bytes changed, cut off, doubled, or filled from another one."""
    result = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 30))):
        at = chance.randrange(len(result) or 1)
        size = chance.choice((1, 2, 4, 16, 200))
        kind = chance.randrange(7)
        if kind == 0 and result:
            result[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            result[at : at + size] = chance.randbytes(size)
        elif kind == 2:
            del result[at : at + size]
        elif kind == 3:
            result[at:at] = result[at : at + size]
        elif kind == 4:
            place = chance.randrange(len(other))
            result[at : at + size] = other[place : place + size]
        elif kind == 5:
            result[at : at + 4] = chance.choice(
                (b"\xff\xff\xff\xff", bytes(4), b"\xff\xff\xff\x7f", b"\x01\x00\x00\x80")
            )
        elif chance.random() < 0.3:
            del result[at:]
    return bytes(result)


@pytest.mark.parametrize("name", NAMES)
def test_broken_files(tmp_path: Path, name: str) -> None:
    chance = random.Random(f"{SEED} {name}")
    whole = (FILES / name).read_bytes()
    other = (FILES / chance.choice(NAMES)).read_bytes()
    folders = []
    for number in range(CASES):
        folder = tmp_path / str(number)
        for part in ("answer", "work"):
            (folder / part).mkdir(parents=True)
        path = folder / name
        path.write_bytes(broken(whole, chance, other))
        request = {"path": str(path), "name": name, "limits": asdict(LIMITS), "layer": None, "encoding": None}
        (folder / "request.json").write_text(json.dumps(request | {"peek": number % 5 == 4}))
        folders.append(folder)
    began = time.monotonic()
    crashed = run(folders)
    assert time.monotonic() - began < SECONDS_EACH * CASES
    assert len(crashed) <= CASES // 10, crashed  # a crash is a sentence too, and should be rare
    for number, folder in enumerate(folders):
        if folder not in crashed:
            understood(folder, name, peek=number % 5 == 4)


def run(folders: list[Path]) -> list[Path]:
    """Read all, in as few processes as do not crash; the folders whose file made one crash."""
    crashed: list[Path] = []
    while left := [folder for folder in folders if not (folder / "begun").exists()]:
        program = Path(__file__).with_name("batch.py")
        command = [sys.executable, "-I", str(program), str(ROOT), *map(str, left)]
        done = subprocess.run(command, capture_output=True, timeout=SECONDS_EACH * CASES, env={"LC_ALL": "C.UTF-8"})
        crashed += [folder for folder in left if (folder / "begun").exists() and not (folder / "ended").exists()]
        assert done.returncode <= 0, done.stderr.decode()
    return crashed


def told(fault: DijieError, name: str) -> None:
    """A fault names the file and says what to do."""
    assert name in fault.message
    assert fault.hint


def understood(folder: Path, name: str, *, peek: bool) -> None:
    try:
        if peek:
            assert isinstance(answer.content(folder / "answer")["peek"], list)
        else:
            assert isinstance(answer.reading(folder / "answer", name), Reading)
    except DijieError as fault:
        told(fault, name)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(
        st.text(alphabet=',;\t|"\n\r a1名\ufeff\0', max_size=60).map(str.encode),
        st.binary(max_size=60),
    )
)
def test_any_text_file(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text)
    source = Source(path, "a.csv", tmp_path, LIMITS)
    for read in (lambda: open_separated(source).read(None), lambda: open_separated(source).peek()):
        try:
            read()
        except DijieError as fault:
            told(fault, "a.csv")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "geometries", "properties", "a"]), inner, max_size=4)
    ),
    max_leaves=12,
)
geometries = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            [
                "Point",
                "LineString",
                "Polygon",
                "MultiPoint",
                "MultiLineString",
                "MultiPolygon",
                "GeometryCollection",
                "x",
            ]
        ),
        "coordinates": json_values,
        "geometries": json_values,
    }
)


@settings(max_examples=300, deadline=None)
@given(geometry=st.one_of(geometries, json_values))
def test_any_geometry_in_json(geometry: object) -> None:
    try:
        wkb = to_wkb(geometry)
    except NotGeometry:
        return
    assert wkb is None or isinstance(wkb, bytes)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    features=st.lists(
        st.fixed_dictionaries(
            {"type": st.just("Feature"), "properties": json_values, "geometry": st.one_of(geometries, st.none())}
        )
        | json_values,
        max_size=4,
    ),
    crs=json_values,
)
def test_any_feature_collection(tmp_path: Path, features: list[object], crs: object) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    opened = open_geojson(Source(path, "a.geojson", tmp_path, LIMITS))
    for read in (lambda: opened.read(None), opened.peek):
        try:
            read()
        except DijieError as fault:
            told(fault, "a.geojson")


cells = st.one_of(st.just(""), st.none(), st.text(max_size=4), st.floats(), st.integers(), st.booleans())


@given(rows=st.lists(st.lists(cells, max_size=5), max_size=8))
def test_any_cells(rows: list[list[object]]) -> None:
    found = find(rows, "a")
    assert found is None or 0 < found.data <= len(rows)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_archive(tmp_path: Path, data: st.DataObject) -> None:
    whole = bytearray((FILES / "gdal.kmz").read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "a.kmz"
    path.write_bytes(whole)
    try:
        Archive(Source(path, "a.kmz", tmp_path, LIMITS)).weigh()
    except DijieError as fault:
        told(fault, "a.kmz")
