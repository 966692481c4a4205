"""A file on its way in: written to the disk as it comes, with a limit, never whole in memory."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any, Final

from flask import current_app, request
from flask_wtf.csrf import CSRFError, validate_csrf
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from wtforms import ValidationError

from gis.errors import N_, Invalid
from layers.media import FileTooLarge, Folder, Incoming, Stored
from web.settings import Settings

ENDINGS: Final = ("csv", "txt", "xlsx", "zip", "gpkg", "geojson", "json", "kml")
_NAME_LENGTH = 150
_FORM_BYTES = 100_000
"""For the other parts of the form."""


class BadUpload(Invalid):
    """Something that cannot be taken as a file to import."""

    code = "bad-upload"


def received(
    settings: Settings, *, among: str = "uploads", named: Callable[[str], str] | None = None
) -> tuple[dict[str, str], str, Stored]:
    """The form's other parts, the file's name, and the file, which is kept ``among`` others of its purpose.

    ``named`` says what the file is called and refuses names that are none; `file_name` by default.

    The request's body is read here for the first time: its mark is looked for in the header alone.

    Raises
    ------
    BadUpload, FileTooLarge, MediaUnavailable
    """
    require_mark()
    most = settings.upload_mb * 1_000_000
    request.max_content_length = most + _FORM_BYTES
    coming: list[Incoming] = []
    folder = Folder(settings.files_folder / among)

    def open_part(*_: Any, **__: Any) -> Incoming:
        if coming:
            raise BadUpload(N_("One file at a time."))
        coming.append(folder.incoming(most=most))
        return coming[0]

    try:
        form, files = parsed(open_part)
        given = files.get("file")
        if given is None or not coming:
            raise BadUpload(N_("There is no file in the request."), hint=N_("Choose a file and send it again."))
        name = (named or file_name)(given.filename or "")
        if coming[0].size == 0:
            raise BadUpload(N_("“%(name)s” is empty."), name=name)
        return form, name, coming[0].keep()
    except RequestEntityTooLarge:
        raise FileTooLarge(
            N_("The file is larger than %(most)s MB."),
            hint=N_("Send it in parts, or have the limit raised with DIJIE_UPLOAD_MB."),
            most=settings.upload_mb,
        ) from None
    finally:
        for each in coming:
            each.forget()


def parsed(open_part: Callable[..., Incoming]) -> tuple[dict[str, str], Any]:
    """The request's form, its other parts and its files; each file is written into what ``open_part`` gives."""
    if request.mimetype != "multipart/form-data":
        raise BadUpload(N_("There is no file in the request."), hint=N_("Choose a file and send it again."))
    parser = FormDataParser(stream_factory=open_part, max_form_memory_size=_FORM_BYTES, max_form_parts=10)
    _, form, files = parser.parse(request.stream, request.mimetype, request.content_length, request.mimetype_params)
    return form.to_dict(), files


def file_name(given: str) -> str:
    """The name without folders and without what cannot be seen; `BadUpload` where its ending is none of ours."""
    name = PurePosixPath(given.replace("\\", "/")).name
    name = "".join(mark for mark in unicodedata.normalize("NFC", name) if mark.isprintable()).strip()
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in ("shp", "dbf", "shx"):
        raise BadUpload(
            N_("“%(name)s” is one part of a shapefile."),
            hint=N_("Put .shp, .shx, .dbf, .prj and .cpg into one .zip and send that."),
            name=name[:_NAME_LENGTH],
        )
    if ending not in ENDINGS:
        raise BadUpload(
            N_("“%(name)s” is not a kind of file that can be imported."),
            hint=N_("Send .xlsx, .csv, .zip (shapefile or file geodatabase), .gpkg, .geojson or .kml."),
            name=name[:_NAME_LENGTH] or "-",
        )
    return name if len(name) <= _NAME_LENGTH else f"{name[: _NAME_LENGTH - len(ending) - 2]}….{ending}"


def require_mark() -> None:
    """Raise unless the header holds the session's mark: the body of a file is not looked through for it."""
    if not current_app.config.get("WTF_CSRF_ENABLED", True):
        return
    try:
        validate_csrf(request.headers.get("X-CSRFToken", ""))
    except ValidationError as error:
        raise CSRFError(str(error)) from None
