"""What a request holds that no database keeps is refused here; its body is read as JSON the same way everywhere."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from flask import Flask, request

from gis.errors import N_, Invalid

_LARGEST = 2**63 - 1
"""The largest whole number that a database keeps."""


class BadAddress(Invalid):
    """An address with a null character in it."""

    code: ClassVar[str] = "bad-address-sign"


class NotJson(Invalid):
    """A body that is not JSON, or holds what no database keeps."""

    code: ClassVar[str] = "not-json"


def install(app: Flask) -> None:
    """Refuse every address with a null character: PostgreSQL keeps none, and no record is called so."""

    @app.before_request
    def look() -> None:
        if "\x00" in request.path or any("\x00" in word for pair in request.args.items(multi=True) for word in pair):
            raise BadAddress(N_("The request holds a text or a number that cannot be kept."))


def sent() -> Any:
    """What the body says; None where it is empty.

    Half a character (a lone surrogate), a null character and a whole number of more than 64 bits are JSON, but can be
    neither kept nor shown again.

    Raises
    ------
    NotJson
    """
    body = request.get_data()
    if not body:
        return None
    try:
        given = json.loads(body, parse_int=_whole)
        _require_texts(given)
    except _NotKept:
        raise NotJson(N_("The request holds a text or a number that cannot be kept.")) from None
    except (ValueError, RecursionError):
        raise NotJson(N_("The request's body is not JSON.")) from None
    return given


class _NotKept(Exception):  # noqa: N818 - never leaves this file
    """A value that cannot be kept."""


def _whole(digits: str) -> int:
    if len(digits) > 20 or abs(int(digits)) > _LARGEST:
        raise _NotKept
    return int(digits)


def _require_texts(given: object) -> None:
    if isinstance(given, str):
        if "\x00" in given or any("\ud800" <= sign <= "\udfff" for sign in given):
            raise _NotKept
    elif isinstance(given, dict):
        for name, value in given.items():
            _require_texts(name)
            _require_texts(value)
    elif isinstance(given, list):
        for value in given:
            _require_texts(value)
