"""A file into the register: read apart, planned, and carried out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from gis.errors import N_
from layers.access import Editor, require
from layers.ingest.model import FieldMapping
from layers.ingest.reading import LIMITS, Limits, reading_begun

if TYPE_CHECKING:
    from layers.ingest.apply import Applied
    from layers.ingest.model import Reading
    from layers.ingest.plan import Plan, Progress
    from layers.register import Register

_READ, _PLANNED = 0.25, 0.75


def plan_file(
    register: Register,
    subject_key: str,
    path: Path,
    mapping: FieldMapping,
    *,
    editor: Editor,
    name: str | None = None,
    limits: Limits = LIMITS,
    begun: Callable[[], Reading] | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Read a file in a process of its own and plan its import: a dry run.

    Parameters
    ----------
    name
        What the person calls the file, if the path says something else.
    begun
        Of `reading_begun`, where the reading was begun before the register was there.

    Raises
    ------
    UnknownSubject, layers.access.NotAllowed, BadMapping
    Invalid, TooLarge, Unavailable
        Of `layers.ingest.reading`: a file that cannot be read, or not within the limits.
    """
    _say(progress, 0.0, N_("Reading the file"))
    # While another process reads, this one loads what planning takes: a second of each.
    asked = nullcontext(begun) if begun is not None else reading_begun(
        path, name=name, layer=mapping.layer, encoding=mapping.encoding, limits=limits
    )  # fmt: skip
    with asked as finished:
        from layers.ingest.plan import plan_import, prepare, require_subject

        require(editor.reader, "import", require_subject(subject_key).key)
        prepared = prepare(register, editor=editor)
        reading = finished()
    return plan_import(
        register,
        subject_key,
        reading,
        mapping,
        editor=editor,
        prepared=prepared,
        progress=lambda done, what: _say(progress, _READ + done * (_PLANNED - _READ), what),
    )


def import_file(
    register: Register,
    subject_key: str,
    path: Path,
    mapping: FieldMapping,
    *,
    editor: Editor,
    name: str | None = None,
    why: str | None = None,
    batch: str | None = None,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
) -> Applied:
    """Bring a file into the register, all of it or nothing; see `plan_file` and `apply_plan`."""
    from layers.ingest.apply import apply_plan

    plan = plan_file(register, subject_key, path, mapping, editor=editor, name=name, limits=limits, progress=progress)
    done = apply_plan(
        register,
        plan,
        editor=editor,
        why=why,
        batch=batch,
        progress=lambda part, what: _say(progress, _PLANNED + part * (1 - _PLANNED), what),
    )
    _say(progress, 1.0, N_("Done"))
    return done


def _say(progress: Progress | None, done: float, what: str) -> None:
    if progress is not None:
        progress(done, what)
