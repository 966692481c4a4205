"""Whatever happens in the reading process becomes a sentence; no process and no folder is left."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from gis.errors import DijieError
from gis.vectorfile.reading import FileMissing
from layers.ingest.reading import Limits, isolated, read_isolated, wire
from layers.ingest.reading.faults import DamagedFile, FileTooLarge, ReadingFailed, ReadingTooSlow, UnknownKind

FILES = Path(__file__).parents[3] / "data" / "intake"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files, which must be empty in the end."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    before = children()
    yield folder
    assert list(folder.iterdir()) == []
    assert children() <= before


def children() -> set[str]:
    """The processes that this one has started, those that have ended and are not yet waited for among them."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = status.read_text().rpartition(")")[2].split()[1]
            if parent == str(os.getpid()):
                found.add(status.parent.name)
    return found


def instead(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Run another program in place of the reading one."""
    monkeypatch.setattr(isolated, "_START", "import os, resource, signal, sys, time, pathlib\n" + program)


def csv_of(path: Path, rows: int) -> Path:
    path.write_text("a,b\n" + "1,2\n" * rows)
    return path


@pytest.mark.parametrize(
    ("program", "fault"),
    [
        ("time.sleep(60)", ReadingTooSlow),
        ("resource.setrlimit(resource.RLIMIT_CPU, (1, 6))\nwhile True: pass", ReadingTooSlow),
        ("os.kill(os.getpid(), signal.SIGSEGV)", DamagedFile),
        ("os.abort()", DamagedFile),
        ("os.kill(os.getpid(), signal.SIGKILL)", FileTooLarge),
        ("sys.exit(3)", ReadingFailed),
        ("pass", ReadingFailed),
        ("pathlib.Path('answer/answer.json').write_text('nonsense')", ReadingFailed),
        ("pathlib.Path('answer/answer.json').write_text('{}')", ReadingFailed),
        ("pathlib.Path('answer/answer.json').write_text('[1]')", ReadingFailed),
        ('pathlib.Path(\'answer/answer.json\').write_text(\'{"fault": {"code": "eval"}}\')', ReadingFailed),
    ],
)
def test_however_it_ends(monkeypatch: pytest.MonkeyPatch, program: str, fault: type[DijieError]) -> None:
    instead(monkeypatch, program)
    with pytest.raises(fault, match=r"gdal\.gpkg") as told:
        read_isolated(FILES / "gdal.gpkg", limits=Limits(seconds=2))
    assert told.value.hint


def test_what_it_started_ends_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = tmp_path / "pid"
    instead(
        monkeypatch,
        "import subprocess\np = subprocess.Popen(['sleep', '60'])\n"
        f"pathlib.Path({str(said)!r}).write_text(str(p.pid))\n"
        "time.sleep(60)",
    )
    with pytest.raises(ReadingTooSlow):
        read_isolated(FILES / "gdal.gpkg", limits=Limits(seconds=1.5))
    state = Path(f"/proc/{said.read_text()}/stat")
    for _ in range(50):
        if not state.exists() or state.read_text().split(") ")[1][0] == "Z":
            return
        time.sleep(0.05)
    pytest.fail("the process lives on")


def test_memory(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "a.csv", 3_000_000)
    with pytest.raises((FileTooLarge, DamagedFile), match=r"a\.csv"):
        read_isolated(path, limits=Limits(memory_mb=250))


def test_rows_and_columns(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "a.csv", 30)
    with pytest.raises(FileTooLarge, match="30 rows"):
        read_isolated(path, limits=Limits(rows=20))
    with pytest.raises(FileTooLarge, match="2 columns"):
        read_isolated(path, limits=Limits(columns=1))
    with pytest.raises(FileTooLarge, match="6 rows"):
        read_isolated(FILES / "gdal.gpkg", limits=Limits(rows=5))
    with pytest.raises(FileTooLarge, match="rows"):
        read_isolated(FILES / "gdal.geojson", limits=Limits(rows=5))


def test_an_object_array_is_not_unpickled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    evil = tmp_path / "evil.npy"
    np.save(evil, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    content = (
        '{"format": "csv", "layer": "a", "layers": [], "columns": [], "geometry": false, "crs": {}, '
        '"encoding": "", "encoding_from": "", "text_bytes": null, "findings": []}'
    )
    instead(
        monkeypatch,
        f"import shutil\nshutil.copy({str(evil)!r}, 'answer/rows.npy')\n"
        f"pathlib.Path('answer/{wire.ANSWER}').write_text({content!r})",
    )
    with pytest.raises(ReadingFailed):
        read_isolated(FILES / "gdal.gpkg")


def test_no_network_and_no_further_drivers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = tmp_path / "said"
    instead(
        monkeypatch,
        "sys.path.insert(0, sys.argv[1])\n"
        "from layers.ingest.reading import child, gdal, limits\n"
        "import dataclasses, socket\n"
        "child.confine(dataclasses.asdict(limits.LIMITS))\n"
        "pyogrio = gdal.start('gpkg')\n"
        "said = [','.join(pyogrio.list_drivers()), str(sys.modules.get('pandas') is not None)]\n"
        "try: socket.create_connection(('127.0.0.1', 9), 1)\n"
        "except OSError as error: said.append(str(error.errno))\n"
        "said.append(os.environ.get('PROJ_LIB', 'none') + os.environ.get('GDAL_DATA', 'none'))\n"
        f"pathlib.Path({str(said)!r}).write_text('|'.join(said))\n",
    )
    monkeypatch.setenv("PROJ_LIB", "/nowhere")
    monkeypatch.setenv("GDAL_DATA", "/nowhere")
    monkeypatch.setattr(
        isolated,
        "_START",
        isolated._START.replace(
            "import os",
            "import sys\nfor name in ('pandas', 'geopandas', 'pyarrow'): sys.modules[name] = None\nimport os",
            1,
        ),
    )
    with pytest.raises(ReadingFailed):
        read_isolated(FILES / "gdal.gpkg")
    drivers, pandas, refused, environment = said.read_text().split("|")
    assert (drivers, pandas, environment) == ("GPKG", "False", "nonenone")
    assert refused in ("101", "111")  # network unreachable; refused where no network of its own is allowed


def test_what_is_not_there_and_what_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        read_isolated(tmp_path / "nothing.csv")
    for name, data in (("a.bin", b"\x00\x01\x02" * 50), ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(90)), ("b.db", b"")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(DijieError, match=name):
            read_isolated(tmp_path / name)
    with pytest.raises(UnknownKind, match="folder"):
        read_isolated(FILES)
    page = tmp_path / "a.xls"
    page.write_text("<html><table><tr><td>1</td></tr></table></html>")
    with pytest.raises(UnknownKind, match="web page"):
        read_isolated(page)


def test_left_by_a_killed_server_is_swept(own_folder: Path) -> None:
    old, fresh = own_folder / "dijie-reading-old", own_folder / "dijie-reading-fresh"
    for one in (old, fresh):
        (one / "work").mkdir(parents=True)
    os.utime(old, (0, 0))
    read_isolated(FILES / "gdal.gpkg")
    assert [one.name for one in own_folder.iterdir()] == [fresh.name]
    subprocess.run(["rm", "-r", str(fresh)], check=True)


def test_a_file_under_another_name() -> None:
    reading = read_isolated(FILES / "gdal.gpkg", name="地名.xlsx")
    assert reading.file == "地名.xlsx"
    assert [one.rule for one in reading.findings] == ["ending-differs"]
