"""The written register, read by GDAL."""

from __future__ import annotations

import pyogrio
import pytest

from gis.errors import Conflict, DijieError
from layers.reference.demonstration import write_demonstration
from layers.register import create_register, open_register

pytestmark = pytest.mark.xdist_group("demonstration")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("demonstration") / "dijie.gpkg"
    said: list[tuple[float, str]] = []
    write_demonstration(str(path), progress=lambda done, what: said.append((done, what)))
    return path, said


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


def test_reference_features_of_stakes_come_back_as_lists(written, frames):
    with open_register(str(written[0])) as register, register.reading() as connection:
        stored = register.frame(connection, "stake", columns=["uuid", "reference_features"])
    built = frames["stake"].set_index("uuid")["reference_features"]
    for uuid, features in zip(stored["uuid"], stored["reference_features"], strict=True):
        assert features == built[uuid]
        assert {"kind", "azimuth_deg", "distance_m"} == set(features[0])


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


def test_an_interrupted_run_keeps_the_register_that_was_there(tmp_path, monkeypatch):
    path = tmp_path / "dijie.gpkg"
    register = create_register(path)
    with register.writing() as connection:
        kept = register.insert(connection, "place", {"name": "弥河"})
    register.close()
    monkeypatch.setattr("layers.reference.demonstration.writing.build", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_demonstration(path, overwrite=True)
    register = open_register(path)
    with register.reading() as connection:
        assert register.frame(connection, "place")["uuid"].tolist() == [kept]
    register.close()


def test_a_register_is_replaced_when_asked(tmp_path, monkeypatch, frames):
    path = tmp_path / "dijie.gpkg"
    create_register(path).close()
    monkeypatch.setattr("layers.reference.demonstration.writing.build", lambda *_: frames)
    write_demonstration(path, overwrite=True)
    assert pyogrio.read_info(path, layer="place")["features"] == 51_991
    path.write_text("letters")
    with pytest.raises(DijieError):
        write_demonstration(path, overwrite=True)
    assert path.read_text() == "letters"


def test_a_register_is_not_overwritten_unasked(written):
    with pytest.raises(Conflict):
        write_demonstration(str(written[0]))
    register = open_register(str(written[0]))
    with register.reading() as connection:
        assert len(register.frame(connection, "tripoint")) == 30
    register.close()
