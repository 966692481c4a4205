"""All places to a shapefile: ours with dictionary, manifest and zip, and the bare shapefile; beside ogr2ogr."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks import places
from benchmarks.figures import Figure
from benchmarks.processes import DIJIE, run
from benchmarks.stage import Stage
from benchmarks.timing import alternated
from gis.vectorfile import write_shapefile
from layers.access import PUBLIC
from layers.catalogue import layer_named
from layers.export import export_layer
from layers.features import frame
from layers.filters import Filters
from layers.provenance import about


def measure(stage: Stage) -> list[Figure]:
    """Seconds from the register to the file on disk."""
    layer = layer_named(places.LAYER)
    index, filters = stage.index, Filters()
    index.layer(places.LAYER)
    bare = stage.folder / "bare"
    bare.mkdir()

    def in_process() -> int:
        records, seq = frame(index, layer.key, reader=PUBLIC, filters=filters)
        told = about(index, day=filters.day, seq=seq, filters=filters.described())
        return export_layer(records, layer, format="shp", target=stage.folder / "whole.zip", about=told).count

    def shapefile_alone() -> int:
        records, _ = frame(index, layer.key, reader=PUBLIC, filters=filters)
        names = {field.name: field.short for field in layer.fields}
        kinds = {field.name: field.type for field in layer.fields}
        write_shapefile(records, bare / "places.shp", crs=4490, encoding="utf-8", names=names, kinds=kinds)
        return len(records)

    def whole_process() -> int:
        run([DIJIE, "export", layer.key, stage.folder / "command.zip", "--register", stage.register])
        return in_process_count

    in_process_count = len(index.layer(places.LAYER))
    fields = ",".join(field.name for field in layer.fields)
    ways: dict[str, Callable[[], object]] = {
        "in_process": in_process,
        "command": whole_process,
        "ogr2ogr_zip": _ogr2ogr(stage, "ogr.shz", fields),
        "shapefile": shapefile_alone,
        "ogr2ogr": _ogr2ogr(stage, "ogr.shp", fields),
    }
    found = alternated(ways, runs=stage.runs(7))
    written = _count(stage.folder / "ogr.shx"), _count(bare / "places.shx"), found["in_process"].result
    assert set(written) == {in_process_count}, f"not the same rows: {written}"
    sizes = _size(stage.folder / "ogr.dbf"), _size(bare / "places.dbf")
    note = (
        f"{in_process_count:,} rows of {len(layer.fields)} fields from the same GeoPackage, UTF-8; ogr2ogr is always a "
        "process. Its .shz is zipped as ours, without dictionary and manifest."
    )
    samples = {name: timed.seconds for name, timed in found.items()}

    def figure(what: str, name: str, peer: str, least_ratio: float | None = None, note: str = "") -> Figure:
        value, theirs = found[name].median, found[peer].median
        title = "ogr2ogr .shz" if peer == "ogr2ogr_zip" else "ogr2ogr .shp"
        return Figure(what, value, "s", title, theirs, least_ratio=least_ratio, note=note, samples=samples)

    return [
        figure("export to zip, in the server", "in_process", "ogr2ogr_zip", 0.5, note),
        figure(
            "export to zip, `dijie export`",
            "command",
            "ogr2ogr_zip",
            note="A second of it is the start of Python and the reading of the index: no goal is set on it.",
        ),
        figure(
            "export to bare shapefile, in the server",
            "shapefile",
            "ogr2ogr",
            0.5,
            f"ogr2ogr's .dbf has {sizes[0]:.0f} MB (80 bytes a text), ours {sizes[1]:.0f} MB.",
        ),
        figure("export to zip beside a bare shapefile", "in_process", "ogr2ogr"),
    ]


def _ogr2ogr(stage: Stage, name: str, fields: str) -> Callable[[], object]:
    target = stage.folder / name
    select = ["-select", fields, "-lco", "ENCODING=UTF-8"]

    def convert() -> object:
        for part in stage.folder.glob("ogr.*"):
            if target.suffix == ".shz" or part.suffix != ".shz":
                part.unlink()
        return run(["ogr2ogr", "-f", "ESRI Shapefile", target, stage.register, "place", *select])

    return convert


def _size(path: Path) -> float:
    return path.stat().st_size / 1e6


def _count(index: Path) -> int:
    """Records of a shapefile by its .shx."""
    return (index.stat().st_size - 100) // 8
