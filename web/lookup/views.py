"""The addresses of the ministry's public lookup, so that programs written for it work here.

Each address is there with and without the number that the ministry's server has in front (``/9095``). Parameters come
in the address, as a form or as JSON; those that are not known are not looked at, as there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, request

from gis.errors import N_, DijieError
from layers.placenames.divisiontree import DEEPEST, LENGTHS, prefix_of, tree
from layers.placenames.lookup import Asked, BadLookup, details, search
from web.body import sent
from web.errors import STATUS, kind_of
from web.language import reader_language, sentences
from web.service import service

lookup = Blueprint("lookup", __name__)

_EXACT: Final[Mapping[str, bool]] = {
    "精确": True, "exact": True, "1": True, "模糊": False, "fuzzy": False, "0": False, "2": False, "": False,
}  # fmt: skip
_TRUE: Final = frozenset({"true", "1", "yes", "是"})
_LONGEST_NUMBER: Final = 9


@lookup.route("/stname/listPub", methods=["GET", "POST"])
@lookup.route("/9095/stname/listPub", methods=["GET", "POST"])
def names() -> Response:
    """Public place names by name, class and division."""
    given = _given()
    word = given.get("searchType", "").strip()
    if word.lower() not in _EXACT:
        raise BadLookup(
            N_("“%(name)s” cannot be “%(value)s”."), hint=N_("Write 精确 or 模糊."), name="searchType", value=word[:80]
        )
    found = search(
        service().index,
        Asked(
            name=given.get("stName", "").strip(),
            exact=_EXACT[word.lower()],
            class_code=(given.get("placeTypeCode") or given.get("PlaceTypeCode") or "").strip(),
            code=given.get("code", "").strip(),
            year=_whole(given, "year", 0),
            page=_whole(given, "page", 1),
            size=_whole(given, "size", 10),
        ),
    )
    return _answer({"total": found.total, "records": found.records})


@lookup.route("/stname/detailsPub", methods=["GET", "POST"])
@lookup.route("/9095/stname/detailsPub", methods=["GET", "POST"])
def one_name() -> Response:
    """One public place name."""
    return _answer(details(service().index, _given().get("id", "")))


@lookup.route("/xzqh/getList", methods=["GET", "POST"])
def divisions() -> Response:
    """A division and those beneath it down to a level: 1 provinces, 2 cities, 3 counties, 4 towns."""
    given = _given()
    code = _division(given)
    level = _level(given)
    own = LENGTHS.index(len(prefix_of(code)))
    # a level that is not beneath the division is meant as a number of levels, as the older address takes it
    return _tree(given, code, level - own if level > own else level)


@lookup.route("/9095/xzqh/getList", methods=["GET", "POST"])
def divisions_beneath() -> Response:
    """A division and those beneath it, so many levels."""
    given = _given()
    return _tree(given, _division(given), _level(given))


@lookup.errorhandler(DijieError)
def refused(error: DijieError) -> tuple[Response, int]:
    """Errors in the interface's own shape, as a program expects it that has no other."""
    status = STATUS[kind_of(error)]
    detail, hint = sentences(error, reader_language())
    body: dict[str, Any] = {"status": status, "message": f"{detail} {hint}".strip(), "code": error.code}
    body |= {"total": 0, "records": []} if request.path.endswith("listPub") else {"data": None}
    response = _answer(body)
    response.headers["Cache-Control"] = "no-store"
    return response, status


@lookup.record_once
def _read_only(state: Any) -> None:
    """Nothing is changed by these requests: no mark is asked of programs that send them by POST."""
    for view in (names, one_name, divisions, divisions_beneath):
        state.app.extensions["csrf"].exempt(view)


def _given() -> dict[str, str]:
    """The parameters of address, form or JSON, the body before the address."""
    found = dict(request.args.items())
    if request.method == "POST":
        if request.mimetype == "application/json":
            body = sent()
            if body is not None and not isinstance(body, Mapping):
                raise BadLookup(N_("The request is not written as JSON."))
            found |= {
                str(name): value if isinstance(value, str) else json.dumps(value)
                for name, value in (body or {}).items()
                if value is not None
            }
        else:
            found |= dict(request.form.items())
    return found


def _whole(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > _LONGEST_NUMBER:
        raise BadLookup(N_("“%(name)s” must be a whole number, not “%(text)s”."), name=name, text=text[:80])
    return int(text)


def _division(given: Mapping[str, str]) -> str:
    return Asked(code=given.get("code", "").strip()).code


def _level(given: Mapping[str, str]) -> int:
    level = _whole(given, "maxLevel", 1)
    if level > DEEPEST:
        raise BadLookup(
            N_("“%(name)s” cannot be “%(value)s”."), hint=N_("It is at most 4: towns."), name="maxLevel", value=level
        )
    return level


def _tree(given: Mapping[str, str], code: str, depth: int) -> Response:
    trimmed = given.get("trimCode", "").strip().lower() in _TRUE
    data = tree(service().index, code, depth=depth, trimmed=trimmed)
    return _answer({"data": data, "message": "操作成功", "status": 200, "total": _count(data), "tag": None})


def _count(node: Mapping[str, Any]) -> int:
    return 1 + sum(_count(one) for one in node["children"])


def _answer(payload: object) -> Response:
    response = Response(
        json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False), mimetype="application/json"
    )
    response.headers["Cache-Control"] = "no-cache"
    if request.method == "GET":
        response.add_etag()
    return response
