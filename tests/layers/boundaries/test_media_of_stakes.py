"""Pictures of lines, stakes and tripoints belong to the counties of theirs; who adds one takes it back."""

from __future__ import annotations

import pytest
import shapely

from layers.access import Editor, OutOfReach, Reader
from layers.history import undo
from layers.placenames.media import MediaStore, add_medium, media_of
from tests.layers.history.conftest import Small
from tests.layers.media.test_pictures import picture


def surveyor(side: str) -> Editor:
    return Editor(f"of-{side}", Reader(frozenset({"surveyor"}), scope=frozenset({side}), side=side))


@pytest.mark.parametrize("owner", ["stake", "line"])
def test_a_surveyor_of_either_side_adds_a_picture_and_takes_it_back(small: Small, tmp_path, owner: str) -> None:
    store = MediaStore.of(tmp_path)
    uuid = small.ids[owner]

    def add(editor: Editor, size: int) -> None:
        with store.files.incoming(most=1_000_000) as incoming:
            incoming.write(picture(size=(size, 40)))
            add_medium(small.index, store, incoming, owner, uuid, editor=editor)

    with pytest.raises(OutOfReach):
        add(surveyor("370702"), 40)
    for number, side in enumerate(("370781", "370724"), start=1):
        add(surveyor(side), 40 + number)
        seq = small.last_seq()
        assert len(media_of(small.index, owner, uuid, reader=surveyor(side).reader)) == 1
        undo(small.index, seq, editor=surveyor(side))
        assert media_of(small.index, owner, uuid, reader=surveyor(side).reader) == ()


def test_a_picture_of_a_tripoint_belongs_to_its_three_counties(small: Small, tmp_path) -> None:
    with small.register.writing() as connection:
        values = {"name": "甲–乙–丙", "codes": "370302,370724,370781", "geom": shapely.Point(119, 37)}
        tripoint = small.register.insert(connection, "tripoint", values)
    store = MediaStore.of(tmp_path)
    with store.files.incoming(most=1_000_000) as incoming:
        incoming.write(picture())
        administrator = Editor("shi", Reader(frozenset({"administrator"}), scope=frozenset({"370302"})))
        add_medium(small.index, store, incoming, "tripoint", tripoint, editor=administrator)
    assert len(media_of(small.index, "tripoint", tripoint, reader=Reader())) == 1
