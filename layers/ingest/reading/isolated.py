"""Start the reading process, watch it, and understand its answer."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import layers
from gis.errors import N_, DijieError
from layers.ingest.reading import faults
from layers.ingest.reading.limits import LIMITS, Limits

if TYPE_CHECKING:
    from layers.ingest.model import Reading

_ROOT: Final = Path(layers.__file__).resolve().parents[1]
_START: Final = "import sys; sys.path.insert(0, sys.argv[1]); from layers.ingest.reading.child import main; main()"
_PROGRAM: Final = "layers.ingest.reading.answering"
T = TypeVar("T")

_PREFIX: Final = "dijie-reading-"
_STALE_S: Final = 3_600
_ENVIRONMENT: Final = {
    # One thread each: numbers are not crunched here, and every further one takes address space.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "GDAL_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    # Whatever a file names elsewhere is not fetched.
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".nothing",
    "GDAL_HTTP_MAX_RETRY": "0",
    "http_proxy": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
    "PROJ_NETWORK": "OFF",
}


@dataclass(frozen=True)
class LayerPeek:
    """What one layer or sheet of a file has.

    Parameters
    ----------
    rows
        How many; -1 where the file would have to be read whole to know.
    geometry
        Type as OGR names it (``Point``, ``3D Polygon``), empty for a plain table.
    fields
        Headings in the file's order.
    """

    name: str
    rows: int
    geometry: str
    fields: tuple[str, ...]


def read_isolated(
    path: Path,
    *,
    name: str | None = None,
    layer: str | None = None,
    encoding: str | None = None,
    limits: Limits = LIMITS,
) -> Reading:
    """Read one table of a file in a process of its own, with limits.

    Parameters
    ----------
    path
        A file, or a folder that is a file geodatabase. What it is is found from its content. A bare shapefile is read
        with the companions beside it.
    name
        What the person calls it; None: the path's own name. Messages name it so.
    layer
        Layer, sheet or shapefile; None: the only one that has rows.
    encoding
        Of the texts, where the format does not fix it; None: found out, and said in the result.

    Raises
    ------
    FileMissing
    UnknownKind, DamagedFile, UnsafeArchive, ManyLayers, LayerUnknown, NoRows, UnclearEncoding, RaggedRows
        Of `layers.ingest.reading.faults`: the file is not as it should be.
    FileTooLarge, ReadingTooSlow
        It needs more than the limits allow.
    ReadingFailed
        The process could not be started, or the file not be opened.
    """
    with reading_begun(path, name=name, layer=layer, encoding=encoding, limits=limits) as finished:
        return finished()


@contextmanager
def reading_begun(
    path: Path,
    *,
    name: str | None = None,
    layer: str | None = None,
    encoding: str | None = None,
    limits: Limits = LIMITS,
) -> Iterator[Callable[[], Reading]]:
    """As `read_isolated`, begun: what is given waits for the end, once. Pandas is loaded while the process reads."""
    given = name or path.name
    with _asked(path, given, limits, layer=layer, encoding=encoding, peek=False) as answered:

        def finished() -> Reading:
            from layers.ingest.reading import answer

            folder = answered()
            return _understood(given, lambda: answer.reading(folder, given))

        yield finished


def peek_isolated(path: Path, *, name: str | None = None, limits: Limits = LIMITS) -> tuple[LayerPeek, ...]:
    """What layers, sheets or shapefiles a file has, without reading their rows; errors as of `read_isolated`."""
    from layers.ingest.reading import answer

    given = name or path.name
    with _asked(path, given, limits, layer=None, encoding=None, peek=True) as answered:
        folder = answered()
        return _understood(
            given,
            lambda: tuple(
                LayerPeek(str(one["name"]), int(one["rows"]), str(one["geometry"]), tuple(map(str, one["fields"])))
                for one in answer.content(folder)["peek"]
            ),
        )


def ask_isolated(
    path: Path,
    *,
    name: str,
    program: str,
    understand: Callable[[Path], T],
    limits: Limits = LIMITS,
    **request: object,
) -> T:
    """Have another reader of ours look at a file in a process of its own, with the same limits and walls.

    Parameters
    ----------
    program
        Module whose function ``answer(folder, request)`` runs there and writes ``answer/answer.json`` last.
    understand
        Makes the result of the answer's folder, which stands only until it returns; what it finds unreadable
        (ValueError, KeyError and the like) is told as a failed reading.
    request
        What is handed on to the program, as JSON can write it.

    Raises
    ------
    DijieError
        As `read_isolated`, and what ``understand`` raises.
    """
    with _asked(path, name, limits, program=program, **request) as answered:
        folder = answered()
        return _understood(name, lambda: understand(folder))


def _understood(file: str, understand: Callable[[], T]) -> T:
    """What the answer says; one that is not written as an answer is a failure, never another kind of error."""
    try:
        return understand()
    except DijieError:
        raise
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OSError) as error:
        raise _broke_off(file, "answer") from error


@contextmanager
def _asked(path: Path, name: str, limits: Limits, **request: object) -> Iterator[Callable[[], Path]]:
    """Start the process; what is given waits for it. Its answer's folder stands until the block ends."""
    if not path.exists():
        from gis.vectorfile.reading import FileMissing

        raise FileMissing(N_("There is no file %(file)s."), file=str(path))
    sweep()
    base = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        for part in ("answer", "work"):
            (base / part).mkdir()
        content = {"program": _PROGRAM, "path": str(path.resolve()), "name": name, "limits": asdict(limits), **request}
        (base / "request.json").write_text(json.dumps(content), encoding="utf-8")
        with _started(base, name) as process:
            end = time.monotonic() + limits.seconds
            yield lambda: _answer_of(process, base, name, limits, end)
    finally:
        shutil.rmtree(base, ignore_errors=True)


