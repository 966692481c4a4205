"""What can be wrong with a file that is read; the same classes in the reading process and in the one that asked.

Every message names the file, what is wrong and where in it; every hint says what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gis.errors import N_, DijieError, Invalid, NotFound, TooLarge, Unavailable


class UnknownKind(Invalid):
    """A file that is none of the formats read here."""

    code = "unknown-file-kind"


class DamagedFile(Invalid):
    """A file that is broken, cut off, or whose parts contradict one another."""

    code = "damaged-file"


class UnsafeArchive(Invalid):
    """An archive with entries that no honest program packs."""

    code = "unsafe-archive"


class FileTooLarge(TooLarge):
    """A file that holds or needs more than a stated limit."""

    code = "file-too-large"


class ReadingTooSlow(TooLarge):
    """A file that cannot be read in the time there is."""

    code = "reading-too-slow"


class ManyLayers(Invalid):
    """Several layers, sheets or shapefiles where one is wanted."""

    code = "many-layers"


class LayerUnknown(NotFound):
    """A layer or sheet that was asked for and is not in the file."""

    code = "layer-unknown"


class NoRows(Invalid):
    """A file without any row."""

    code = "no-rows"


class UnclearEncoding(Invalid):
    """Texts whose encoding cannot be told, or is not the one that was said."""

    code = "unclear-encoding"


class RaggedRows(Invalid):
    """Rows with more cells than there are headings."""

    code = "ragged-rows"


class ReadingFailed(Unavailable):
    """The reading process could not be started or its answer not be understood."""

    code = "reading-failed"


FAULTS: Final[Mapping[str, type[DijieError]]] = {
    fault.code: fault
    for fault in (
        UnknownKind,
        DamagedFile,
        UnsafeArchive,
        FileTooLarge,
        ReadingTooSlow,
        ManyLayers,
        LayerUnknown,
        NoRows,
        UnclearEncoding,
        RaggedRows,
        ReadingFailed,
    )
}


def as_json(fault: DijieError) -> dict[str, Any]:
    """A fault as the reading process writes it."""
    params = {
        name: value if isinstance(value, (int, float)) else str(value)[:500] for name, value in fault.params.items()
    }
    return {"code": fault.code, "template": fault.template, "hint": fault.hint_template, "params": params}


def from_json(given: Mapping[str, Any]) -> DijieError:
    """The fault that the reading process wrote.

    Raises
    ------
    KeyError, TypeError, ValueError
        If it is not written as one.
    """
    return FAULTS[given["code"]](given["template"], hint=given["hint"], **given["params"])


def damaged(file: str, reason: str, **params: object) -> DamagedFile:
    """A broken file; ``reason`` is a template of its own, a whole sentence."""
    return DamagedFile(
        reason,
        hint=N_("Copy or export the file again; it may have been cut off on its way."),
        file=file,
        **params,
    )


def unreadable(file: str) -> DamagedFile:
    """A file of a known format that its reader cannot make out."""
    return damaged(file, N_("%(file)s is damaged: it cannot be read."))
