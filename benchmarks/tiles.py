"""Tiles a second over HTTP: kept, unchanged, and made anew."""

from __future__ import annotations

import itertools
import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TypeVar

from benchmarks import places
from benchmarks.client import Load, get, load, request
from benchmarks.figures import Figure
from benchmarks.processes import Server, serving, serving_bare
from benchmarks.stage import Stage
from gis.mvt import Tile

ZOOMS = (8, 10, 12)
CONNECTIONS = 8
_SEED = 20240331
_FIRST_DAY = date(1990, 1, 1)
_DAYS = itertools.count()
_Item = TypeVar("_Item")


def measure(stage: Stage) -> list[Figure]:
    """Answers a second over `CONNECTIONS` connections, at most 40 different tiles of a zoom."""
    figures: list[Figure] = []
    with (
        places.Pool(places.table(stage), CONNECTIONS) as pool,
        serving(stage.register) as keeping,
        serving(stage.register, keep_tiles=False) as forgetting,
    ):
        for server in (keeping, forgetting):
            server.wait("/healthz")
        for z in ZOOMS:
            figures += _zoom(stage, z, keeping, forgetting, pool)
    return figures


def _zoom(stage: Stage, z: int, keeping: Server, forgetting: Server, pool: places.Pool) -> list[Figure]:
    tiles = _tiles(stage, z)
    paths = [f"/tiles/{places.LAYER}/{z}/{tile.x}/{tile.y}.mvt" for tile in tiles]
    answers = [get(keeping.port, path) for path in paths]
    middle = sorted((body for _, _, body in answers), key=len)[len(answers) // 2]
    file = stage.folder / f"tile-{z}"
    file.write_bytes(middle)
    kept = [request(path) for path in paths]
    unchanged = [request(path, etag=headers["etag"]) for path, (_, headers, _) in zip(paths, answers, strict=True)]
    count = 900

    def ask(server: Server, requests: Sequence[bytes], part: int = 1) -> Load:
        return load(server.port, _many(requests, count // part), connections=CONNECTIONS)

    def ask_for_new_days() -> Load:
        days = [request(f"{path}?asof={_FIRST_DAY + timedelta(days=next(_DAYS))}") for path in _many(paths, count // 4)]
        return load(keeping.port, days, connections=CONNECTIONS)

    with serving_bare(file) as bare:
        bare.wait("/")
        found = _alternated(
            {
                "kept": lambda: ask(keeping, kept),
                "304": lambda: ask(keeping, unchanged),
                "bare": lambda: ask(bare, kept),
                "anew": lambda: ask(forgetting, kept, 2),
                "day": ask_for_new_days,
                "postgis": lambda: _postgis(pool, _many(tiles, count // 4)),
            },
            runs=stage.runs(5),
        )
    return _figures(z, len(tiles), len(middle), found)


def _tiles(stage: Stage, z: int) -> list[Tile]:
    columns = stage.index.layer(places.LAYER)
    held = sorted({(int(x * (1 << z)), int(y * (1 << z))) for x, y in zip(columns.mx, columns.my, strict=True)})
    return [Tile(z, x, y) for x, y in random.Random(_SEED).sample(held, min(40, len(held)))]


def _many(items: Sequence[_Item], count: int) -> list[_Item]:
    return [items[place % len(items)] for place in range(count)]


def _alternated(ways: dict[str, Callable[[], Load]], *, runs: int) -> dict[str, list[Load]]:
    for way in ways.values():
        way()
    found: dict[str, list[Load]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, way in ways.items():
            found[name].append(way())
    for name, loads in found.items():
        wanted = 304 if name == "304" else 200
        for one in loads:
            assert set(one.statuses) == {wanted}, f"{name}: answers {one.statuses}"
    return found


def _figures(z: int, count: int, size: int, found: dict[str, list[Load]]) -> list[Figure]:
    rates = {name: [one.rate for one in loads] for name, loads in found.items()}
    middle = {name: statistics.median(values) for name, values in rates.items()}
    share = max(one.client_share for loads in found.values() for one in loads)

    def figure(what: str, ours: str, peer: str, peer_name: str, note: str = "") -> Figure:
        samples = {name: rates[name] for name in (ours, peer) if name}
        return Figure(
            f"tiles z{z}, {what}",
            middle[ours],
            "/s",
            peer_name,
            middle[peer] if peer else None,
            more_is_better=True,
            note=note,
            samples=samples,
        )

    note = (
        f"{count} different tiles, {size / 1000:.1f} kB the middle one; {CONNECTIONS} connections kept alive, a client "
        f"on plain sockets that took at most {share:.0%} of one core."
    )
    anew = "Ours gzipped and over HTTP; PostGIS without both, through the same number of psycopg connections."
    return [
        figure("kept", "kept", "bare", "gunicorn alone, ready bytes", note),
        figure("unchanged (304)", "304", "bare", "gunicorn alone, ready bytes"),
        figure("made anew", "anew", "postgis", "PostGIS ST_AsMVT", anew),
        figure("a day never asked for", "day", "", "", "Each request thins and encodes for another ?asof."),
    ]


def _postgis(pool: places.Pool, tiles: Sequence[Tile]) -> Load:
    """The same tiles from PostGIS by as many connections, not compressed and without HTTP."""
    began, used = time.perf_counter(), time.process_time()
    sizes = pool.tiles(tiles)
    seconds = time.perf_counter() - began
    return Load(seconds, {200: len(sizes)}, sum(sizes), (time.process_time() - used) / seconds)
