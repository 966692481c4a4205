"""People with accounts, for tests: a client that is signed in, and the mark that its requests carry."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from layers.office.accounts import AccountExists, Profile, add_account
from layers.office.sessions import sign_in
from web.permissions import TOKEN
from web.service import Service

READING_POSTS = frozenset({"geocoding.many", "geocoding.table"})
"""Routes that take a long question by POST and write nothing, beside the ministry's lookup, whose programs ask so."""

PASSWORD = "Qingzhou-1368-map"


def only_reads(endpoint: str) -> bool:
    """Whether a route writes nothing though it is asked by POST."""
    return endpoint.startswith("lookup.") or endpoint in READING_POSTS


class Person:
    """Somebody who is signed in."""

    def __init__(self, app: Flask, name: str, roles: tuple[str, ...], *, scope: frozenset[str] | None = None) -> None:
        service: Service = app.extensions["dijie"]
        with suppress(AccountExists):
            add_account(
                service.office, name, Profile(display=name, roles=frozenset(roles), scope=scope), password=PASSWORD
            )
        self.name = name
        self.client: FlaskClient = app.test_client()
        token = sign_in(service.office, name, PASSWORD, address="127.0.0.1")
        with self.client.session_transaction() as session:
            session[TOKEN] = token
        page = self.client.get("/account").text
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert found is not None, page
        self.mark = found[1]

    def get(self, address: str, **more: Any) -> TestResponse:
        return self.client.get(address, **more)

    def send(self, address: str, *, method: str = "POST", **more: Any) -> TestResponse:
        return self.client.open(address, method=method, headers={"X-CSRFToken": self.mark}, **more)
