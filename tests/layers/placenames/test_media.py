"""Pictures of places on both homes: who sees them, who changes them, what an undo brings back."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from layers.access import ADMINISTRATOR, LOCAL_EDITOR, PUBLIC, Editor, NotAllowed, OutOfReach, Reader
from layers.features import UnknownFeature
from layers.history import Query, changes, undo
from layers.media import FileTooLarge, UnknownFile
from layers.media.kinds import UnknownMedium
from layers.placenames.media import (
    BadMedium,
    MediaStore,
    Medium,
    MediumConflict,
    MediumRepeated,
    UnknownMediumId,
    UnknownOwner,
    add_medium,
    change_medium,
    media_of,
    order_media,
    readable,
    remove_medium,
    sweep,
)
from tests.layers.history.conftest import Small
from tests.layers.media.test_pictures import picture, sound

ADMIN = LOCAL_EDITOR("admin")
CLERK = Editor("clerk", Reader(frozenset({"clerk"})))


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore.of(tmp_path / "files")


def put(
    small: Small, store: MediaStore, content: bytes, owner: str = "place", key: str = "place", editor: Editor = ADMIN
) -> Medium:
    with store.files.incoming(most=20_000_000) as incoming:
        incoming.write(content)
        return add_medium(small.index, store, incoming, owner, small.ids[key], title="图", editor=editor)


def test_kept_listed_read_and_taken_away(small: Small, store: MediaStore) -> None:
    place = small.ids["place"]
    first = put(small, store, picture())
    second = put(small, store, sound(), editor=CLERK)
    assert (first.kind, first.mime, first.width, first.height, first.taken_on) == (
        "image", "image/jpeg", 60, 40, "2021-05-06",
    )  # fmt: skip
    assert (second.kind, second.mime, second.sort) == ("sound", "audio/wav", 2)
    assert [one.uuid for one in media_of(small.index, "place", place, reader=PUBLIC)] == [first.uuid, second.uuid]
    assert b"CameraMaker" not in store.files.path(first.sha256).read_bytes()
    assert readable(small.index, first.sha256, reader=PUBLIC).uuid == first.uuid
    order_media(small.index, "place", place, [second.uuid, first.uuid], editor=CLERK)
    assert [one.uuid for one in media_of(small.index, "place", place, reader=PUBLIC)] == [second.uuid, first.uuid]
    with pytest.raises(BadMedium):
        order_media(small.index, "place", place, [second.uuid], editor=CLERK)
    with pytest.raises(MediumRepeated):
        put(small, store, picture())
    changed = change_medium(small.index, first.uuid, {"credit": "某某"}, version=2, editor=CLERK)
    assert (changed.credit, changed.title) == ("某某", "图")
    with pytest.raises(MediumConflict):
        change_medium(small.index, first.uuid, {"credit": "x"}, version=1, editor=CLERK)
    with pytest.raises(BadMedium):
        change_medium(small.index, first.uuid, {"sha256": "0" * 64}, version=3, editor=CLERK)
    seq = remove_medium(small.index, first.uuid, version=3, editor=CLERK)
    with pytest.raises(UnknownFile):
        readable(small.index, first.sha256, reader=ADMINISTRATOR)
    assert sweep(small.index, store, older_than_s=-1) == 0  # the history still needs it
    undo(small.index, seq, editor=CLERK)
    assert readable(small.index, first.sha256, reader=PUBLIC).credit == "某某"
    found = changes(small.index, Query(layer="place-names", uuid=place), reader=ADMINISTRATOR).entries
    assert {entry.table for entry in found} == {"place", "medium"}


def test_files_that_nobody_refers_to_go(small: Small, store: MediaStore) -> None:
    kept = put(small, store, picture())
    orphan = store.files.put(io.BytesIO(sound()))
    assert sweep(small.index, store) == 0  # too young: somebody may be about to refer to it
    assert sweep(small.index, store, older_than_s=-1) == 1
    assert orphan.sha256 not in store.files
    assert kept.sha256 in store.files


def test_media_are_as_secret_as_their_owner_and_may_be_more(small: Small, store: MediaStore) -> None:
    secret = put(small, store, picture(size=(61, 40)), key="secret")
    internal = put(small, store, picture(size=(62, 40)), key="internal")
    for one, reader in ((secret, PUBLIC), (secret, CLERK.reader), (internal, PUBLIC)):
        with pytest.raises(UnknownFile):
            readable(small.index, one.sha256, reader=reader)
        with pytest.raises(UnknownFeature):
            media_of(small.index, "place", one.owner_uuid, reader=reader)
    assert readable(small.index, internal.sha256, reader=CLERK.reader).uuid == internal.uuid
    far = Reader(frozenset({"clerk"}), frozenset({"370781"}))
    with pytest.raises(UnknownFile):  # internal, and not of the reader's counties
        readable(small.index, internal.sha256, reader=far)
    own = put(small, store, picture(size=(63, 40)))
    change_medium(small.index, own.uuid, {"secrecy": "internal"}, version=1, editor=CLERK)
    assert media_of(small.index, "place", small.ids["place"], reader=PUBLIC) == ()
    with pytest.raises(UnknownFile):
        readable(small.index, own.sha256, reader=PUBLIC)
    with pytest.raises(BadMedium):
        change_medium(small.index, own.uuid, {"secrecy": "secret"}, version=2, editor=CLERK)
    # the same file of a public place is public
    put(small, store, picture(size=(63, 40)), owner="place", key="internal")
    with pytest.raises(UnknownFile):
        readable(small.index, own.sha256, reader=PUBLIC)


def test_who_may_change(small: Small, store: MediaStore) -> None:
    viewer = Editor("v", Reader(frozenset({"viewer"})))
    with pytest.raises(NotAllowed):
        put(small, store, picture(), editor=viewer)
    with pytest.raises(OutOfReach):
        put(small, store, picture(), editor=Editor("far", Reader(frozenset({"clerk"}), frozenset({"370724"}))))
    with pytest.raises(UnknownFeature):
        put(small, store, picture(), key="secret", editor=CLERK)
    with pytest.raises(UnknownOwner):
        put(small, store, picture(), owner="facility", key="facility")
    with pytest.raises(UnknownMedium):
        put(small, store, b"<svg/>")
    with pytest.raises(FileTooLarge):
        put(small, store, bytes(20_000_001))
    with pytest.raises(UnknownMediumId):
        remove_medium(small.index, small.ids["place"], version=1, editor=ADMIN)
    secret = put(small, store, picture(), key="secret")
    with pytest.raises((UnknownFeature, UnknownMediumId)):
        remove_medium(small.index, secret.uuid, version=1, editor=CLERK)
    assert list((store.files.path(secret.sha256).parent.parent / ".incoming").iterdir()) == []
