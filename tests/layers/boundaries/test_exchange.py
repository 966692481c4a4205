"""The exchange folder: what is in it, and that the importer reads it back without a difference."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely

from layers.access import ADMINISTRATOR, PUBLIC
from layers.boundaries.documents import add_document
from layers.boundaries.exchange import Exchanged, MediaGone, write_exchange
from layers.boundaries.finding_lines import UnknownLine
from layers.boundaries.receiving import NoExchange, receive_media
from layers.export import About
from layers.index import Index
from layers.ingest.importing import plan_file
from layers.ingest.model import FieldMapping
from layers.placenames.media import MediaStore, add_medium, media_of
from layers.register import create_register
from tests.layers.history.conftest import Small, fill
from tests.layers.ingest.made import EDITOR
from tests.layers.media.test_pictures import picture

LONG = "界线由甲三交点起，" + "沿山脊折向东行0.2千米，" * 40 + "至乙三交点止。"
FEATURES = [{"kind": "独立树", "azimuth_deg": 77.9, "distance_m": 12.8}, {"kind": "㙟家桥头", "description": "石桥"}]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Small, Exchanged]]:
    folder = tmp_path_factory.mktemp("exchange")
    with create_register(folder / "small.gpkg") as register:
        small = Small(Index(register), fill(register))
        line, stake = small.ids["line"], small.ids["stake"]
        with register.writing() as connection:
            declared = {"declared_length_m": 111_000.0, "declared_single": 2, "disputed": False, "inner": True}
            values = {**declared, "course": LONG, "status": "official", "grade": "county", "start_name": "甲"}
            register.update(connection, "boundary_line", line, values)
            form = {"set_up": "1998-05-01", "accuracy_m": 0.35, "lettering": "2481\n临朐 青州", "height_m": 83.2}
            register.update(connection, "stake", stake, {**form, "reference_features": FEATURES, "grade": "county"})
            twelfth = {"number": "2481002Q", "kind": "single", "line_uuid": line, "serial": 2, "source": "synthetic"}
            register.insert(connection, "stake", {**twelfth, "geom": shapely.Point(119.0000123456, 36.7654321)})
            register.insert(connection, "stake", {"number": "9Q", "line_uuid": line, "secrecy": "secret",
                                                  "geom": shapely.Point(119, 36.1)})  # fmt: skip
            register.insert(connection, "stake", {"number": "0203001Q", "geom": shapely.Point(119, 36.1)})
        add_document(small.index, "line", line, {"kind": "agreement", "title": "平安边界协议"}, editor=EDITOR)
        store = MediaStore.of(folder / "files")
        with store.files.incoming(most=1_000_000) as incoming:
            incoming.write(picture())
            add_medium(small.index, store, incoming, "stake", stake, title="近景/东", editor=EDITOR)
        done = write_exchange(
            small.index,
            folder / "out.zip",
            lines=[line],
            reader=PUBLIC,
            about=About(seq=small.index.seq()),
            store=store,
        )
        yield small, done


def test_every_file_is_in_the_manifest_with_its_hash(made: tuple[Small, Exchanged]) -> None:
    _, done = made
    assert (done.lines, done.stakes, done.media) == (1, 2, 1)
    with zipfile.ZipFile(done.path) as packed:
        names = set(packed.namelist())
        stated = json.loads(packed.read("清单.json"))
        listed = {one["name"]: one["sha256"] for one in stated["files"]}
        assert listed == {name: hashlib.sha256(packed.read(name)).hexdigest() for name in names - {"清单.json"}}
        note = packed.read("说明.txt").decode("gb18030")
        assert packed.read("空间数据/JX.cpg").strip() == b"GB18030"
        assert "㙟".encode("gb18030") in packed.read("空间数据/JZ.dbf")
    assert {"空间数据/JX.shp", "空间数据/JZ.shp", "属性数据/界线.xlsx", "属性数据/界桩.xlsx"} < names
    assert {"属性数据/界线文件.xlsx", "多媒体/界桩/2481001Q/01_近景_东.jpg"} < names
    assert stated["synthetic"] is True
    assert "合成" in note
    assert "2481 青州市—临朐县（法定界线）" in note


@pytest.mark.parametrize(
    ("subject", "name", "layer"),
    [("lines", "空间数据/JX", ""), ("stakes", "空间数据/JZ", ""), ("lines", "属性数据/界线.xlsx", ""),
     ("stakes", "属性数据/界桩.xlsx", ""), ("lines", "", "JX"), ("stakes", "", "JZ")],
)  # fmt: skip
def test_the_importer_reads_it_back_without_a_difference(
    made: tuple[Small, Exchanged], tmp_path: Path, subject: str, name: str, layer: str
) -> None:
    small, done = made
    path = done.path
    if name:
        path = tmp_path / (Path(name).name if name.endswith(".xlsx") else "part.zip")
        with zipfile.ZipFile(done.path) as packed:
            members = [one for one in packed.namelist() if one.startswith(name) and "_full_" not in one]
            if name.endswith(".xlsx"):
                path.write_bytes(packed.read(name))
            else:
                with zipfile.ZipFile(path, "w") as part:
                    for one in members:
                        part.writestr(Path(one).name, packed.read(one))
    mapping: dict[str, Any] = {"layer": layer} if layer else {}
    plan = plan_file(small.register, subject, path, FieldMapping(**mapping), editor=EDITOR)
    count = 1 if subject == "lines" else 2
    assert (plan.counts, [*plan.changes(5)]) == ({"new": 0, "changed": 0, "same": count, "refused": 0}, [])
    assert plan.empty


def test_pictures_come_to_another_register_and_none_twice(made: tuple[Small, Exchanged], tmp_path: Path) -> None:
    small, done = made
    store = MediaStore.of(tmp_path / "files")
    with create_register(tmp_path / "other.gpkg") as register:
        other = Small(Index(register), fill(register))
        first = receive_media(other.index, store, done.path, editor=EDITOR, why="交换")
        assert (first.added, first.there, first.findings) == (1, 0, ())
        (mine,) = media_of(small.index, "stake", small.ids["stake"], reader=PUBLIC)
        (theirs,) = media_of(other.index, "stake", other.ids["stake"], reader=PUBLIC)
        assert (theirs.sha256, theirs.title) == (mine.sha256, "近景_东")
        again = receive_media(other.index, store, done.path, editor=EDITOR)
        assert (again.added, again.there, again.findings) == (0, 1, ())


def test_a_folder_that_was_changed_on_its_way(made: tuple[Small, Exchanged], tmp_path: Path) -> None:
    small, done = made
    store = MediaStore.of(tmp_path / "files")
    changed, bare = tmp_path / "changed.zip", tmp_path / "bare.zip"
    with zipfile.ZipFile(done.path) as packed, zipfile.ZipFile(changed, "w") as out, zipfile.ZipFile(bare, "w") as rest:
        stated = json.loads(packed.read("清单.json"))
        for name in packed.namelist():
            picture_here = name.startswith("多媒体")
            if name != "清单.json":
                out.writestr(name, packed.read(name) + (b"x" if picture_here else b""))
                rest.writestr(name, packed.read(name))
        for name, content in (
            ("多媒体/界桩/9999001Q/01_a.jpg", picture()),
            ("多媒体/界桩/2481001Q/02_b.jpg", b"no picture"),
        ):
            out.writestr(name, content)
            stated["files"].append({"name": name, "sha256": hashlib.sha256(content).hexdigest()})
        out.writestr("清单.json", json.dumps(stated))
    found = receive_media(small.index, store, changed, editor=EDITOR)
    assert (found.added, found.there) == (0, 0)
    assert [one.rule for one in found.findings] == ["file-not-as-listed", "media-of-nobody", "file-not-taken"]
    with pytest.raises(NoExchange):
        receive_media(small.index, store, bare, editor=EDITOR)


def test_what_is_not_there_is_said(made: tuple[Small, Exchanged], tmp_path: Path) -> None:
    small, _ = made
    about = About(seq=small.index.seq())
    with pytest.raises(UnknownLine):
        write_exchange(small.index, tmp_path / "a.zip", lines=["nothing"], reader=ADMINISTRATOR, about=about)
    with pytest.raises(MediaGone):
        write_exchange(
            small.index, tmp_path / "b.zip", lines=[small.ids["line"]], reader=PUBLIC, about=about,
            store=MediaStore.of(tmp_path / "empty"),
        )  # fmt: skip
    assert list(tmp_path.iterdir()) == []
