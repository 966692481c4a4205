"""Whole records: the right ones, in order, with everything that the catalogue says."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from layers.access import PUBLIC
from layers.catalogue import LAYERS
from layers.features import BadLimit, UnknownFeature, feature, frame, listed
from layers.filters import Filters
from layers.index import Index


@pytest.mark.parametrize("key", list(LAYERS))
def test_a_frame_has_the_catalogue_s_fields_and_every_feature(index: Index, key: str) -> None:
    found, seq = frame(index, key, reader=PUBLIC, filters=Filters())
    columns = index.layer(key)
    assert list(found.columns) == [*(field.name for field in LAYERS[key].fields), "geom"]
    assert found.crs.to_epsg() == 4490
    assert seq == columns.seq
    assert set(found["uuid"]) == set(columns.uuid[columns.seen(reader=PUBLIC, asof=Filters().day)])
    assert found.index.tolist() == list(range(len(found)))


@pytest.mark.parametrize(
    "filters",
    [
        Filters(classes=("canteen",), asof=date(2022, 12, 31)),
        Filters(county="370781"),
        Filters(bbox=(118.4, 36.6, 118.6, 36.8), classes=("child_service", "village_aid")),
    ],
)
def test_a_filtered_frame_has_just_those(index: Index, filters: Filters) -> None:
    found, _ = frame(index, "facilities", reader=PUBLIC, filters=filters)
    columns = index.layer("facilities")
    place = [columns.row_of(uuid) for uuid in found["uuid"]]
    assert 0 < len(found) < len(columns)
    assert np.all(np.diff(columns.fid[place]) > 0)
    if filters.classes:
        assert set(found["kind"]) == set(filters.classes)
    if filters.county:
        assert set(found["county_code"]) == {filters.county}
    if filters.bbox:
        assert found.geometry.x.between(118.4, 118.6).all()
    assert found.geometry.x.tolist() == columns.lon[place].tolist()


def test_lines_of_a_batch_carry_their_year(index: Index) -> None:
    found, _ = frame(index, "boundary-lines", reader=PUBLIC, filters=Filters(classes=("batch-2021",)))
    assert found["batch"].tolist() == [2021] * 14
    everything, _ = frame(index, "boundary-lines", reader=PUBLIC, filters=Filters())
    by_uuid = everything.set_index("uuid")["batch"]
    assert [by_uuid[uuid] for uuid in found["uuid"]] == [2021] * 14


def test_one_feature_with_names_and_divisions(index: Index) -> None:
    names = index.frame("place_name")
    places = index.layer("place-names")
    in_a_town = set(places.uuid[places["town_code"].codes >= 0])
    uuid = next(str(uuid) for uuid in names["place_uuid"] if uuid in in_a_town)
    found = feature(index, "place-names", uuid, reader=PUBLIC)
    assert found.record["uuid"] == uuid
    assert [name["name"] for name in found.names] == names.loc[names["place_uuid"] == uuid, "name"].tolist()
    assert found.divisions[found.record["county_code"]]
    assert found.geometry is not None
    assert found.record["source"]


@pytest.mark.parametrize("uuid", ["", "nothing", "00000000-0000-0000-0000-000000000000"])
def test_a_feature_that_is_not_there(index: Index, uuid: str) -> None:
    with pytest.raises(UnknownFeature):
        feature(index, "place-names", uuid, reader=PUBLIC)


def test_a_list_counts_all_and_gives_the_first(index: Index) -> None:
    found = listed(index, "facilities", reader=PUBLIC, filters=Filters(classes=("canteen",)), limit=5)
    assert found.total == 766
    assert len(found.records) == len(found.geometries) == 5
    assert all(record["kind"] == "canteen" for record in found.records)
    for limit in (0, -1, 5001):
        with pytest.raises(BadLimit):
            listed(index, "facilities", reader=PUBLIC, filters=Filters(), limit=limit)
