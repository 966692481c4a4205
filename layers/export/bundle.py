"""One zip of shapefile parts with everything that explains them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gis.findings import Finding
from layers.export.about import About
from layers.export.dictionary import Entry, write_dictionary
from layers.export.manifest import as_json
from layers.export.package import add_text, pack
from layers.export.readme import purposes, readme


def bundle(
    folder: Path,
    files: Sequence[Path],
    *,
    title: tuple[str, str],
    rows: Sequence[Entry],
    content: dict[str, object],
    findings: Sequence[Finding],
    about: About,
) -> Path:
    """Zip files together with field dictionary, manifest and readme.

    Parameters
    ----------
    folder
        Where to work; the zip is made in it.
    title
        Chinese and English.
    rows, content
        The dictionary's rows and the manifest, whose list of files is filled here.
    """
    dictionary = write_dictionary(folder / about.say("字段说明.csv", "fields.csv"), rows, about)
    note = folder / about.say("说明.txt", "README.txt")
    listed = [
        *purposes(files, about),
        (dictionary.name, about.say("字段说明", "what the fields mean")),
        ("manifest.json", about.say("清单（供程序读取）", "the manifest, for programs")),
    ]
    # Notepad of old Windows needs the byte order mark and the line ends.
    text = readme(title, about, content, listed, findings)
    note.write_text(text, encoding="utf-8-sig", newline="\r\n")
    archive = folder / "bundle.zip"
    content["files"] = pack(archive, [*files, dictionary, note], time=about.time)
    add_text(archive, "manifest.json", as_json(content), time=about.time)
    return archive
