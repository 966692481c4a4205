"""Two real surveys of the same lines held against each other: county borders of 天地图, which ship, and of AMap."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from gis.linear.figures import assess
from gis.linear.walk import Limits
from gis.tracks import Track
from layers.boundaries import derive_lines
from layers.reference import counties

AMAP = Path(__file__).parents[2] / "data/counties_amap/counties.geojson"
LIMITS = Limits(tolerance_m=100, reach_m=3000)


@pytest.fixture(scope="module")
def surveyed():
    """Figures of the 25 inner lines, AMap's as the track of 天地图's."""
    # the file declares 4326; the two are equal to PROJ
    amap = gpd.read_file(AMAP).rename(columns={"adcode": "code"}).set_crs(4490, allow_override=True)
    ours, theirs = (lines[lines["inner"]].set_index("code") for lines in map(derive_lines, (counties(), amap)))
    assert set(ours.index) == set(theirs.index)
    return {
        code: assess(ours.loc[code, "geom"], Track.from_geometries([theirs.loc[code, "geom"]]), LIMITS)
        for code in ours.index
    }


def test_half_lies_within_102_m_and_nine_tenths_within_415_m(surveyed):
    """By length over all inner lines; the two figures were measured on the same data by another way."""
    offset, weight = [], []
    for figures in surveyed.values():
        away = np.abs(figures.profile.offset_m)
        step = np.abs(np.diff(figures.profile.chainage_m))
        known = np.isfinite(step) & np.isfinite(away[1:])
        offset.append(away[1:][known])
        weight.append(step[known])
    offset, weight = np.concatenate(offset), np.concatenate(weight)
    order = np.argsort(offset)
    share = np.cumsum(weight[order]) / weight.sum()
    half, nine_tenths = (float(offset[order][np.searchsorted(share, part)]) for part in (0.5, 0.9))
    assert half == pytest.approx(102, rel=0.12)
    assert nine_tenths == pytest.approx(415, rel=0.12)


def test_each_line_is_the_same_line_and_hardly_anything_is_left_out(surveyed):
    for code, figures in surveyed.items():
        assert not [finding.rule for finding in figures.findings if finding.severity == "error"], code
        assert {"track-copied", "likely-gcj02"}.isdisjoint(finding.rule for finding in figures.findings), code
        assert figures.walked_m / figures.line_m > 0.6, code
        assert figures.hausdorff_m <= figures.frechet.distance_m + figures.frechet.spacing_m, code
    whole = sum(figures.walked_m for figures in surveyed.values()) / sum(
        figures.line_m for figures in surveyed.values()
    )
    assert whole > 0.95


def test_a_line_shifted_as_gcj02_is_named():
    lines = derive_lines(counties()).set_index("code")
    xy = np.array(lines.loc["2481", "geom"].coords) + np.array([533 / 89_400, 57 / 111_000])
    found = assess(lines.loc["2481", "geom"], Track.of(*xy.T))
    assert "likely-gcj02" in {finding.rule for finding in found.findings}
