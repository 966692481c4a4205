"""``dijie jobs`` as a person reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from layers.access import LOCAL_EDITOR
from layers.office import jobs, open_office
from tests.web.test_cli import run


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return tmp_path / "office.sqlite"


def test_a_job_in_words(office: Path) -> None:
    assert "There are no jobs." in run("jobs", "list", DIJIE_OFFICE=str(office)).stdout
    with open_office(office) as opened:
        put = jobs.submit(opened, "export", {"layer": "stakes"}, editor=LOCAL_EDITOR("anna"))
    head, line = run("jobs", "list", DIJIE_OFFICE=str(office)).stdout.splitlines()
    assert head.split()[:3] == ["Job", "Kind", "State"]
    assert line.split()[:3] == [put.uuid, "Export", "waiting"]
    assert "anna" in line
    chinese = run("jobs", "list", language="zh", DIJIE_OFFICE=str(office)).stdout
    assert "export" not in chinese
    assert "queued" not in chinese
    shown = run("jobs", "show", put.uuid, DIJIE_OFFICE=str(office)).stdout
    assert "State: waiting" in shown
    assert "{" not in shown
    assert "queued" not in run("jobs", "show", put.uuid, language="zh", DIJIE_OFFICE=str(office)).stdout
    plain = json.loads(run("jobs", "show", put.uuid, "--format", "json", DIJIE_OFFICE=str(office)).stdout)
    assert (plain["state"], plain["params"]) == ("queued", {"layer": "stakes"})
