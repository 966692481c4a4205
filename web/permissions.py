"""Who may call what: every route is in this table, and what is not in it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask, request

from gis.errors import N_, Denied
from layers.access import ACTIONS, PUBLIC, Editor, Reader, require
from web.errors import SignInNeeded
from web.service import service

__all__ = ["ANYONE", "PERMISSIONS", "SIGNED_IN", "SignInNeeded", "current_editor", "current_reader"]

ANYONE = "anyone"
"""Even where nothing is public: what somebody needs in order to sign in."""
SIGNED_IN = "signed-in"
"""Whoever has an account."""

PERMISSIONS: Mapping[str, str] = MappingProxyType(
    {
        "static": ANYONE,
        "maps.page": "read",
        "maps.design": "read",
        "maps.health": ANYONE,
        "maps.basemap": "read",
        "tiles.tilejson": "read",
        "tiles.tile": "read",
        "api.layers": "read",
        "api.search": "read",
        "api.feature": "read",
        "api.features": "read",
        "api.norms": "read",
        "api.coverage_answer": "read",
        "api.coverage_outline": "read",
        "downloads.workbook": "export",
        "downloads.shapefile": "export",
        "downloads.export": "export",
    }
)
"""Endpoint to `ANYONE`, `SIGNED_IN` or one of `layers.access.ACTIONS`.

``read`` and ``export`` need no account unless ``DIJIE_PUBLIC`` is 0: what is not public is left out beneath.
``edit`` and ``import`` let in whoever may change any layer; the view asks for the layer.
"""

_WITHOUT_ACCOUNT = ("read", "export")


class NotPermitted(Denied):
    """A route that nobody has been given."""

    code = "not-permitted"


def install(app: Flask) -> None:
    """Refuse every route that is not in the table, or not open to who asks, before its view runs."""

    @app.before_request
    def check() -> None:
        if request.endpoint is not None:
            require_permission(PERMISSIONS.get(request.endpoint, ""))


def require_permission(needed: str) -> None:
    """Raise unless the current reader may pass."""
    if needed == ANYONE:
        return
    if needed != SIGNED_IN and needed not in ACTIONS:
        raise NotPermitted(N_("This address is not open to you."))
    if not (needed in _WITHOUT_ACCOUNT and service().settings.public):
        raise SignInNeeded(N_("This is only for people with an account."))
    require(current_reader(), needed)


def current_reader() -> Reader:
    """Who reads in this request; `PUBLIC` without an account."""
    return PUBLIC


def current_editor() -> Editor:
    """Who writes in this request.

    Raises
    ------
    SignInNeeded
        Without an account.
    """
    raise SignInNeeded(N_("This is only for people with an account."))
