"""From an error's kind to what a person or a program sees. The one table of status and exit codes."""

from __future__ import annotations

import logging
from urllib.parse import quote

from flask import Flask, Response, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from gis.errors import N_, Conflict, Denied, DijieError, Invalid, NotFound, TooLarge, Unavailable
from web.language import reader_language, sentences, translated


class SignInNeeded(Denied):
    """Only for people with an account; who has one may sign in and come back."""

    code = "sign-in-needed"


class PasswordChangeNeeded(Denied):
    """Somebody whose password was given by another; a page leads to where it is changed."""

    code = "password-change-needed"


class ForgedRequest(Denied):
    """A request to change something that does not come from our own pages, or from one that is too old."""

    code = "forged-request"


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

_TITLES = {"link-void": N_("This link is no longer valid")}
"""By an error's code, where the status alone says something else."""

_log = logging.getLogger("dijie")


def kind_of(error: DijieError) -> type[DijieError]:
    """The kind that decides the status."""
    return next((kind for kind in type(error).__mro__ if kind in STATUS), Invalid)


def install(app: Flask) -> None:
    """Answer every error as a page or as problem+json (RFC 9457), never with a stack trace."""

    @app.errorhandler(DijieError)
    def known(error: DijieError) -> tuple[Response, int]:
        if isinstance(error, (SignInNeeded, PasswordChangeNeeded)) and not _by_program():
            return _elsewhere("/account" if isinstance(error, PasswordChangeNeeded) else _sign_in_path()), 303
        detail, hint = sentences(error, reader_language())
        return _answer(STATUS[kind_of(error)], error.code, detail, hint)

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> tuple[Response, int]:
        return known(
            ForgedRequest(
                N_("This request does not come from a page of this session."),
                hint=N_("Load the page anew and try again; you may have signed in or out in another window."),
            )
        )

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


def _by_program() -> bool:
    """Whether a script asks, who is answered with a problem, or a person who goes from page to page."""
    return request.path.startswith(_PROGRAM_PATHS) or "X-CSRFToken" in request.headers


def _sign_in_path() -> str:
    """The sign-in page, which leads back to where somebody wanted to go."""
    wanted = request.full_path.removesuffix("?") if request.method == "GET" else "/"
    return "/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted, safe='/')}"


def _elsewhere(path: str) -> Response:
    response = Response("", mimetype="text/plain")
    response.headers["Location"] = path
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer(status: int, code: str, detail: str, hint: str) -> tuple[Response, int]:
    title = translated(
        _TITLES.get(code) or _HTTP_TITLES.get(status, N_("Something went wrong here")), reader_language()
    )
    if _by_program():
        response = jsonify(type="about:blank", title=title, status=status, detail=detail or title, hint=hint, code=code)
        response.mimetype = "application/problem+json"
    else:
        g.error_status = status
        response = Response(
            render_template(
                "error.html", title=title, detail=detail, hint=hint, status="" if code in _TITLES else status
            )
        )
    response.headers["Cache-Control"] = "no-store"
    if status == STATUS[SignInNeeded]:
        response.headers["WWW-Authenticate"] = 'Session realm="Dijie"'
    return response, status
