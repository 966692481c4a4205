"""A desk over a copy of the demonstration register: a clerk of one district, two reviewers, an administrator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from layers.access import ADMINISTRATOR, Editor, Reader
from layers.index import Index
from layers.office import open_office
from layers.office.applications import Application
from layers.placenames.procedures.desk import Desk
from layers.placenames.procedures.handling import Given, act, begin
from layers.placenames.procedures.proposing import request_from_json

COUNTY, TOWN, VILLAGE = "370703", "370703001", "370703001003"
CLERK = Editor("liu", Reader(frozenset({"clerk"}), frozenset({COUNTY})))
REVIEWER = Editor("wang", Reader(frozenset({"reviewer"})))
OTHER_REVIEWER = Editor("zhao", Reader(frozenset({"reviewer"})))
BOSS = Editor("boss", ADMINISTRATOR)
NUMBER, AUTHORITY = "寒政字〔2026〕12号", "寒亭区人民政府"


@dataclass
class Office:
    """The desk, a street of the district, and short ways through an application."""

    desk: Desk
    street: str
    lonlat: tuple[float, float]

    def naming(self, name: str, **more: Any) -> dict[str, Any]:
        """A new street as it is applied for."""
        lon, lat = self.lonlat
        values = {
            "name": name, "class_code": "23510", "town_code": TOWN, "village_code": VILLAGE,
            "meaning": "取振兴诗书之意", "description": "东西走向，全长1.2千米",
        }  # fmt: skip
        draft = {"values": values, "geometry": {"type": "Point", "coordinates": [lon + 0.001, lat]}}
        said = {"reason": "新建道路", "unit": "寒亭区住房和城乡建设局", "person": "张三"}
        return {"kind": "name", "draft": draft, **said, **more}

    def about(self, kind: str, **values: Any) -> dict[str, Any]:
        """An application about the street."""
        return {"kind": kind, "place": self.street, "draft": {"values": values} if values else {}}

    def begun(self, given: dict[str, Any], *, editor: Editor = CLERK) -> Application:
        return begin(self.desk, request_from_json(given), editor=editor)

    def act(self, application: Application, action: str, *, editor: Editor = REVIEWER, **given: Any) -> Application:
        return act(self.desk, application.uuid, action, Given(application.version, **given), editor=editor)

    def approved(self, given: dict[str, Any], **more: Any) -> Application:
        reviewed = self.act(self.begun(given), "review", **more)
        return self.act(reviewed, "approve", number=NUMBER, authority=AUTHORITY)

    def row(self, table: str, uuid: str) -> dict[str, Any]:
        register = self.desk.index.register
        with register.reading() as connection:
            frame = register.frame(connection, table, uuids=[uuid])
        return {} if frame.empty else {str(name): value for name, value in frame.iloc[0].items()}

    def names_of(self, place: str) -> dict[str, str]:
        """Kind to name of the rows beside a place."""
        frame = self.desk.index.frame("place_name")
        own = frame[frame["place_uuid"] == place]
        return dict(zip(own["kind"], own["name"], strict=True))


@pytest.fixture
def office(own_index: Index, tmp_path: Path) -> Iterator[Office]:
    columns = own_index.layer("place-names")
    row = int((columns["name"].isin(["兴农街"]) & columns["county_code"].isin([COUNTY])).nonzero()[0][0])
    with open_office(tmp_path / "own.office.sqlite") as opened:
        yield Office(
            Desk(own_index, opened), str(columns.uuid[row]), (float(columns.lon[row]), float(columns.lat[row]))
        )  # fmt: skip
