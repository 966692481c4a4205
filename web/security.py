"""Headers that every answer carries: a strict Content-Security-Policy and its companions."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

from flask import Flask, Response

from gis.errors import N_, Unavailable
from web.settings import Settings

IMPORT_MAP = Path(__file__).parent / "static" / "npm" / "importmap.json"


class NotSetUp(Unavailable):
    """The front-end packages have not been copied."""

    code = "not-set-up"


def import_map() -> str:
    """The import map, as it stands in the page to the byte."""
    try:
        return json.dumps(json.loads(IMPORT_MAP.read_text("utf-8")), separators=(",", ":"), sort_keys=True)
    except FileNotFoundError:
        raise NotSetUp(
            N_("The front-end packages are not installed."), hint=N_("Run “make setup” once, then start again.")
        ) from None


def policy(settings: Settings, inline: str) -> str:
    """The Content-Security-Policy; ``inline`` is the one inline script, the import map."""
    digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
    foreign = "".join(f" {origin}" for origin in settings.basemap_origins)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'sha256-{digest}'",
            "style-src 'self'",
            f"img-src 'self' data:{foreign}",
            "media-src 'self'",
            f"connect-src 'self'{foreign}",
            "worker-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def install(app: Flask, settings: Settings, inline: str) -> None:
    """Add the headers to every answer of the app."""
    headers = {
        "Content-Security-Policy": policy(settings, inline),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }

    @app.after_request
    def secure(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response
