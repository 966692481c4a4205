"""The server as a whole: time to the first tile, memory, and whether a write is ever shown late."""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import numpy as np

from benchmarks import places
from benchmarks.client import Connection, load, request
from benchmarks.figures import Figure
from benchmarks.processes import Server, serving
from benchmarks.search import queries
from benchmarks.stage import Stage
from gis.crs import to_mercator
from gis.mvt import tile_at
from layers.catalogue import FACILITY_KINDS
from layers.tiles import tiled_layers

_SEED = 20240331


def measure_start(stage: Stage) -> list[Figure]:
    """Process start to the first tile with something in it, and the memory that is held then."""
    columns = stage.index.layer(places.LAYER)
    tile = tile_at(float(columns.mx[0]), float(columns.my[0]), 10)
    path = f"/tiles/{places.LAYER}/{tile.z}/{tile.x}/{tile.y}.mvt"
    seconds, memory, pages, processor = [], [], [], []
    for _ in range(stage.runs(7)):
        with serving(stage.register) as server:
            seconds.append(server.wait(path))
            processor.append(server.processor_seconds())
            memory.append(server.memory_mb())
        with serving(stage.register) as server:
            pages.append(server.wait("/"))
    return [
        Figure(
            "server start to first tile",
            statistics.median(seconds),
            "s",
            most=3,
            samples={"seconds": seconds},
            note="`dijie serve`, two workers, from the start of the process to a whole answer 200; "
            f"{statistics.median(processor):.2f} s of processor time.",
        ),
        Figure("server start to first page", statistics.median(pages), "s", samples={"seconds": pages}),
        Figure("memory at the first tile", statistics.median(memory), "MB", samples={"megabytes": memory}),
    ]


def measure_memory(stage: Stage) -> list[Figure]:
    """Memory of master and two workers when every layer, the search, coverage and lists were used by both."""
    with serving(stage.register) as server:
        server.wait("/healthz")
        first = server.memory_mb()
        requests = [request(path) for path in _everything(stage)]
        found = load(server.port, requests, connections=16)
        assert set(found.statuses) <= {200}, found.statuses
        time.sleep(2)  # what answers are done with is given back a moment later
        used = server.memory_mb()
        _export_by_each(server)
        time.sleep(2)
        exported = server.memory_mb()
    return [
        Figure(
            "memory, everything loaded, two workers",
            used,
            "MB",
            most=400,
            samples={"megabytes": [first, used, exported]},
            note=f"Sum of PSS, master and workers, two seconds after {len(requests):,} requests: tiles of every layer "
            f"at z6 to z14, 300 searches, coverage of every kind, lists. At the start {first:.0f} MB; after an export "
            f"of all places by each worker {exported:.0f} MB.",
        )
    ]


def _export_by_each(server: Server) -> None:
    for connection in _one_for_each(server):
        status, _ = connection.get(f"/api/export/{places.LAYER}?format=shp")
        assert status == 200
        connection.close()


def _everything(stage: Stage) -> list[str]:
    chance = random.Random(_SEED)
    columns = stage.index.layer(places.LAYER)
    paths = []
    for z in (6, 8, 9, 10, 11, 12, 13, 14):
        held = sorted({(int(x * (1 << z)), int(y * (1 << z))) for x, y in zip(columns.mx, columns.my, strict=True)})
        for x, y in chance.sample(held, min(24, len(held))):
            paths += [f"/tiles/{layer.key}/{z}/{x}/{y}.mvt" for layer in tiled_layers()]
    paths += [f"/tiles/{layer.key}.json" for layer in tiled_layers()]
    paths += [f"/api/search?q={quote(text)}" for text in queries(stage, 300)]
    paths += [f"/api/coverage?kinds={kind.key}&distance=1000&weight=aged_60" for kind in FACILITY_KINDS]
    paths += [f"/api/features/{layer.key}?limit=200" for layer in tiled_layers()]
    paths += ["/", "/api/layers", "/api/layers?asof=2022-12-31", "/api/norms"]
    paths *= 4  # each worker gets its share of every kind
    chance.shuffle(paths)
    return paths


def measure_staleness(stage: Stage) -> list[Figure]:
    """Writes by another process; each one that it has acknowledged must be in the next answer of every worker."""
    register = stage.copy("written.gpkg")
    uuid = str(stage.index.layer(places.LAYER).uuid[0])
    writes = 30 if stage.quick else 150
    late, milliseconds, asked = 0, [], 0
    with serving(register) as server, _writer(register, uuid) as writer:
        server.wait("/healthz")
        connections = _one_for_each(server)
        assert writer.stdin is not None
        assert writer.stdout is not None
        for number in range(writes):
            lon, lat = 118.5 + number * 1e-4, 36.5
            writer.stdin.write(f"{lon} {lat} 新名{number}号\n")
            writer.stdin.flush()
            assert writer.stdout.readline() == "done\n"
            x, y = to_mercator(np.array([lon]), np.array([lat]))
            tile = tile_at(float(x[0]), float(y[0]), 14)
            for connection in connections:
                began = time.perf_counter()
                _, body = connection.get(f"/tiles/{places.LAYER}/14/{tile.x}/{tile.y}.mvt", compressed=False)
                milliseconds.append((time.perf_counter() - began) * 1000)
                _, feature = connection.get(f"/api/features/{places.LAYER}/{uuid}", compressed=False)
                name = f"新名{number}号".encode()
                late += (name not in body) + (name not in feature)
                asked += 2
        for connection in connections:
            connection.close()
    return [
        Figure(
            "answers that showed an acknowledged write late",
            late,
            "",
            most=0,
            note=f"{writes} writes by another process, {asked} answers (a tile and a feature each) by "
            f"{len(connections)} workers.",
        ),
        Figure(
            "first tile after a write",
            statistics.median(milliseconds),
            "ms",
            samples={"milliseconds": milliseconds},
            note="The difference is applied before the answer.",
        ),
    ]


def _one_for_each(server: Server) -> list[Connection]:
    """A connection kept alive to each worker: the system deals them out by chance, so many are tried."""
    workers = set(server.pids()[1:])
    found: dict[int, Connection] = {}
    for _ in range(200):
        connection = Connection(server.port)
        connection.get("/healthz")
        worker = server.holder(connection.local_port)
        if worker in workers and worker not in found:
            found[worker] = connection
        else:
            connection.close()
        if set(found) == workers:
            return list(found.values())
    raise RuntimeError("a worker was never reached")


@contextmanager
def _writer(register: Path, uuid: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.writer", str(register), uuid],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=Path(__file__).resolve().parent.parent,
    )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(20)
        assert process.stdout is not None
        process.stdout.close()
