"""Texts are sent compressed to who takes them so."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

_TYPES = ("text/", "application/json", "application/geo+json", "application/problem+json")
_WORTH_BYTES = 1024


def install(app: Flask) -> None:
    """Compress JSON and pages; tiles and files come compressed already."""

    @app.after_request
    def compress(response: Response) -> Response:
        if not response.mimetype.startswith(_TYPES) or response.direct_passthrough or response.is_streamed:
            return response
        response.vary.add("Accept-Encoding")
        if "Content-Encoding" in response.headers or "gzip" not in request.accept_encodings:
            return response
        body = response.get_data()
        if len(body) >= _WORTH_BYTES:
            response.set_data(gzip.compress(body, 5, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
            etag, _ = response.get_etag()
            if etag is not None:
                response.set_etag(f"{etag}-gz")
        return response
