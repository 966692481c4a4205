"""A line with stakes, and a walk along it with a hole, a stretch too far off and a stop."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gis.linear import point_at, vertex_chainages
from gis.linear.plane import Plane
from gis.tracks import Track
from surveys.assessment import (
    Assessment,
    ObservedStake,
    Photo,
    RegisteredLine,
    RegisteredStake,
    assess_field_work,
)

PLANE = Plane(118.6, 36.5)


@pytest.fixture(scope="session")
def line() -> RegisteredLine:
    x = np.arange(0, 6050, 50.0)
    shape = shapely.LineString(PLANE.unproject(np.stack([x, 100 * np.sin(x / 900)], axis=1)))
    along = np.linspace(0, vertex_chainages(shape)[-1], 5)
    stakes = tuple(
        RegisteredStake(f"u{serial}", f"2481{serial:03}Q", "", point.x, point.y, 50.0, float(chainage))
        for serial, (point, chainage) in enumerate(zip(point_at(shape, along), along, strict=True), start=1)
    )
    return RegisteredLine("line-uuid", "2481", "青州市—临朐县", shape, stakes, "青州市", "临朐县")


@pytest.fixture(scope="session")
def walk() -> Track:
    x = np.concatenate([np.arange(500, 2000, 2.0), np.full(120, 2000.0), np.arange(2000, 3000, 2.0)])
    x = np.concatenate([x, np.arange(3300, 6000, 2.0)])
    y = 100 * np.sin(x / 900) + 2.0 + np.where((x > 4000) & (x < 4600), 25.0, 0.0)
    noise = np.random.default_rng(1).normal(0, 0.3, (len(x), 2))
    return Track.of(*PLANE.unproject(np.stack([x, y], axis=1) + noise).T, time=1.7e9 + np.arange(len(x)) * 2.0)


@pytest.fixture(scope="session")
def assessment(line: RegisteredLine, walk: Track) -> Assessment:
    second, third = line.stakes[1], line.stakes[2]
    return assess_field_work(
        line,
        track=walk,
        stakes=[
            ObservedStake("2481 002q", second.lon + 5e-5, second.lat, 52.5, condition="移位", where="stakes.xlsx:2"),
            ObservedStake("", third.lon, third.lat, condition="完好", where="stakes.xlsx:3"),
        ],
        photos=[Photo("p1.jpg", second.lon, second.lat)],
        objects={"house": shapely.box(118.59, 36.49, 118.6005, 36.51), "barn": shapely.box(118.7, 36.6, 118.71, 36.61)},
        where="walk.gpx",
    )
