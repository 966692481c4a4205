"""Tiles: strong ETags by change, audience and day; 304 without encoding anything."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from gis.mvt import Tile
from layers import days
from layers.catalogue import layer_named
from layers.tiles import tilejson as describe
from web import query
from web.permissions import current_reader
from web.service import service

tiles = Blueprint("tiles", __name__, url_prefix="/tiles")

_TYPE = "application/vnd.mapbox-vector-tile"


@tiles.get("/<layer>.json")
def tilejson(layer: str) -> Response:
    """TileJSON of a layer."""
    given = query.allow("asof")
    day = query.asof()
    layer_named(layer)
    url = f"{request.host_url}tiles/{layer}/{{z}}/{{x}}/{{y}}.mvt"
    if day is not None:
        url += f"?asof={given['asof']}"
    response = jsonify(describe(service().index, layer, reader=current_reader(), asof=day or days.today(), url=url))
    response.cache_control.no_cache = True
    response.add_etag()
    return response


@tiles.get("/<layer>/<int(signed=True):z>/<int(signed=True):x>/<int(signed=True):y>.mvt")
def tile(layer: str, z: int, x: int, y: int) -> Response:
    """One tile. An address that carries the change number ``v`` it was made for may be kept without asking again."""
    query.allow("asof")
    layer_named(layer)
    wanted = Tile(z, x, y)
    reader = current_reader()
    day = query.asof() or days.today()
    found = service()
    plain = "gzip" not in request.accept_encodings
    with found.index.held():
        etag = found.tiles.etag(layer, wanted, reader=reader, asof=day)
        name = etag if plain else f"{etag}-gz"
        if request.if_none_match.contains(name):
            return _dressed(Response(status=304), name, public=reader.audience == "public")
        answer = found.tiles.tile(layer, wanted, reader=reader, asof=day)
    response = Response(answer.body, mimetype=_TYPE)
    if answer.body:
        response.headers["Content-Encoding"] = "gzip"
        if plain:
            import gzip

            response = Response(gzip.decompress(answer.body), mimetype=_TYPE)
    return _dressed(response, name, public=reader.audience == "public")


def _dressed(response: Response, etag: str, *, public: bool) -> Response:
    response.set_etag(etag)
    response.vary.add("Accept-Encoding")
    # whoever holds a copy asks whether it is still right: one comparison answers, and no write is ever shown late
    response.headers["Cache-Control"] = "no-cache" if public else "private, no-cache"
    return response
