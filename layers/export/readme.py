"""The readme of an export: a short text for who opens the zip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from gis.findings import Finding
from layers.export.about import About
from layers.export.manifest import sentence

_LISTED: Final = 50

_PURPOSES: Final[Mapping[str, tuple[str, str]]] = {
    ".shp": ("图形（用 GIS 软件打开此文件）", "geometry: open this one in a GIS"),
    ".shx": ("图形索引", "index of the geometry"),
    ".dbf": ("属性表", "attributes"),
    ".prj": ("坐标系", "coordinate system"),
    ".cpg": ("文字编码", "text encoding"),
}
_TABLE: Final = ("无图形的属性表", "a table without geometry")
_FULL: Final = ("被截断或改动的值的全文", "values in full that had to be cut or changed")


def purposes(files: Iterable[Path], about: About) -> list[tuple[str, str]]:
    """The name of each file of a shapefile, and what it is for."""
    files = list(files)
    shapes = {path.stem for path in files if path.suffix == ".shp"}
    result = []
    for path in files:
        what = _PURPOSES.get(path.suffix, _FULL)
        if path.suffix == ".dbf" and path.stem not in shapes:
            what = _TABLE
        result.append((path.name, about.say(*what)))
    return result


def readme(
    title: tuple[str, str],
    about: About,
    content: Mapping[str, object],
    files: Sequence[tuple[str, str]],
    findings: Sequence[Finding],
) -> str:
    """A short text for who opens the zip: what it is, how to open it, what to mind.

    Parameters
    ----------
    content
        The manifest.
    files
        Each file's name and what it is.
    """
    crs = content["crs"]
    statement = content["statement"]
    assert isinstance(crs, dict)
    assert isinstance(statement, dict)
    language = about.language
    lines = [
        about.say(*title),
        "",
        f"{about.say('记录数', 'Records')}: {content['count']}",
        f"{about.say('坐标系', 'Coordinate system')}: {crs['code']} {crs['title'][language]}",
        f"{about.say('文字编码', 'Text encoding')}: {content['encoding']}",
        f"{about.say('数据版本', 'Version')}: {about.seq}",
        f"{about.say('时点', 'As at')}: {about.asof or about.say('当前', 'now')}",
        f"{about.say('导出时间', 'Made at')}: {about.time}",
        "",
        statement[language],
        crs["note"][language],
        "",
        about.say("文件", "Files") + ":",
        *(f"  {name}  {what}" for name, what in files),
    ]
    if about.sources:
        lines += ["", about.say("资料来源", "Sources") + ":", *(f"  {line}" for line in about.sources)]
    if findings:
        lines += ["", about.say("导出时发现的问题", "What was found while exporting") + ":"]
        lines += [f"  [{f.severity}] {f.where}: {sentence(f.template, f.params, about)}" for f in findings[:_LISTED]]
    if len(findings) > _LISTED:
        lines.append("  … manifest.json")
    return "\n".join(lines) + "\n"
