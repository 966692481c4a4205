"""What the views of accounts share: pages that no browser keeps, and moments."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Response, make_response, render_template

from web.accounts.forms import Faults


def page(template: str, status: int = 200, **values: Any) -> Response:
    """A page of accounts: never kept by a browser, for there are names and links on it."""
    values["faults"] = values.get("faults") or Faults()
    response = make_response(render_template(f"accounts/{template}", **values), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def moment(seconds: float) -> str:
    """Seconds since 1970 as UTC text, which the page's script shows in the reader's own time."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
