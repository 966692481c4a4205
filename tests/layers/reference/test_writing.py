"""The written register, read by GDAL."""

from __future__ import annotations

import time

import pyogrio
import pytest

from gis.errors import Conflict
from layers.reference.demonstration import write_demonstration
from layers.register import open_register

pytestmark = pytest.mark.xdist_group("demonstration")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("demonstration") / "dijie.gpkg"
    said: list[tuple[float, str]] = []
    started = time.monotonic()
    write_demonstration(str(path), progress=lambda done, what: said.append((done, what)))
    return path, said, time.monotonic() - started


def test_layers_have_their_rows(written, frames):
    path = written[0]
    for table in ("division", "boundary_line", "tripoint", "stake", "place", "place_line", "place_area", "facility"):
        info = pyogrio.read_info(path, layer=table)
        assert info["features"] == len(frames[table])
        assert info["crs"] == "EPSG:4490"


def test_a_row_comes_back_as_it_was_built(written, frames):
    stored = pyogrio.read_dataframe(written[0], layer="place", where="name = '云门山风景区'")
    built = frames["place"].query("name == '云门山风景区'")
    assert stored["uuid"].tolist() == built["uuid"].tolist()
    assert stored["roman"].tolist() == built["roman"].tolist()
    assert stored.geometry.iloc[0].equals(built.geometry.iloc[0])


def test_progress_goes_from_nothing_to_all(written):
    done = [share for share, _ in written[1]]
    assert done == sorted(done)
    assert done[-1] == 1.0


def test_it_is_quick(written):
    assert written[2] < 25


def test_nothing_is_left_beside_the_register(written):
    assert [entry.name for entry in written[0].parent.iterdir()] == ["dijie.gpkg"]


def test_an_interrupted_run_leaves_nothing(tmp_path, monkeypatch):
    def fail(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("layers.reference.demonstration.writing.build", lambda *_: {})
    monkeypatch.setattr("layers.register.Register.load", fail)
    with pytest.raises(KeyboardInterrupt):
        write_demonstration(tmp_path / "dijie.gpkg")
    assert list(tmp_path.iterdir()) == []


def test_a_register_is_not_overwritten_unasked(written):
    with pytest.raises(Conflict):
        write_demonstration(str(written[0]))
    register = open_register(str(written[0]))
    with register.reading() as connection:
        assert len(register.frame(connection, "tripoint")) == 30
