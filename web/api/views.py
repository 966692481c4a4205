"""The map's JSON: layers, search, features, coverage, exports."""

from __future__ import annotations

import json
from typing import Any

import shapely
from flask import Blueprint, Response

from gis.coverage import CoverageResult
from layers import coverage, days
from layers.catalogue import FACILITY_GROUPS, layer_named
from layers.features import Found, listed, value_titles
from layers.features import feature as one_feature
from layers.norms import NORMS
from layers.search import Hit
from layers.summary import Summary, summary
from web import query
from web.api.beside import beside
from web.permissions import current_reader
from web.service import service

api = Blueprint("api", __name__, url_prefix="/api")


def _title(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def _answer(payload: object, *, mimetype: str = "application/json") -> Response:
    """JSON that may be kept, but is asked about each time."""
    response = Response(
        json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False), mimetype=mimetype
    )
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response


@api.get("/layers")
def layers() -> Response:
    """Every layer with counts and classes as at a day."""
    query.allow("asof")
    found = summary(service().index, reader=current_reader(), asof=query.asof() or days.today())
    return _answer(_summary(found))


def _summary(found: Summary) -> dict[str, Any]:
    return {
        "seq": found.seq,
        "asof": found.asof.isoformat(),
        "synthetic": found.synthetic,
        "layers": [
            {
                "key": part.layer.key,
                "title": _title(part.layer.title_zh, part.layer.title_en),
                "geometry": part.layer.geometry,
                "count": part.count,
                "min_zoom": part.min_zoom,
                "max_zoom": part.max_zoom,
                "classes": [
                    {
                        "key": name.key,
                        "title": _title(name.title_zh, name.title_en),
                        "count": name.count,
                        "group": name.group,
                    }
                    for name in part.classes
                ],
            }
            for part in found.layers
        ],
        "groups": [{"key": group.key, "title": _title(group.title_zh, group.title_en)} for group in FACILITY_GROUPS],
        "dates": [
            {
                "day": day.isoformat(),
                "title": _title(f"{day.year}年{day.month}月{day.day}日", f"{day:%d %b %Y}".lstrip("0")),
            }
            for day in found.days
        ],
        "bbox": found.bbox,
        "sources": [
            {
                "title": _title(source.title_zh, source.title_en),
                "source": source.source,
                "licence": source.licence,
                "synthetic": source.synthetic,
            }
            for source in found.sources
        ],
    }


@api.get("/search")
def search() -> Response:
    """Features by name."""
    given = query.allow("q", "limit", "lon", "lat", "asof")
    lon, lat = query.number("lon"), query.number("lat")
    hits, total = service().search.find(
        given.get("q", ""),
        reader=current_reader(),
        asof=query.asof() or days.today(),
        limit=query.whole("limit", 10),
        centre=None if lon is None or lat is None else (lon, lat),
    )
    return _answer({"query": given.get("q", ""), "total": total, "items": [_hit(hit) for hit in hits]})


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "layer": hit.layer,
        "uuid": hit.uuid,
        "name": hit.name,
        "roman": hit.roman,
        "matched": hit.matched,
        "tolerant": hit.tolerant,
        "kind": _title(*hit.kind),
        "where": _title(*hit.where),
        "lon": hit.lon if hit.lon == hit.lon else None,
        "lat": hit.lat if hit.lat == hit.lat else None,
        "bbox": hit.bbox,
    }


@api.get("/features/<layer>/<uuid>")
def feature(layer: str, uuid: str) -> Response:
    """One feature with everything about it that the reader may see."""
    query.allow("asof")
    found = one_feature(service().index, layer, uuid, reader=current_reader())
    return _answer(_found(found), mimetype="application/geo+json")


def _found(found: Found) -> dict[str, Any]:
    record = found.record
    titles = {
        name: _title(*title)
        for name, value in record.items()
        if (title := value_titles(found.layer.key, name, value)) is not None
    }
    for name in ("county_code", "town_code", "village_code"):
        if isinstance(code := record.get(name), str) and code in found.divisions:
            titles[name] = _title(found.divisions[code], found.divisions[code])
    return {
        "type": "Feature",
        "id": found.uuid,
        "geometry": _geometry(found.geometry),
        "properties": record,
        "label": found.layer.label,
        "labels": {
            field.name: {"zh": field.title_zh, "en": field.title_en, "unit": field.unit} for field in found.layer.fields
        },
        "titles": titles,
        "names": found.names,
        **beside(service().index, found, reader=current_reader()),
    }


@api.get("/features/<layer>")
def features(layer: str) -> Response:
    """The first features of a layer within filters."""
    query.allow(*query.FILTERS, "limit")
    layer_named(layer)
    found = listed(
        service().index, layer, reader=current_reader(), filters=query.filters(), limit=query.whole("limit", 1000)
    )
    items = [
        {"type": "Feature", "id": record["uuid"], "geometry": _geometry(geometry), "properties": record}
        for geometry, record in zip(found.geometries, found.records, strict=True)
    ]
    return _answer(
        {
            "type": "FeatureCollection",
            "numberMatched": found.total,
            "numberReturned": len(items),
            "features": items,
        },
        mimetype="application/geo+json",
    )


def _geometry(geometry: shapely.Geometry | None) -> dict[str, Any] | None:
    return None if geometry is None or geometry.is_empty else shapely.geometry.mapping(geometry)


@api.get("/norms")
def norms() -> Response:
    """Presets of coverage questions, each with its source."""
    query.allow()
    return _answer(
        [
            {
                "key": norm.key,
                "title": _title(norm.title_zh, norm.title_en),
                "kinds": norm.kinds,
                "distance_m": norm.distance_m,
                "source": norm.source,
                "status": norm.status,
            }
            for norm in NORMS
        ]
    )


@api.get("/coverage")
def coverage_answer() -> Response:
    """Who has a facility within reach."""
    question = query.question()
    index = service().index
    with index.held():
        result, seq = coverage.answer(index, question, reader=current_reader()), index.seq()
    return _answer(_coverage(result, seq))


def _coverage(result: CoverageResult, seq: int) -> dict[str, Any]:
    villages = result.villages
    return {
        "kinds": result.kinds,
        "distance_m": result.distance_m,
        "weight": result.weight,
        "asof": result.asof,
        "method": result.method,
        "seq": seq,
        "facilities": result.facilities,
        "total": result.total,
        "counties": _rows(result.counties),
        "towns": _rows(result.towns),
        "villages": {
            "uuid": villages["uuid"].tolist(),
            "name": _values(villages["name"]),
            "town": _values(villages["town_code"]),
            "lon": _values(villages.geometry.x.round(6)),
            "lat": _values(villages.geometry.y.round(6)),
            "covered": villages["covered"].astype(int).tolist(),
            "weight": villages["weight"].round(2).tolist(),
            "nearest_m": _values(villages["nearest_m"].round(1)),
        },
    }


def _values(column: Any) -> list[Any]:
    """A column's values, None where there is none."""
    missing = column.isna().tolist()
    return [None if absent else value for value, absent in zip(column.tolist(), missing, strict=True)]


def _rows(table: Any) -> list[dict[str, Any]]:
    rows = zip(*(_values(table[name]) for name in table.columns), strict=True)
    return [dict(zip(table.columns, row, strict=True)) for row in rows]


@api.get("/coverage/outline")
def coverage_outline() -> Response:
    """The catchments' outline, for the map only."""
    shape = coverage.outline(service().index, query.question(), reader=current_reader())
    body = '{"type":"Feature","properties":{},"geometry":' + shapely.to_geojson(shape) + "}"
    response = Response(body, mimetype="application/geo+json")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response
