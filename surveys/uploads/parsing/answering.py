"""From a request to an answer, in the reading process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from layers.ingest.reading.limits import Limits
from layers.ingest.reading.source import Source
from surveys.uploads import raw
from surveys.uploads.parsing.opening import Walk


def answer(folder: Path, request: dict[str, Any]) -> None:
    """Read what is asked for and write the answer; whatever is wrong with a member stands in it as a finding."""
    out = folder / "answer"
    source = Source(Path(request["path"]), request["name"], folder / "work", Limits(**request["limits"]))
    at = Path(request["at"])
    walk = Walk(source, request["skip"], lambda name: _tell(at, name))
    walk.file()
    raw.write(out, walk.parts, walk.findings)


def _tell(path: Path, name: str) -> None:
    path.write_text(name, encoding="utf-8", errors="replace")
