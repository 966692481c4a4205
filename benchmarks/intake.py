"""Files into the register: all places from a GeoPackage beside a bare ogr2ogr load, from a workbook, and the memory."""

from __future__ import annotations

import shutil
import subprocess
import time
from itertools import count
from pathlib import Path

import xlsxwriter

from benchmarks import places
from benchmarks.figures import Figure
from benchmarks.processes import DIJIE, run
from benchmarks.stage import Stage
from benchmarks.timing import alternated
from layers.access import ADMINISTRATOR
from layers.catalogue import layer_named
from layers.export import About, export_layer
from layers.features import frame
from layers.filters import Filters
from layers.register import TABLES, create_register, open_register

_LEFT_OUT = ("change_log", "place", "place_name", "place_line", "place_area")
_COLUMNS = 30


def measure(stage: Stage) -> list[Figure]:
    """Seconds of the whole command, from its start to its end."""
    records, seq = frame(stage.index, places.LAYER, reader=ADMINISTRATOR, filters=Filters())
    package = stage.folder / "intake.gpkg"
    layer = layer_named(places.LAYER)
    export_layer(records, layer, format="gpkg", target=package, about=About(seq=seq))
    workbook = _workbook(records, stage.folder / "intake.xlsx")
    empty = _without_places(stage)
    number = count()

    def fresh() -> Path:
        path = stage.folder / f"intake-{next(number)}.gpkg"
        shutil.copy(empty, path)
        return path

    registers = {name: [fresh() for _ in range(stage.runs(3) + 1)] for name in ("import", "workbook")}

    def imported(source: Path, name: str) -> int:
        target = registers[name].pop()
        run([DIJIE, "import", places.LAYER, source, "--register", target])
        with open_register(target) as register, register.reading() as connection:
            return len(register.frame(connection, "place", columns=["fid"]))

    def loaded() -> str:
        target = stage.folder / f"loaded-{next(number)}.gpkg"
        return run(["ogr2ogr", "-f", "GPKG", target, package, layer.key.replace("-", "_")]).output

    ways = {
        "import": lambda: imported(package, "import"),
        "ogr2ogr": loaded,
        "workbook": lambda: imported(workbook, "workbook"),
    }
    found = alternated(ways, runs=stage.runs(3))
    rows = {name: found[name].result for name in ("import", "workbook")}
    assert set(rows.values()) == {len(records)}, f"not all rows came in: {rows}"
    samples = {name: timed.seconds for name, timed in found.items()}
    peaks = {
        source.suffix: _peak_mb([DIJIE, "import", places.LAYER, str(source), "--register", str(fresh())])
        for source in (package, workbook)
    }
    return [
        Figure(
            f"import of a GeoPackage, {len(records):,} places, all checks", found["import"].median, "s",
            "ogr2ogr into a GeoPackage", found["ogr2ogr"].median, least_ratio=1 / 6, samples=samples,
            note="The whole command: read apart, recognised, matched, checked, logged row by row; ogr2ogr copies.",
        ),
        Figure(
            f"import of a workbook, {len(records):,} rows × {_COLUMNS} columns", found["workbook"].median, "s",
            most=12, samples={"workbook": samples["workbook"]},
        ),
        Figure(
            "memory of an import at its peak", max(peaks.values()), "MB", most=600,
            samples={name: [value] for name, value in peaks.items()},
            note="Resident memory of the command and the process that reads, added up as they run; the larger of both.",
        ),
    ]  # fmt: skip


def _without_places(stage: Stage) -> Path:
    """The demonstration's divisions, lines and facilities, and no place yet."""
    path = stage.folder / "intake-empty.gpkg"
    with open_register(stage.register) as source, source.reading() as connection:
        frames = {name: source.frame(connection, name) for name in TABLES if name not in _LEFT_OUT}
    with create_register(path) as register, register.writing() as connection:
        register.load(connection, frames)
    return path


def _workbook(records: object, path: Path) -> Path:
    """The places as an office keeps them: the form's headings, degrees in two columns."""
    titles = {field.name: field.title_zh for field in layer_named(places.LAYER).fields}
    chosen = [name for name in titles if name not in ("version", "changed")][: _COLUMNS - 3]
    lines = [
        [titles[name] for name in chosen] + ["密级", "东经", "北纬"],
        *(
            [None if value is None or value != value else str(value) for value in row]
            for row in zip(
                *(records[name].astype(object).where(records[name].notna(), None) for name in chosen),  # type: ignore[index]
                ["公开"] * len(records),  # type: ignore[arg-type]
                records.geometry.x.round(9), records.geometry.y.round(9), strict=True,  # type: ignore[attr-defined]
            )
        ),
    ]  # fmt: skip
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("地名")
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                if cell is not None:
                    sheet.write_string(number, column, cell)
    assert len(lines[0]) == _COLUMNS
    return path


def _peak_mb(command: list[str]) -> float:
    """The most memory that a command and its children held together, looked at every 10 ms."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(_resident_kb(pid) for pid in _family(process.pid)))
        time.sleep(0.01)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed")
    return peak / 1024


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in _family(int(child)))]


def _resident_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)
