"""A picture or a sound on its way in: written to the disk as it comes, with a limit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from gis.errors import N_
from layers.media import FileTooLarge, Incoming
from layers.placenames.media import MOST_BYTES, MediaStore
from web.imports.receiving import BadUpload, parsed, require_mark

_FORM_BYTES: Final = 100_000


@contextmanager
def received(store: MediaStore) -> Iterator[tuple[dict[str, str], Incoming]]:
    """The form's other parts, and the file that has come in; what nobody keeps of it is forgotten at the end.

    Raises
    ------
    BadUpload, FileTooLarge, MediaUnavailable
    """
    require_mark()
    request.max_content_length = MOST_BYTES + _FORM_BYTES
    coming: list[Incoming] = []

    def open_part(*_: Any, **__: Any) -> Incoming:
        if coming:
            raise BadUpload(N_("One file at a time."))
        coming.append(store.files.incoming(most=MOST_BYTES))
        return coming[0]

    try:
        try:
            form, files = parsed(open_part)
        except (RequestEntityTooLarge, FileTooLarge):
            raise FileTooLarge(
                N_("The file is larger than %(most)s MB."), hint=N_("Make it smaller."), most=MOST_BYTES // 1_000_000
            ) from None
        if "file" not in files or not coming or coming[0].size == 0:
            raise BadUpload(N_("There is no file in the request."), hint=N_("Choose a file and send it again."))
        yield form, coming[0]
    finally:
        for each in coming:
            each.forget()
