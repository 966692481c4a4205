"""The signed cookie of who is signed in, and the mark that tells our own forms from forged ones."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from web.settings import Settings


def install(app: Flask, settings: Settings, secret: str) -> None:
    """Sign cookies with the office's key and refuse every request to change something that lacks the session's mark.

    To be called after the permissions: who may not call an address hears that first.
    """
    app.config.update(
        SECRET_KEY=secret,
        SESSION_COOKIE_NAME="dijie",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_METHODS={"POST", "PUT", "PATCH", "DELETE"},
    )
    CSRFProtect(app)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )
