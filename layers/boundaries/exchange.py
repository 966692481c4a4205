"""An exchange folder of lines and their stakes in the spirit of MZ/T 149-2020 and 150-2020, as one zip.

``空间数据`` holds the lines and stakes as shapefiles in GB 18030, ``属性数据`` the whole attributes as workbooks (texts
are not cut there) and the documents, ``多媒体`` the pictures and sounds by stake. ``清单.json`` names every file with
its SHA-256. The importer reads both shapefiles and both workbooks back without a difference.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import xlsxwriter
from shapely.geometry import Point

from gis.errors import N_, Unavailable
from gis.findings import Finding
from gis.vectorfile import write_shapefile
from layers.access import Reader
from layers.boundaries.checks import gather
from layers.boundaries.document_fields import FIELDS as DOCUMENT_FIELDS
from layers.boundaries.documents import Document, documents_of
from layers.boundaries.finding_lines import UnknownLine
from layers.catalogue import layer_named
from layers.export import About
from layers.export.package import deliver, workshop
from layers.features import frame
from layers.filters import Filters
from layers.index import Index
from layers.media import UnknownFile
from layers.placenames.media import MediaStore, Medium, media_of

ENCODING: Final = "gb18030"
_SPATIAL, _ATTRIBUTES = "空间数据", "属性数据"
MEDIA: Final = "多媒体"
LIST: Final = "清单.json"
_PARTS: Final = {"boundary-lines": ("JX", "界线"), "stakes": ("JZ", "界桩")}
_NOT_NAMED: Final = frozenset('\\/:*?"<>|')
_ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "audio/mpeg": "mp3"}
_KEPT_APART: Final = frozenset({"version", "changed", "batch"})
"""What the register counts for itself: no other office can use it."""


class MediaGone(Unavailable):
    """A picture that the register names and the folder of files has not."""

    code = "media-gone"


@dataclass(frozen=True)
class Exchanged:
    """What was written; findings tell what a shapefile could not hold whole."""

    path: Path
    lines: int
    stakes: int
    media: int
    findings: tuple[Finding, ...]


def write_exchange(
    index: Index,
    target: Path,
    *,
    lines: Sequence[str],
    reader: Reader,
    about: About,
    store: MediaStore | None = None,
    crs: int = 4490,
) -> Exchanged:
    """Write lines, by uuid, with what stands on them and what belongs to them.

    Parameters
    ----------
    store
        Where pictures are kept; None leaves them out.
    crs
        Of the shapefiles, one of the CGCS2000 family.

    Raises
    ------
    UnknownLine
        Where a reader does not see one of the lines.
    CrsMismatch, CannotWrite, MediaGone
    """
    with index.held():
        facts = gather(index, reader=reader, lines=lines)
        missing = [uuid for uuid in lines if uuid not in facts.lines]
        if missing or not facts.lines:
            raise UnknownLine(N_("There is no boundary line “%(word)s”."), word=(missing or [""])[0])
        stakes = list(dict.fromkeys(stake.uuid for line in facts.lines.values() for stake in line.stakes))
        frames = {
            "boundary-lines": _chosen(index, "boundary-lines", list(facts.lines), reader),
            "stakes": _chosen(index, "stakes", stakes, reader),
        }
        documents = [one for uuid in facts.lines for one in documents_of(index, "line", uuid, reader=reader)]
        media = list(_media(index, list(facts.lines), frames, reader)) if store is not None else []
    with workshop(target) as folder:
        files, findings = _written(folder, frames, documents, about, crs)
        archive = folder / "exchange.zip"
        _pack(archive, files, media, store, about, _stated(frames, documents, about, crs))
        deliver(archive, target)
    return Exchanged(target, len(facts.lines), len(stakes), len(media), findings)


def _chosen(index: Index, key: str, uuids: list[str], reader: Reader) -> gpd.GeoDataFrame:
    found, _ = frame(index, key, reader=reader, filters=Filters(asof=None))
    found = found[found["uuid"].isin(uuids)].drop(columns=[name for name in _KEPT_APART if name in found])
    order = {uuid: number for number, uuid in enumerate(uuids)}
    return found.sort_values("uuid", key=lambda column: column.map(order)).reset_index(drop=True)


def _media(
    index: Index, lines: list[str], frames: dict[str, gpd.GeoDataFrame], reader: Reader
) -> Iterator[tuple[str, Medium]]:
    """Pictures and sounds, each with its folder in the archive."""
    codes = dict(zip(frames["boundary-lines"]["uuid"], frames["boundary-lines"]["code"], strict=True))
    numbers = dict(zip(frames["stakes"]["uuid"], frames["stakes"]["number"], strict=True))
    for owner, names, part in (("line", {uuid: codes.get(uuid) for uuid in lines}, "界线"), ("stake", numbers, "界桩")):
        for uuid, name in names.items():
            folder = _plain(name if isinstance(name, str) and name else uuid)
            for medium in media_of(index, owner, uuid, reader=reader):
                yield f"{MEDIA}/{part}/{folder}", medium


def _written(
    folder: Path, frames: dict[str, gpd.GeoDataFrame], documents: list[Document], about: About, crs: int
) -> tuple[list[tuple[str, Path]], tuple[Finding, ...]]:
    files: list[tuple[str, Path]] = []
    findings: list[Finding] = []
    for key, found in frames.items():
        layer = layer_named(key)
        stem, title = _PARTS[key]
        if len(found):
            shapes = write_shapefile(
                found, folder / f"{stem}.shp", crs=crs, encoding=ENCODING,
                names={field.name: field.short for field in layer.fields},
                kinds={field.name: field.type for field in layer.fields}, geometry=layer.geometry,
            )  # fmt: skip
            files += [(f"{_SPATIAL}/{path.name}", path) for path in shapes.files]
            findings += shapes.findings
        book = folder / f"{title}.xlsx"
        _workbook(book, title, *_table(key, found), about)
        files.append((f"{_ATTRIBUTES}/{book.name}", book))
    if documents:
        book = folder / "界线文件.xlsx"
        titles = ["唯一标识", "界线标识", *(field.title_zh for field in DOCUMENT_FIELDS)]
        rows = [[one.uuid, one.owner_uuid, *(getattr(one, f.name) for f in DOCUMENT_FIELDS)] for one in documents]
        _workbook(book, "界线文件", titles, rows, about)
        files.append((f"{_ATTRIBUTES}/{book.name}", book))
    return files, tuple(findings)


def _table(key: str, found: gpd.GeoDataFrame) -> tuple[list[str], list[list[Any]]]:
    """Headings and rows of a workbook: every field in full; of stakes their coordinates too."""
    fields = [field for field in layer_named(key).fields if field.name in found.columns]
    titles = [field.title_zh for field in fields]
    columns = [found[field.name].tolist() for field in fields]
    rows = [list(values) for values in zip(*columns, strict=True)] if len(found) else []
    if key == "stakes":
        titles += ["经度", "纬度"]
        places = [[place.x, place.y] if isinstance(place, Point) else [None, None] for place in found.geometry]
        rows = [row + place for row, place in zip(rows, places, strict=True)]
    return titles, rows


def _workbook(path: Path, sheet: str, titles: list[str], rows: list[list[Any]], about: About) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": datetime.fromisoformat(about.time)})
        bold = book.add_format({"bold": True, "bg_color": "#eeece6"})
        page = book.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        for at, title in enumerate(titles):
            page.write_string(0, at, title, bold)
            page.set_column(at, at, min(max(len(title) * 2 + 2, 12), 40))
        for number, row in enumerate(rows, start=1):
            for at, value in enumerate(row):
                _put(page, number, at, value)


def _put(page: Any, row: int, column: int, value: Any) -> None:
    if value is None or value is pd.NA or value != value:
        return
    if isinstance(value, bool):
        page.write_string(row, column, "是" if value else "否")
    elif isinstance(value, (int, float)):
        page.write_number(row, column, value)
    elif isinstance(value, (list, dict)):
        page.write_string(row, column, json.dumps(value, ensure_ascii=False))
    else:
        page.write_string(row, column, str(value))


def _stated(frames: dict[str, gpd.GeoDataFrame], documents: list[Document], about: About, crs: int) -> dict[str, Any]:
    lines = frames["boundary-lines"]
    synthetic = about.synthetic or any((found["source"] == "synthetic").any() for found in frames.values())
    return {
        "format": "dijie-boundary-exchange/1",
        "following": "MZ/T 149-2020, MZ/T 150-2020 (in their spirit: the standards' own file tables are not at hand)",
        "made": about.time,
        "register_change": about.seq,
        "crs": f"EPSG:{crs}",
        "encoding": ENCODING,
        "lines": [
            {"uuid": uuid, "code": code, "name": name, "status": status}
            for uuid, code, name, status in zip(
                *(lines[column].astype(object).where(lines[column].notna(), None) for column in
                  ("uuid", "code", "name", "status")), strict=True,
            )
        ],
        "stakes": len(frames["stakes"]),
        "documents": len(documents),
        "synthetic": bool(synthetic),
        "sources": list(about.sources),
    }  # fmt: skip


def _pack(
    archive: Path, files: list[tuple[str, Path]], media: list[tuple[str, Medium]], store: MediaStore | None,
    about: About, stated: dict[str, Any],
) -> None:  # fmt: skip
    listed: list[dict[str, Any]] = []
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:

        def add(name: str, content: bytes, **more: Any) -> None:
            info = zipfile.ZipInfo(name, date_time=datetime.fromisoformat(about.time).timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            packed.writestr(info, content)
            digest = hashlib.sha256(content).hexdigest()
            listed.append({"name": name, "bytes": len(content), "sha256": digest, **more})

        for name, path in files:
            add(name, path.read_bytes())
        counted: dict[str, int] = {}
        for folder, medium in media:
            assert store is not None
            counted[folder] = counted.get(folder, 0) + 1
            title = _plain(medium.title or "")
            ending = _ENDINGS.get(medium.mime, "bin")
            name = f"{folder}/{counted[folder]:02d}{'_' + title if title else ''}.{ending}"
            try:
                content = store.files.path(medium.sha256).read_bytes()
            except (UnknownFile, OSError) as error:
                raise MediaGone(
                    N_("The picture “%(title)s” is not in the folder of files."),
                    hint=N_("Put the folder of files back from its backup, or take the picture away."),
                    title=medium.title or medium.sha256[:12],
                ) from error
            add(name, content, owner=medium.owner, owner_uuid=medium.owner_uuid)
        add("说明.txt", _readme(stated).encode(ENCODING))
        add(LIST, json.dumps({**stated, "files": listed}, ensure_ascii=False, indent=1).encode())


def _readme(stated: dict[str, Any]) -> str:
    """What is in the folder, for people; in GB 18030 as the shapefiles' texts are."""
    lines = [
        "行政区域界线与界桩交换数据",
        "参照 MZ/T 149-2020、MZ/T 150-2020 的精神编制，非标准原文的文件结构。",
        f"坐标系：{stated['crs']}（CGCS2000）；文字编码：GB 18030；生成时间：{stated['made']}",
        *(["本数据为合成的演示数据，并非真实成果。"] if stated["synthetic"] else []),
        "",
        f"{_SPATIAL}：界线 JX.shp、界桩 JZ.shp",
        f"{_ATTRIBUTES}：界线.xlsx、界桩.xlsx（完整属性）、界线文件.xlsx",
        f"{MEDIA}：照片和录音，按界线代码、界桩编号分文件夹",
        "清单.json：全部文件及其 SHA-256",
        "",
        *(_told(one) for one in stated["lines"]),
    ]  # fmt: skip
    return "\r\n".join(lines) + "\r\n"


def _told(line: dict[str, Any]) -> str:
    status = _STATUS.get(line["status"], "状态未说明")
    return f"界线 {line['code'] or ''} {line['name'] or ''}（{status}）"


_STATUS: Final = {"official": "法定界线", "derived": "由面状数据推得，非法定"}


def _plain(name: str) -> str:
    """A name that every file system takes."""
    kept = "".join("_" if mark in _NOT_NAMED or not mark.isprintable() else mark for mark in name).strip(" .")
    return kept[:60] or "_"
