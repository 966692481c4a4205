"""Files from the field in the office: waiting where there are too many jobs, forgotten where they stop too long."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from layers.access import Editor, Reader
from layers.office import Office, field_files, open_office
from layers.office.jobs import MOST_WAITING, cancel

WANG = Editor("wang", Reader(frozenset({"surveyor"}), None, "370703"))
ZHAO = Editor("zhao", Reader(frozenset({"surveyor"}), None, "370724"))
BOSS = Editor("boss", Reader(frozenset({"administrator"})))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "a.office.sqlite") as opened:
        yield opened


def received(office: Office, number: int, editor: Editor = WANG) -> field_files.KeptFile:
    kept, _ = field_files.receive(office, name=f"{number}.gpx", sha256=f"{number:064}", size=5, editor=editor)
    return kept


def test_more_files_than_jobs_may_wait(office: Office) -> None:
    kept = [received(office, number) for number in range(MOST_WAITING + 2)]
    assert [one.job is None for one in kept] == [False] * MOST_WAITING + [True] * 2
    assert {one.state for one in kept} == {"received"}
    field_files.put_in_waiting(office, editor=WANG)
    assert field_files.find(office, kept[-1].uuid, editor=WANG).job is None
    first = kept[0].job
    assert first is not None
    cancel(office, first.uuid, editor=WANG)
    field_files.put_in_waiting(office, editor=WANG)
    assert field_files.find(office, kept[-2].uuid, editor=WANG).job is not None
    assert field_files.find(office, kept[-1].uuid, editor=WANG).job is None
    assert field_files.find(office, kept[0].uuid, editor=WANG).state == "failed"


def test_each_sees_their_own(office: Office) -> None:
    mine, theirs = received(office, 1), received(office, 1, ZHAO)
    assert mine.uuid != theirs.uuid, "what another has sent is not given away"
    assert [one.uuid for one in field_files.listed(office, editor=WANG)] == [mine.uuid]
    assert len(field_files.listed(office, editor=BOSS)) == 2
    with pytest.raises(field_files.UnknownFieldFile):
        field_files.find(office, theirs.uuid, editor=WANG)
    assert field_files.find(office, theirs.uuid, editor=BOSS) == theirs


def test_what_is_read_stays_until_it_is_read_again(office: Office) -> None:
    kept = received(office, 1)
    field_files.settle(office, kept.uuid, outcome="refused", summary={"counts": {}}, result="a" * 64)
    assert kept.job is not None
    cancel(office, kept.job.uuid, editor=WANG)
    assert field_files.find(office, kept.uuid, editor=WANG).state == "refused"
    again = field_files.read_again(office, kept.uuid, crs=4549, editor=WANG)
    assert (again.state, again.crs, again.result) == ("received", 4549, "a" * 64)
    with pytest.raises(field_files.FieldFileBusy):
        field_files.read_again(office, kept.uuid, crs=None, editor=WANG)
    assert field_files.results_kept(office) == {"a" * 64}


def test_uploads_that_stop_are_forgotten(office: Office) -> None:
    old = field_files.begin_upload(office, name="a.gpx", size=5, editor=WANG)
    new = field_files.begin_upload(office, name="b.gpx", size=5, editor=WANG)
    with office.writing() as connection:
        table = field_files.FIELD_UPLOAD
        connection.execute(update(table).where(table.c.uuid == old.uuid).values(expires="2020-01-01T00:00:00.000Z"))
    assert field_files.expired_uploads(office) == [old.uuid]
    assert [one.uuid for one in field_files.open_uploads(office, editor=WANG)] == [new.uuid]
    with pytest.raises(field_files.UnknownFieldFile):
        field_files.find_upload(office, new.uuid, editor=ZHAO)
    kept, again = field_files.receive(office, name="b.gpx", sha256="b" * 64, size=5, editor=WANG, upload=new.uuid)
    assert (kept.name, again) == ("b.gpx", False)
    assert field_files.open_uploads(office, editor=WANG) == []
    assert field_files.receive(office, name="b.gpx", sha256="b" * 64, size=5, editor=WANG, upload=new.uuid)[0] == kept
