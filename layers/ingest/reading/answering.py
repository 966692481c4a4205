"""From a request to an answer, in the reading process."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from gis.errors import N_, DijieError
from gis.findings import Finding
from layers.ingest.reading import wire
from layers.ingest.reading.faults import FileTooLarge, ReadingFailed, unreadable
from layers.ingest.reading.limits import Limits
from layers.ingest.reading.source import Source, listed
from layers.ingest.reading.table import Table

_BROKEN: Final = ("\ufffd", "锟斤拷")


def answer(folder: Path, request: dict[str, Any]) -> None:
    """Read what is asked for and write the answer, or the fault that prevents it."""
    out = folder / "answer"
    try:
        _answer(folder, out, request)
    except DijieError as fault:
        wire.write_fault(out, fault)
    except MemoryError:
        wire.write_fault(out, too_large(request["name"], request["limits"]["memory_mb"]))
    except OSError as error:
        wire.write_fault(out, _system_fault(request["name"], error))
    except BaseException:  # noqa: BLE001 - what a broken file makes a library raise (calamine's panics are no
        # Exception) is told as what it is: the file is broken
        wire.write_fault(out, unreadable(request["name"]))


def _answer(folder: Path, out: Path, request: dict[str, Any]) -> None:
    from layers.ingest.reading.opening import open_file

    limits = Limits(**request["limits"])
    source = Source(Path(request["path"]), request["name"], folder / "work", limits, request["encoding"])
    opened = open_file(source)
    if request["peek"]:
        wire.write_peek(out, opened.peek())
    else:
        table = opened.read(request["layer"])
        table.findings += broken_texts(table)
        wire.write_table(out, table)


def broken_texts(table: Table) -> list[Finding]:
    """A warning where texts were broken before they came into the file: what an encoding read wrong leaves behind."""
    found = [
        column.name
        for column in table.columns
        if column.kind == "text" and any(mark in text for text in ("\n".join(column.texts),) for mark in _BROKEN)
    ]
    if not found:
        return []
    template = N_("Texts are broken already in the file (� or 锟斤拷), in the columns %(columns)s.")
    advice = N_("Ask for the file as it was before it was converted; what is lost cannot be read back.")
    return [Finding("texts-broken", "warning", table.layer, template, {"columns": listed(found)}, advice)]


def too_large(file: str, megabytes: int) -> FileTooLarge:
    """A file that needs more memory than there is for it."""
    return FileTooLarge(
        N_("%(file)s needs more than %(megabytes)d MB of memory to be read."),
        hint=N_("Divide it into several files, or take a GeoPackage or CSV instead of a workbook."),
        file=file,
        megabytes=megabytes,
    )


def _system_fault(file: str, error: OSError) -> ReadingFailed:
    return ReadingFailed(
        N_("%(file)s cannot be read: %(reason)s."),
        hint=N_("Check the permission to read it and the room on the disk."),
        file=file,
        reason=error.strerror or type(error).__name__,
    )
