"""The reading process for many requests, one after the other, within its limits.

``python -I batch.py ROOT FOLDER``: each folder in FOLDER holds ``request.json`` as the reading process gets it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])

from layers.ingest.reading.child import confine
from surveys.uploads.parsing.answering import answer

if __name__ == "__main__":
    folders = [path for path in Path(sys.argv[2]).iterdir() if path.is_dir()]
    requests = {folder: json.loads((folder / "request.json").read_text(encoding="utf-8")) for folder in folders}
    confine(next(iter(requests.values()))["limits"])
    for folder, request in requests.items():
        answer(folder, request)
