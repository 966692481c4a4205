"""Points written in one sweep are the bytes that OGR writes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from gis.vectorfile.points import write_points


@pytest.mark.parametrize("count", [0, 1, 2, 1000])
def test_the_bytes_are_ogr_s(tmp_path: Path, count: int) -> None:
    points = np.random.default_rng(count).uniform([118, 35.5], [120, 37.5], (count, 2))
    ours, theirs = tmp_path / "ours.shp", tmp_path / "theirs.shp"
    write_points(ours, points)
    pyogrio.raw.write(
        theirs,
        geometry=np.asarray(shapely.to_wkb(shapely.points(points)), dtype=object),
        field_data=[],
        fields=[],
        driver="ESRI Shapefile",
        geometry_type="Point",
        crs="EPSG:4490",
    )
    for suffix in (".shp", ".shx"):
        assert ours.with_suffix(suffix).read_bytes() == theirs.with_suffix(suffix).read_bytes()
