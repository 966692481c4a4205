"""Reference features of a stake: read from what somebody types, saved in the stake's row, undone with it."""

from __future__ import annotations

import pytest

from layers.access import LOCAL_EDITOR
from layers.boundaries.reference_features import ReferenceFeature, features_of, read_features, save_features
from layers.editing import EditConflict, Refused
from layers.history import undo
from tests.layers.history.conftest import Small

ADMIN = LOCAL_EDITOR("admin")


def test_what_is_typed_is_read_and_empty_rows_go() -> None:
    given = [
        {"kind": " 独立树 ", "azimuth_deg": "20.5", "distance_m": "", "description": None},
        {"kind": "", "azimuth_deg": " "},
        {"kind": "桥头", "azimuth_deg": 0, "distance_m": 12},
    ]
    assert read_features(given) == (ReferenceFeature("独立树", 20.5), ReferenceFeature("桥头", 0.0, 12.0))


def test_what_cannot_stand_is_told_by_row() -> None:
    given = [
        {"kind": "树", "azimuth_deg": "361"}, {"azimuth_deg": 5, "distance_m": -1}, {"kind": "a\nb", "colour": 1},
        {"kind": "d", "distance_m": True},
    ]  # fmt: skip
    with pytest.raises(Refused) as caught:
        read_features(given)
    assert {(note.field, note.finding.rule) for note in caught.value.notes} == {
        ("azimuth_deg-1", "out-of-range"), ("kind-2", "required"), ("distance_m-2", "out-of-range"),
        ("kind-3", "not-a-text"), ("colour-3", "unknown-field"), ("distance_m-4", "out-of-range"),
        ("kind-4", "too-many-features"),
    }  # fmt: skip


def test_what_another_program_has_left_is_left_out() -> None:
    kept = [{"kind": "树", "azimuth_deg": "x", "distance_m": float("nan")}, "y", {"azimuth_deg": 3}]
    assert features_of(kept) == (ReferenceFeature("树"),)
    assert features_of("text") == ()
    assert features_of(None) == ()


def test_they_are_saved_with_the_stake_and_undone(small: Small) -> None:
    stake = small.ids["stake"]
    saved = save_features(small.index, stake, [{"kind": "树", "azimuth_deg": "10"}], version=1, editor=ADMIN)
    assert small.row("stake", stake)["reference_features"] == [{"kind": "树", "azimuth_deg": 10.0}]
    with pytest.raises(EditConflict):
        save_features(small.index, stake, [{"kind": "井"}], version=1, editor=ADMIN)
    assert saved.seq is not None
    undo(small.index, saved.seq, editor=ADMIN)
    assert small.row("stake", stake)["reference_features"] is None
