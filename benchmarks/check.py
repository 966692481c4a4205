"""The check of all place names by all rules, beside three of the rules as plain SQL in PostGIS on the same rows."""

from __future__ import annotations

import time

import numpy as np
import psycopg
import shapely

from benchmarks.figures import Figure
from benchmarks.stage import Stage
from benchmarks.timing import alternated
from layers.access import ADMINISTRATOR
from layers.placenames.checking import check_places, check_register, facts_of, read_places
from layers.placenames.rules.book import RULES
from layers.records import Context
from layers.register import Register, open_register
from layers.register.tables import GEOMETRY_COLUMN

_RUNS = 7
_TEXTS = ("uuid", "name", "class_code", "place_code", "county_code", "town_code", "usage")
_MOST_S = 5.0
_DUPLICATE_CODES = """
SELECT uuid FROM checked JOIN (
    SELECT place_code FROM checked WHERE place_code <> '' GROUP BY place_code HAVING count(*) > 1
) twice USING (place_code)
"""
_SAME_NAMES = """
SELECT uuid FROM checked JOIN (
    SELECT town_code, left(class_code, 3) AS sort, name FROM checked
    WHERE usage <> 'historical' AND town_code IS NOT NULL GROUP BY 1, 2, 3 HAVING count(*) > 1
) twice ON (checked.town_code, left(checked.class_code, 3), checked.name) = (twice.town_code, twice.sort, twice.name)
"""
_OUTSIDE = """
SELECT uuid FROM checked JOIN checked_area area ON area.code = checked.county_code
WHERE NOT ST_Intersects(area.geom, checked.geom)
"""


def measure(stage: Stage) -> list[Figure]:
    """Seconds from an open register to all findings."""
    _fill(stage)
    with (
        open_register(stage.register) as register,
        psycopg.connect(stage.postgis, autocommit=True, prepare_threshold=None) as server,
    ):
        server.execute("SET jit = off")
        counts: dict[str, int] = {}

        def ours() -> int:
            with register.reading() as connection:
                return len(check_register(register, connection))

        def theirs() -> int:
            found = [server.execute(text).fetchall() for text in (_DUPLICATE_CODES, _SAME_NAMES, _OUTSIDE)]
            counts.update(zip(("codes", "names", "outside"), map(len, found), strict=True))
            return sum(counts.values())

        timed = alternated({"ours": ours, "theirs": theirs}, runs=stage.runs(_RUNS))
        alone, same = _three(register)
    note = (
        f"{len(RULES)} rules over 51,991 names, reading included: {timed['ours'].result:,} findings. The peer does "
        f"three of them: codes given twice ({counts['codes']}), names twice in a town ({counts['names']}), points "
        f"outside their county ({counts['outside']}), rows already in its memory."
    )
    same_note = f"From columns in memory: {same} findings; the peer's points include those at the border."
    return [
        Figure(
            "check of all place names", timed["ours"].median, "s", "PostGIS, three of the rules",
            timed["theirs"].median, most=_MOST_S, note=note,
            samples={"ours": timed["ours"].seconds, "postgis": timed["theirs"].seconds},
        ),
        Figure(
            "check, those three rules alone", alone, "s", "PostGIS, the same three", timed["theirs"].median,
            note=same_note,
        ),
    ]  # fmt: skip


def _three(register: Register) -> tuple[float, int]:
    """The best of three runs of the peer's rules, and how many findings they have."""
    rules = [RULES[key] for key in ("code-duplicate", "duplicate-name", "outside-division")]
    best, found = float("inf"), 0
    with register.reading() as connection:
        context = Context.read(register, connection, reader=ADMINISTRATOR)
        for _ in range(3):
            places = read_places(register, connection)
            facts = facts_of(places, context)
            began = time.perf_counter()
            found = len(list(check_places(places, facts, rules=rules)))
            best = min(best, time.perf_counter() - began)
    return best, found


def _fill(stage: Stage) -> None:
    """The same names and areas on the server, with the indexes that such queries want."""
    names = [*_TEXTS, GEOMETRY_COLUMN]
    with open_register(stage.register) as register, register.reading() as connection:
        places = register.columns(connection, "place", columns=names)
        areas = register.frame(connection, "division_area", columns=["code", "level", GEOMETRY_COLUMN])
    counties = areas[areas["level"] == "county"]
    with psycopg.connect(stage.postgis, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        connection.execute("DROP TABLE IF EXISTS checked, checked_area")
        texts = ", ".join(f"{name} text" for name in _TEXTS)
        connection.execute(f"CREATE TABLE checked ({texts}, geom geometry(Point, 4490))")
        connection.execute("CREATE TABLE checked_area (code text, geom geometry(Geometry, 4490))")
        with connection.cursor().copy("COPY checked FROM STDIN") as copy:
            shapes = shapely.set_srid(np.asarray(places[GEOMETRY_COLUMN]), 4490)
            points = shapely.to_wkb(shapes, hex=True, include_srid=True)
            for row in zip(*(places[name] for name in _TEXTS), points, strict=True):
                copy.write_row(row)
        with connection.cursor().copy("COPY checked_area FROM STDIN") as copy:
            shapes = shapely.set_srid(counties.geometry.to_numpy(), 4490)
            for code, shape in zip(counties["code"], shapely.to_wkb(shapes, hex=True, include_srid=True), strict=True):
                copy.write_row((str(code), shape))
        connection.execute("CREATE INDEX ON checked (place_code)")
        connection.execute("CREATE INDEX ON checked (town_code, left(class_code, 3), name)")
        connection.execute("CREATE INDEX ON checked (county_code)")
        connection.execute("VACUUM ANALYZE checked, checked_area")
