"""The server's side of tus 1.0 (https://tus.io/protocols/resumable-upload): a file in as many pieces as it takes.

Core, creation, termination, checksum and expiration. How far a file is, is asked of the file itself, so that a server
that was ended goes on where the bytes end.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, ClassVar, Final

from flask import Blueprint, Response, request

from gis.errors import N_, Denied, Invalid
from layers.office import field_files
from layers.office.field_files import FieldUpload
from web.imports.receiving import require_mark
from web.permissions import current_editor
from web.service import service
from web.surveys.receiving import arrivals, field_name

tus = Blueprint("tus", __name__, url_prefix="/api/field-files/tus")

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,termination,checksum,expiration"
_ALGORITHMS: Final = ("sha256", "sha1", "md5")
_STATUS: Final = {"other-tus": 412, "partial-busy": 423, "checksum-differs": 460}
"""By an error's code: where the protocol has a status that the table of kinds has not."""
_PIECE: Final = 1 << 18
_SLACK: Final = 1_000_000
_METADATA: Final = 4_000


class BadTus(Invalid):
    """A request that is not written as the protocol wants it."""

    code: ClassVar[str] = "bad-tus"


class OtherTus(Denied):
    """Another version of the protocol."""

    code: ClassVar[str] = "other-tus"


@tus.after_request
def say(response: Response) -> Response:
    """The protocol's headers, also on answers that are faults; its own status where it has one."""
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    if response.status_code >= 400 and response.is_json:
        response.status_code = _STATUS.get(response.get_json()["code"], response.status_code)
    return response


@tus.route("", methods=["OPTIONS"], provide_automatic_options=False)
@tus.route("/<uuid>", methods=["OPTIONS"], provide_automatic_options=False)
def options(uuid: str = "") -> Response:  # noqa: ARG001 - the same for all
    """What this server can."""
    response = Response(status=204)
    response.headers["Tus-Version"] = VERSION
    response.headers["Tus-Extension"] = EXTENSIONS
    response.headers["Tus-Max-Size"] = str(arrivals().most)
    response.headers["Tus-Checksum-Algorithm"] = ",".join(_ALGORITHMS)
    return response


@tus.post("")
def create() -> Response:
    """Expect a file."""
    _require_tus()
    size = _whole("Upload-Length")
    if size == 0:
        raise BadTus(N_("The file is empty."), hint=N_("Copy it from the device again."))
    name = field_name(_metadata(request.headers.get("Upload-Metadata", "")).get("filename", ""))
    upload = arrivals().begin(name, size, editor=current_editor())
    response = _expiring(Response(status=201), upload.expires)
    response.headers["Location"] = f"/api/field-files/tus/{upload.uuid}"
    return response


@tus.route("/<uuid>", methods=["HEAD"])
def head(uuid: str) -> Response:
    """How far a file is; one that is all there and was not finished is finished now."""
    _require_tus()
    editor = current_editor()
    upload = field_files.find_upload(service().office, uuid, editor=editor)
    there = arrivals().offset(upload)
    if there == upload.size and upload.file is None:
        arrivals().finish(upload, editor=editor)
    response = _expiring(Response(status=200), upload.expires)
    response.headers["Upload-Offset"] = str(there)
    response.headers["Upload-Length"] = str(upload.size)
    return response


@tus.patch("/<uuid>")
def append(uuid: str) -> Response:
    """Take the next bytes; with the last ones the file is whole."""
    _require_tus()
    if request.mimetype != "application/offset+octet-stream":
        raise BadTus(N_("The piece must be sent as application/offset+octet-stream."))
    editor, office = current_editor(), service().office
    upload = field_files.find_upload(office, uuid, editor=editor)
    offset = _whole("Upload-Offset")
    wanted = arrivals()
    if wanted.offset(upload) < upload.size or offset != upload.size:
        pieces, verified = _pieces(upload)
        there = wanted.append(upload, offset, pieces, verified=verified)
    else:
        there = upload.size  # the answer to the last piece was lost
    expires = field_files.touch_upload(office, uuid)
    response = _expiring(Response(status=204), expires)
    response.headers["Upload-Offset"] = str(there)
    if there == upload.size:
        kept, again = wanted.finish(field_files.find_upload(office, uuid, editor=editor), editor=editor)
        response.headers["Dijie-Field-File"] = kept.uuid
        response.headers["Dijie-Earlier"] = "1" if again else "0"
    return response


@tus.delete("/<uuid>")
def give_up(uuid: str) -> Response:
    """Forget a file that is not complete."""
    _require_tus()
    arrivals().give_up(uuid, editor=current_editor())
    return Response(status=204)


@tus.record_once
def _read_the_body_ourselves(state: Any) -> None:
    """The mark is looked for in the header alone; see `_require_tus`."""
    state.app.extensions["csrf"].exempt(tus)


def _require_tus() -> None:
    """Raise unless the request comes from our own pages and speaks this version of the protocol."""
    if request.method != "HEAD":
        require_mark()
    if request.headers.get("Tus-Resumable") != VERSION:
        raise OtherTus(N_("This server speaks tus %(version)s."), version=VERSION)


def _pieces(upload: FieldUpload) -> tuple[Iterator[bytes], Callable[[], bool] | None]:
    """The request's bytes, and where a checksum is sent what says whether they are those."""
    request.max_content_length = upload.size + _SLACK
    stream = request.stream
    said = request.headers.get("Upload-Checksum", "")
    if not said:
        return iter(lambda: stream.read(_PIECE), b""), None
    algorithm, _, text = said.partition(" ")
    try:
        wanted = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise BadTus(N_("The checksum is not written as “algorithm base64”.")) from error
    if algorithm not in _ALGORITHMS:
        raise BadTus(
            N_("The checksum “%(algorithm)s” is none of %(known)s."),
            algorithm=algorithm[:40],
            known=", ".join(_ALGORITHMS),
        )
    digest = hashlib.new(algorithm, usedforsecurity=False)

    def pieces() -> Iterator[bytes]:
        while piece := stream.read(_PIECE):
            digest.update(piece)
            yield piece

    return pieces(), lambda: digest.digest() == wanted


def _metadata(text: str) -> dict[str, str]:
    """``key base64,key base64``."""
    found = {}
    for pair in filter(None, (one.strip() for one in text[:_METADATA].split(","))):
        key, _, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise BadTus(N_("Upload-Metadata is not written as “key base64”.")) from error
    return found


def _whole(header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise BadTus(N_("The header %(header)s must be a whole number."), header=header)
    return int(text)


def _expiring(response: Response, expires: str) -> Response:
    """The answer, saying when an upload that stops is forgotten."""
    moment = datetime.fromisoformat(expires.replace("Z", "+00:00")).astimezone(UTC)
    response.headers["Upload-Expires"] = format_datetime(moment, usegmt=True)
    return response
