"""The wheel, installed into an empty environment elsewhere, has all that the map needs."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.browser.map_page import MapPage
from tests.serving import Opening, serving

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_what_is_made_at_set_up(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "web/static/npm/importmap.json",
        "web/translations/zh/LC_MESSAGES/messages.mo",
        "web/templates/map.html",
        "layers/reference/data/villages.csv",
        "gis/toponym/data/readings.csv",
    ):
        assert name in names
    assert any(name.startswith("web/static/npm/maplibre-gl@") and name.endswith(".mjs.gz") for name in names)
    assert {name.split("/")[0] for name in names if not name.startswith("dijie-")} == {
        "gis",
        "layers",
        "surveys",
        "web",
    }


def test_the_map_opens_from_an_installed_wheel(
    wheel: Path, demonstration: Path, tmp_path: Path, opened: Opening
) -> None:
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True, timeout=120)
    subprocess.run(
        [
            str(environment / "bin/pip"),
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-c",
            str(ROOT / "requirements.lock"),
            str(wheel),
        ],
        check=True,
        timeout=600,
    )
    command = str(environment / "bin/dijie")
    found = subprocess.run(
        [environment / "bin/python", "-c", "import web; print(web.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(environment) in found.stdout
    with serving("--register", str(demonstration), command=command, cwd=tmp_path) as address:
        page = opened("/", address=address)
        found = MapPage(page)
        assert found.count("boundary-lines", "batch-2022") == 14
        assert found.count("facilities", "canteen") == 766
        assert len(found.drawn("lines-batch")) == 14
        assert page.title().startswith("地界")
        page.context.close()
