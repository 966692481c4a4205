"""Who may call what: every route is in this table, and what is not in it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask, request

from gis.errors import N_, Denied
from layers.access import PUBLIC, Reader

ANYONE = "anyone"

PERMISSIONS: Mapping[str, str] = MappingProxyType(
    {
        "static": ANYONE,
        "maps.page": ANYONE,
        "maps.design": ANYONE,
        "maps.health": ANYONE,
        "maps.basemap": ANYONE,
        "tiles.tilejson": ANYONE,
        "tiles.tile": ANYONE,
        "api.layers": ANYONE,
        "api.search": ANYONE,
        "api.feature": ANYONE,
        "api.features": ANYONE,
        "api.norms": ANYONE,
        "api.coverage_answer": ANYONE,
        "api.coverage_outline": ANYONE,
        "downloads.workbook": ANYONE,
        "downloads.shapefile": ANYONE,
        "downloads.export": ANYONE,
    }
)


class NotPermitted(Denied):
    """A route that nobody has been given."""

    code = "not-permitted"


def install(app: Flask) -> None:
    """Refuse every route that is not in the table, before its view runs."""

    @app.before_request
    def check() -> None:
        if request.endpoint is not None and PERMISSIONS.get(request.endpoint) != ANYONE:
            raise NotPermitted(N_("This address is not open to you."))


def current_reader() -> Reader:
    """Who reads in this request. Until there are accounts everybody reads what is public."""
    return PUBLIC
