"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

_PACKAGES = ("numpy", "shapely", "geopandas", "scipy", "pyogrio", "gunicorn", "flask", "psycopg", "mapbox-vector-tile")


def machine() -> dict[str, Any]:
    """Processor, memory, load and versions."""
    processor = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    memory = next((int(line.split()[1]) // 1024 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": processor,
        "cores": os.cpu_count(),
        "memory_mb": memory,
        "load": list(os.getloadavg()),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
        "gdal": _says(["ogr2ogr", "--version"]),
        "commit": _says(["git", "rev-parse", "--short", "HEAD"]),
    }


def described(found: dict[str, Any]) -> str:
    """One line for the head of the table."""
    load = found["load"][0]
    return (
        f"{found['processor']}, {found['cores']} cores, {found['memory_mb'] / 1024:.0f} GB; Python {found['python']}; "
        f"load {load:.1f} before the run" + (" (others are at work: medians tell more)" if load > 0.5 else "")
    )


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def _says(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20).stdout.strip()
    except OSError:
        return ""
