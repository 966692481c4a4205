"""The demonstration register, written."""

from __future__ import annotations

from pathlib import Path

from layers.reference.demonstration.building import SEED, Progress, build
from layers.register import TABLES, Register, create_register

_BUILD_SHARE = 0.6


def write_demonstration(
    path_or_url: str | Path, overwrite: bool = False, progress: Progress | None = None, *, seed: int = SEED
) -> Register:
    """Build the demonstration and write it as a new register.

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

    Returns
    -------
    Register
        The new register.

    Raises
    ------
    Conflict
        If there is one already and ``overwrite`` is False.
    """
    say = progress or (lambda _done, _what: None)
    register = create_register(str(path_or_url), overwrite=overwrite)
    frames = build(seed, lambda done, what: say(done * _BUILD_SHARE, what))
    say(_BUILD_SHARE, "writing")
    with register.writing(who="dijie demo", why="demonstration register") as connection:
        register.load(connection, {name: frames[name] for name in TABLES if name in frames})
    say(1.0, "done")
    return register
