"""The demonstration register, written."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from layers.reference.demonstration.building import SEED, Progress, build
from layers.reference.demonstration.frames import Frames
from layers.register import TABLES, Register, create_register
from layers.register.engine import file_path, is_server
from layers.register.opening import forget_leftovers

_BUILD_SHARE = 0.6


def write_demonstration(
    path_or_url: str | os.PathLike[str], overwrite: bool = False, progress: Progress | None = None, *, seed: int = SEED
) -> None:
    """Build the demonstration and write it as a new register.

    A file appears when it is complete, not before: an interrupted run leaves what was there before.

    Parameters
    ----------
    path_or_url
        A GeoPackage file or the URL of a PostGIS database.
    overwrite
        Replace a register that is there.
    progress
        Called with the share done (0 to 1) and what is being done.
    seed
        Of the build.

    Raises
    ------
    Conflict
        If there is one already and ``overwrite`` is False.
    """
    say = progress or (lambda _done, _what: None)
    if is_server(path_or_url):
        register = create_register(path_or_url, overwrite=overwrite)
        _fill(register, build(seed, lambda done, what: say(done * _BUILD_SHARE, what)), say)
        return
    path = file_path(path_or_url)
    if path.exists() and not overwrite:
        create_register(path)  # says no, before the work begins
    frames = build(seed, lambda done, what: say(done * _BUILD_SHARE, what))
    fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.demo")
    try:
        _fill(create_register(fresh), frames, say)
        if path.exists():
            create_register(path, overwrite=True).close()  # says no to replacing what is no register
        forget_leftovers(path)
        fresh.replace(path)
    finally:
        for leftover in (fresh, Path(f"{fresh}-wal"), Path(f"{fresh}-shm")):
            leftover.unlink(missing_ok=True)


def _fill(register: Register, frames: Frames, say: Progress) -> None:
    say(_BUILD_SHARE, "writing")
    try:
        with register.writing(
            who="dijie demo", why="示范数据 demonstration data", batch=str(uuid.uuid4())
        ) as connection:
            register.load(connection, {name: frames[name] for name in TABLES if name in frames})
    finally:
        register.close()
    say(1.0, "done")
