"""From an error's kind to what a person or a program sees. The one table of status and exit codes."""

from __future__ import annotations

import logging
from urllib.parse import quote

from flask import Flask, Response, g, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from gis.errors import N_, Conflict, Denied, DijieError, Invalid, NotFound, TooLarge, Unavailable
from web.language import reader_language, sentences, translated


class SignInNeeded(Denied):
    """Only for people with an account; who has one may sign in and come back."""

    code = "sign-in-needed"


STATUS: dict[type[DijieError], int] = {
    SignInNeeded: 401,
    NotFound: 404,
    Invalid: 400,
    Conflict: 409,
    TooLarge: 413,
    Denied: 403,
    Unavailable: 503,
}

EXIT: dict[type[DijieError], int] = {
    SignInNeeded: 6,
    Invalid: 2,
    NotFound: 3,
    Conflict: 4,
    TooLarge: 5,
    Denied: 6,
    Unavailable: 7,
}

_PROGRAM_PATHS = ("/api/", "/tiles/", "/basemap/", "/healthz")

_HTTP_TITLES = {
    400: N_("That request cannot be understood"),
    401: N_("Please sign in"),
    403: N_("That is not open to you"),
    404: N_("There is no such page"),
    405: N_("That cannot be done here"),
    409: N_("That contradicts what the register holds by now"),
    413: N_("That is too large"),
    500: N_("Something went wrong here"),
    503: N_("Not available at the moment"),
}

_log = logging.getLogger("dijie")


def kind_of(error: DijieError) -> type[DijieError]:
    """The kind that decides the status."""
    return next((kind for kind in type(error).__mro__ if kind in STATUS), Invalid)


def install(app: Flask) -> None:
    """Answer every error as a page or as problem+json (RFC 9457), never with a stack trace."""

    @app.errorhandler(DijieError)
    def known(error: DijieError) -> tuple[Response, int]:
        if isinstance(error, SignInNeeded) and not request.path.startswith(_PROGRAM_PATHS):
            return _to_sign_in(), 303
        detail, hint = sentences(error, reader_language())
        return _answer(STATUS[kind_of(error)], error.code, detail, hint)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response | tuple[Response, int]:
        if error.response is not None or (error.code or 500) < 400:
            return error.get_response()  # type: ignore[return-value]
        status = error.code or 500
        return _answer(status, f"http-{status}", "", "")

    @app.errorhandler(Exception)
    def unknown(error: Exception) -> tuple[Response, int]:
        _log.error("%s %s", request.method, request.path, exc_info=error)
        detail = translated(
            N_("The server has written down what happened; please tell who looks after it."), reader_language()
        )
        return _answer(500, "internal", detail, "")


def _to_sign_in() -> Response:
    """To the sign-in page, which leads back to where somebody wanted to go."""
    wanted = request.full_path.removesuffix("?") if request.method == "GET" else ""
    response = Response("", mimetype="text/plain")
    response.headers["Location"] = "/sign-in" + (f"?next={quote(wanted, safe='/')}" if wanted.strip("/") else "")
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer(status: int, code: str, detail: str, hint: str) -> tuple[Response, int]:
    title = translated(_HTTP_TITLES.get(status, N_("Something went wrong here")), reader_language())
    if request.path.startswith(_PROGRAM_PATHS):
        response = jsonify(type="about:blank", title=title, status=status, detail=detail or title, hint=hint, code=code)
        response.mimetype = "application/problem+json"
    else:
        g.error_status = status
        response = Response(render_template("error.html", title=title, detail=detail, hint=hint, status=status))
    response.headers["Cache-Control"] = "no-store"
    if status == STATUS[SignInNeeded]:
        response.headers["WWW-Authenticate"] = 'Session realm="Dijie"'
    return response, status