@contextmanager
def _started(base: Path, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """The process; nothing of it is left after the block.

    A new program and no fork of this one: a server has threads, and database and PROJ handles that must not be shared.
    It gets a process group of its own, which is killed as a whole.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and program; the file's name is not in it
            [sys.executable, "-I", "-c", _START, str(_ROOT)],
            cwd=base,
            env={**_ENVIRONMENT, "TMPDIR": str(base / "work")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise _broke_off(name, error.strerror or "start") from error
    try:
        yield process
    finally:
        if process.returncode is None:  # else it was ended, and its number may be another's by now
            _end(process)


def _answer_of(process: subprocess.Popen[bytes], base: Path, name: str, limits: Limits, end: float) -> Path:
    """Wait for the process's end, whichever that is; the folder of its answer."""
    try:
        code = process.wait(timeout=max(0.0, end - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        raise too_slow(name, limits) from error
    finally:
        _end(process)
    from layers.ingest.reading import wire

    if not (base / "answer" / wire.ANSWER).exists():
        raise _death(name, code, limits)
    return base / "answer"


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leave no process behind, also none that it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _death(name: str, code: int, limits: Limits) -> DijieError:
    """Why there is no answer, from how the process ended."""
    if code in (-signal.SIGXCPU, -signal.SIGALRM):
        return too_slow(name, limits)
    if code == -signal.SIGKILL:
        return faults.FileTooLarge(
            N_("Reading %(file)s was ended by the system, most likely for want of memory."),
            hint=N_("Divide it into several files, or take a GeoPackage or CSV instead of a workbook."),
            file=name,
        )
    if code < 0:
        return faults.DamagedFile(
            N_(
                "Reading %(file)s broke off (%(signal)s): it is damaged, or needs more than %(megabytes)d MB of memory."
            ),
            hint=N_("Copy or export the file again, or divide it into several."),
            file=name,
            signal=signal.Signals(-code).name,
            megabytes=limits.memory_mb,
        )
    return _broke_off(name, str(code))


def too_slow(name: str, limits: Limits) -> faults.ReadingTooSlow:
    """A file that takes longer than the limits allow."""
    return faults.ReadingTooSlow(
        N_("%(file)s could not be read within %(seconds)d seconds."),
        hint=N_("Divide it into several files, or export it again: a damaged file can keep its reader busy."),
        file=name,
        seconds=round(min(limits.seconds, limits.cpu_seconds)),
    )


def _broke_off(name: str, reason: str) -> faults.ReadingFailed:
    return faults.ReadingFailed(
        N_("%(file)s could not be read: the reading process gave no answer (%(reason)s)."),
        hint=N_("Try again; if it happens again, tell the administrator."),
        file=name,
        reason=reason,
    )


def sweep() -> None:
    """Remove what readings left behind whose asking process was killed."""
    now = time.time()
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            if now - folder.stat().st_mtime > _STALE_S:
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue
