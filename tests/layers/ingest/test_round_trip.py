"""What was exported comes in again as the same: every layer, format, coordinate system and encoding."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.access import ADMINISTRATOR
from layers.catalogue import layer_named
from layers.export import About, export_layer
from layers.features import frame
from layers.filters import Filters
from layers.index import Index
from layers.ingest.apply import apply_plan
from layers.ingest.importing import plan_file
from layers.ingest.model import FieldMapping
from layers.ingest.plan import Plan
from tests.layers.ingest.made import EDITOR

SUBJECTS: Final = {
    "place-names": "place-names", "facilities": "facilities", "divisions": "divisions", "population": "divisions",
    "lines": "boundary-lines", "stakes": "stakes",
}  # fmt: skip
SYSTEMS: Final = (4490, 4326, 4528, 4549, 4527, 4548)
ENDINGS: Final = {"shp": "zip", "gpkg": "gpkg", "geojson": "geojson"}
COMPLETE: Final = (
    ("place-names", "shp", 4549, "gb18030"), ("facilities", "gpkg", 4528, "utf-8"),
    ("divisions", "geojson", 4490, "utf-8"), ("lines", "shp", 4527, "utf-8"), ("stakes", "shp", 4548, "gb18030"),
    ("population", "gpkg", 4326, "utf-8"),
)  # fmt: skip
GDAL = {name: value for name, value in os.environ.items() if not name.startswith(("PROJ_", "GDAL_"))}


def records(index: Index, subject: str) -> gpd.GeoDataFrame:
    return frame(index, SUBJECTS[subject], reader=ADMINISTRATOR, filters=Filters(asof=None))[0]


def exported(
    index: Index, subject: str, rows: gpd.GeoDataFrame, folder: Path, form: str, crs: int, encoding: str
) -> Path:
    target = folder / f"exported.{ENDINGS[form]}"
    about = About(seq=index.seq())
    layer = layer_named(SUBJECTS[subject])
    export_layer(rows, layer, format=form, crs=crs, encoding=encoding, target=target, about=about)
    return target


def assert_same(index: Index, subject: str, path: Path, count: int, **mapping: Any) -> Plan:
    plan = plan_file(index.register, subject, path, FieldMapping(**mapping), editor=EDITOR)
    assert plan.counts == {"new": 0, "changed": 0, "same": count, "refused": 0}, (plan.rules(), [*plan.changes(5)])
    assert plan.empty
    assert plan.faults == []
    before = index.seq()
    assert apply_plan(index.register, plan, editor=EDITOR).batch is None
    assert index.seq() == before
    return plan


@pytest.mark.parametrize(("subject", "form", "crs", "encoding"), COMPLETE, ids=str)
def test_whole_layers_come_in_as_unchanged(
    index: Index, tmp_path: Path, subject: str, form: str, crs: int, encoding: str
) -> None:
    rows = records(index, subject)
    plan = assert_same(index, subject, exported(index, subject, rows, tmp_path, form, crs, encoding), len(rows))
    # of population nothing but figures is taken
    assert subject == "population" or plan.recognised.unknown == ()


@settings(max_examples=18, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_part_in_any_form_comes_in_as_unchanged(index: Index, tmp_path: Path, data: st.DataObject) -> None:
    subject = data.draw(st.sampled_from(sorted(SUBJECTS)))
    form = data.draw(st.sampled_from(sorted(ENDINGS)))
    crs = data.draw(st.sampled_from(SYSTEMS[:2] if form == "geojson" else SYSTEMS))
    encoding = data.draw(st.sampled_from(["utf-8", "gb18030"]))
    whole = records(index, subject)
    count = data.draw(st.integers(1, 60))
    start = data.draw(st.integers(0, len(whole) - 1))
    step = data.draw(st.integers(1, 900))
    rows = whole.iloc[start::step].iloc[:count].reset_index(drop=True)
    shutil.rmtree(tmp_path, ignore_errors=True)
    tmp_path.mkdir()
    # a few points alone do not tell their zone: the file itself does
    assert_same(index, subject, exported(index, subject, rows, tmp_path, form, crs, encoding), len(rows))


@pytest.mark.parametrize(("form", "driver"), [("gpkg", "GPKG"), ("shp", "ESRI Shapefile"), ("gpkg", "GeoJSON")])
@pytest.mark.parametrize("subject", ["stakes", "facilities"])
def test_what_gdal_saved_again_comes_in_as_unchanged(
    index: Index, tmp_path: Path, subject: str, form: str, driver: str
) -> None:
    rows = records(index, subject).iloc[:400].reset_index(drop=True)
    source = exported(index, subject, rows, tmp_path, form, 4490, "utf-8")
    layer = SUBJECTS[subject].replace("-", "_")
    read = f"/vsizip/{source}/{layer}.shp" if form == "shp" else str(source)
    saved = tmp_path / {"GPKG": "again.gpkg", "ESRI Shapefile": "again.shp", "GeoJSON": "again.geojson"}[driver]
    options = ["-lco", "ENCODING=GB18030"] if form == "shp" else []
    subprocess.run(["ogr2ogr", "-f", driver, saved, read, layer, *options], check=True, capture_output=True, env=GDAL)
    assert_same(index, subject, zipped(saved), len(rows))


def zipped(path: Path) -> Path:
    """A shapefile as one file."""
    if path.suffix != ".shp":
        return path
    target = path.with_suffix(".zip")
    with zipfile.ZipFile(target, "w") as archive:
        for part in path.parent.glob(f"{path.stem}.*"):
            if part != target:
                archive.write(part, part.name)
    return target


QGIS = """
import sys
from qgis.core import QgsApplication, QgsCoordinateTransformContext, QgsVectorFileWriter, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer(sys.argv[1], "layer", "ogr")
assert layer.isValid(), sys.argv[1]
options = QgsVectorFileWriter.SaveVectorOptions()
options.driverName = sys.argv[3]
options.fileEncoding = "UTF-8"
found = QgsVectorFileWriter.writeAsVectorFormatV3(layer, sys.argv[2], QgsCoordinateTransformContext(), options)
assert found[0] == QgsVectorFileWriter.NoError, found
del layer
app.exitQgis()
"""


@pytest.mark.parametrize(("name", "driver"), [("again.gpkg", "GPKG"), ("again.shp", "ESRI Shapefile")])
def test_what_qgis_saved_again_comes_in_as_unchanged(index: Index, tmp_path: Path, name: str, driver: str) -> None:
    rows = records(index, "stakes")
    source = exported(index, "stakes", rows, tmp_path, "gpkg", 4549, "utf-8")
    environment = {**GDAL, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    command = ["/usr/bin/python3", "-c", QGIS, f"{source}|layername=stakes", str(tmp_path / name), driver]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert_same(index, "stakes", zipped(tmp_path / name), len(rows))
