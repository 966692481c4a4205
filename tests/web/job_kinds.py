"""Kinds of jobs for the tests of the worker; its jobs' processes load them by their address."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gis.errors import Invalid
from web.jobs.context import Context
from web.jobs.kinds import Kind


def count(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """Count up to `steps`, one every tenth of a second."""
    steps = int(params.get("steps", 3))
    note(params, "begun")
    for step in range(steps):
        context.progress(step / steps, "Counting …")
        time.sleep(0.1)
    note(params, "ended")
    return {"counted": steps}


def deaf(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """Never look at whether it is to end."""
    if params.get("stubborn"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    note(params, "begun")
    time.sleep(60)
    return {}


def refuse(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    raise Invalid("Row %(row)s cannot be read.", hint="Mend it.", row=7)


def break_(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    raise ZeroDivisionError


def die(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def write(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """Write a file, as an import writes the register."""
    note(params, "begun")
    time.sleep(float(params.get("before", 0)))
    Path(str(params["written"])).write_text(context.job.uuid)
    time.sleep(float(params.get("after", 0)))
    return {"written": True}


def settle(context: Context, params: Mapping[str, Any]) -> dict[str, Any] | None:
    note(params, "settled")
    return {"written": True} if Path(str(params["written"])).exists() else None


def note(params: Mapping[str, Any], word: str) -> None:
    if "notes" in params:
        with Path(str(params["notes"])).open("a") as file:
            file.write(f"{word} {os.getpid()}\n")


_HERE = "tests.web.job_kinds"
KINDS = {
    "count": Kind("Count", f"{_HERE}:count"),
    "deaf": Kind("Deaf", f"{_HERE}:deaf"),
    "refuse": Kind("Refuse", f"{_HERE}:refuse"),
    "break": Kind("Break", f"{_HERE}:break_"),
    "die": Kind("Die", f"{_HERE}:die"),
    "write": Kind("Write", f"{_HERE}:write", f"{_HERE}:settle"),
}
