"""Memory is given back a moment after large answers, once for all that came meanwhile."""

from __future__ import annotations

import threading

import pytest
from flask import Flask

from web import memory


def test_once_after_several_large_answers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    done = threading.Event()

    def give_back() -> None:
        given.append(1)
        done.set()

    monkeypatch.setattr(memory, "give_back", give_back)
    monkeypatch.setattr(memory, "_MOMENT_S", 0.5)
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    for _ in range(3):
        assert client.get("/api/features/tripoints?limit=5").status_code == 200
    assert given == []
    assert done.wait(10)
    assert given == [1]
