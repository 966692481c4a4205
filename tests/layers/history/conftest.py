"""A small register of either home with an index over it: a county, a line, a place, a facility."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import shapely

from layers.history.log import present_states
from layers.index import Index
from layers.register import Register, create_register
from tests.postgis import postgis

__all__ = ["postgis"]


@dataclass
class Small:
    """The register, its index and the ids of what is in it."""

    index: Index
    ids: dict[str, str]

    @property
    def register(self) -> Register:
        return self.index.register

    def row(self, table: str, uuid: str) -> dict[str, object]:
        with self.register.reading() as connection:
            return present_states(self.register, connection, table, [uuid]).get(uuid, {})

    def last_seq(self) -> int:
        with self.register.reading() as connection:
            return self.register.last_seq(connection)


SQUARE = shapely.MultiPolygon([shapely.box(118, 36, 119, 37)])
OTHER = shapely.MultiPolygon([shapely.box(119, 36, 120, 37)])


def fill(register: Register) -> dict[str, str]:
    ids: dict[str, str] = {}
    with register.writing(who="setup", why="setup") as connection:

        def put(key: str, table: str, /, **values: object) -> str:
            ids[key] = register.insert(connection, table, values)
            return ids[key]

        put("city", "division", code="370700", name="潍坊市", level="city", inside=True)
        for code, name, area in (("370781", "青州市", SQUARE), ("370724", "临朐县", OTHER)):
            county = put(
                code,
                "division",
                code=code,
                name=name,
                level="county",
                county_code=code,
                inside=True,
                parent_code="370700",
            )
            put(f"area-{code}", "division_area", division_uuid=county, code=code, name=name, level="county", geom=area)
        put(
            "town",
            "division",
            code="370781001",
            name="王府街道",
            level="town",
            county_code="370781",
            parent_code="370781",
            inside=True,
        )
        line = shapely.LineString([(119, 36), (119, 36.5), (119, 37)])
        put(
            "line",
            "boundary_line",
            code="2481",
            name="青州市—临朐县",
            left_code="370781",
            right_code="370724",
            left_name="青州市",
            right_name="临朐县",
            length_m=1.0,
            geom=line,
        )
        put(
            "stake",
            "stake",
            number="2481001Q",
            kind="single",
            line_uuid=ids["line"],
            serial=1,
            chainage_m=55000.0,
            geom=shapely.Point(119, 36.5),
        )
        put("join", "line_stake", line_uuid=ids["line"], stake_uuid=ids["stake"], chainage_m=55000.0, serial=1)
        put(
            "place",
            "place",
            name="云门山",
            roman="Yúnmén Shān",
            specific="云门",
            generic="山",
            major="terrain",
            class_code="13400",
            county_code="370781",
            rank=3,
            geom=shapely.Point(118.5, 36.6),
        )
        put("secret", "place", name="秘密地", secrecy="secret", county_code="370781", geom=shapely.Point(118.6, 36.6))
        put(
            "internal",
            "place",
            name="内部地",
            secrecy="internal",
            county_code="370724",
            geom=shapely.Point(119.6, 36.6),
        )
        put(
            "facility",
            "facility",
            kind="day_care",
            name="日间照料中心",
            county_code="370781",
            town_code="370781001",
            beds=10,
            state="open",
            geom=shapely.Point(118.4, 36.6),
        )
    return ids


@pytest.fixture(params=["gpkg", pytest.param("postgis", marks=pytest.mark.xdist_group("postgis"))])
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Small]:
    if request.param == "gpkg":
        target: str | Path = tmp_path / "small.gpkg"
    else:
        target = request.getfixturevalue("postgis").database("small")
    with create_register(target) as register:
        ids = fill(register)
        yield Small(Index(register), ids)
