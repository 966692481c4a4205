"""Texts are sent compressed to who takes them so, and not at all to who has them already."""

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
        if "Content-Encoding" in response.headers:
            return response
        etag, _ = response.get_etag()
        body = response.get_data()
        if "gzip" in request.accept_encodings and len(body) >= _WORTH_BYTES:
            if etag is not None:
                response.set_etag(f"{etag}-gz")
            if etag is None or not request.if_none_match.contains(f"{etag}-gz"):
                response.set_data(gzip.compress(body, 5, mtime=0))
                response.headers["Content-Encoding"] = "gzip"
        return response.make_conditional(request) if etag is not None else response
