"""Read many files one after the other in one confined process, each into its own folder: for tests with many cases.

Run as ``python -I batch.py ROOT FOLDER…``: each folder holds ``request.json`` as the reading process gets it.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path


def main(root: str, folders: list[str]) -> None:
    """Answer every request that has no answer yet; what is under way stands in ``begun``."""
    sys.path.insert(0, root)
    from layers.ingest.reading import child, limits

    child.confine(dataclasses.asdict(dataclasses.replace(limits.LIMITS, cpu_seconds=600, seconds=600)))
    for name in ("pandas", "geopandas", "pyarrow"):
        sys.modules[name] = None  # type: ignore[assignment]
    from layers.ingest.reading.answering import answer

    for folder in map(Path, folders):
        if not (folder / "begun").exists():
            (folder / "begun").touch()
            answer(folder, json.loads((folder / "request.json").read_text(encoding="utf-8")))
            (folder / "ended").touch()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
