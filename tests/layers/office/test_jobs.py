"""Jobs: taken once, told apart by person, cancelled, lost and found, on both homes of the office."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from gis.errors import N_, Invalid
from layers.access import Editor, Reader
from layers.office import Office, claims, jobs, open_office
from layers.office.jobs import JOB, MOST_WAITING, TooManyJobs, UnknownJob
from tests.postgis import PostGis, postgis

__all__ = ["postgis"]

CLERK = Editor("liu", Reader(frozenset({"clerk"}), frozenset({"370781"})))
OTHER = Editor("wang", Reader(frozenset({"surveyor"}), side="370724"))
CHIEF = Editor("chief", Reader(frozenset({"administrator"})))
WORKER = claims.worker_name(1)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgis"))])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "dijie.office.sqlite")
    server: PostGis = request.getfixturevalue("postgis")
    return server.database("office_jobs")


@pytest.fixture
def office(address: str) -> Iterator[Office]:
    with open_office(address) as found:
        yield found


def state(office: Office, uuid: str) -> jobs.Job:
    return jobs.find(office, uuid, editor=CHIEF)


def test_a_job_runs_from_queued_to_done(office: Office) -> None:
    job = jobs.submit(office, "export", {"layer": "stakes"}, editor=CLERK)
    assert (job.state, job.share, job.editor) == ("queued", 0.0, CLERK)
    taken = claims.claim(office, WORKER)
    assert taken is not None
    assert taken.uuid == job.uuid
    assert taken.params == {"layer": "stakes"}
    assert claims.claim(office, WORKER) is None
    assert claims.progress(office, taken, 0.5, "Writing", part={"rows": 3})
    half = state(office, job.uuid)
    assert (half.state, half.share, half.phase, half.result) == ("running", 0.5, "Writing", {"rows": 3})
    claims.log(office, taken, N_("%(count)s rows are read."), count=3)
    assert claims.finish(office, taken, {"rows": 7}, expires=jobs.now(60))
    done = state(office, job.uuid)
    assert (done.state, done.share, done.result, done.is_open) == ("done", 1.0, {"rows": 7}, False)
    assert done.ended is not None
    assert [(line.template, line.params) for line in jobs.log_of(office, job.uuid)] == [
        ("%(count)s rows are read.", {"count": 3})
    ]


def test_the_longest_waiting_goes_first_and_unknown_kinds_wait(office: Office) -> None:
    first = jobs.submit(office, "strange", {}, editor=CLERK)
    second = jobs.submit(office, "export", {}, editor=CLERK)
    taken = claims.claim(office, WORKER, kinds=["export"])
    assert taken is not None
    assert taken.uuid == second.uuid
    assert state(office, first.uuid).state == "queued"


def test_one_sees_ones_own_and_an_administrator_all(office: Office) -> None:
    mine = jobs.submit(office, "export", {}, editor=CLERK)
    theirs = jobs.submit(office, "export", {}, editor=OTHER)
    assert [job.uuid for job in jobs.listed(office, editor=CLERK)[0]] == [mine.uuid]
    assert {job.uuid for job in jobs.listed(office, editor=CHIEF)[0]} == {mine.uuid, theirs.uuid}
    for act in (jobs.find, jobs.cancel):
        with pytest.raises(UnknownJob):
            act(office, theirs.uuid, editor=CLERK)
        with pytest.raises(UnknownJob):
            act(office, "no-such-job", editor=CHIEF)
    assert state(office, theirs.uuid).state == "queued"


def test_a_page_asks_for_what_is_new(office: Office) -> None:
    first = jobs.submit(office, "export", {}, editor=CLERK)
    _, seq = jobs.listed(office, editor=CLERK)
    assert jobs.listed(office, editor=CLERK, after=seq) == ([], seq)
    jobs.submit(office, "export", {}, editor=OTHER)
    assert jobs.listed(office, editor=CLERK, after=seq)[0] == []
    taken = claims.claim(office, WORKER)
    assert taken is not None
    found, later = jobs.listed(office, editor=CLERK, after=seq)
    assert [job.uuid for job in found] == [first.uuid]
    assert later > seq
    claims.log(office, taken, "line")
    assert [job.uuid for job in jobs.listed(office, editor=CLERK, after=later)[0]] == [first.uuid]


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_is_asked(office: Office) -> None:
    job = jobs.submit(office, "export", {}, editor=CLERK)
    assert jobs.cancel(office, job.uuid, editor=CLERK).state == "cancelled"
    assert claims.claim(office, WORKER) is None
    jobs.submit(office, "export", {}, editor=CLERK)
    taken = claims.claim(office, WORKER)
    assert taken is not None
    assert claims.cancel_asked(office, taken) is None
    assert jobs.cancel(office, taken.uuid, editor=CHIEF).state == "running"
    asked = claims.beat(office, taken)
    assert asked is not None
    assert claims.cancel_asked(office, taken) == asked
    assert claims.cancelled(office, taken)
    assert state(office, taken.uuid).state == "cancelled"
    assert jobs.cancel(office, taken.uuid, editor=CLERK).state == "cancelled"


def test_a_fault_keeps_its_words_for_any_language(office: Office) -> None:
    job = jobs.submit(office, "export", {}, editor=CLERK)
    taken = claims.claim(office, WORKER)
    assert taken is not None
    claims.progress(office, taken, 0.3, "", part={"found": 1})
    error = Invalid("Row %(row)s of %(path)s.", hint="Mend %(path)s.", row=3, path=Path("a.csv"))
    assert claims.fail(office, taken, error)
    failed = state(office, job.uuid)
    assert failed.state == "failed"
    assert failed.error == jobs.Fault(
        "invalid", "Row %(row)s of %(path)s.", "Mend %(path)s.", {"row": 3, "path": "a.csv"}
    )
    assert failed.result == {"found": 1}


def silence(office: Office, uuid: str, seconds: float) -> None:
    with office.writing() as connection:
        connection.execute(update(JOB).where(JOB.c.uuid == uuid).values(heartbeat=jobs.now(-seconds), claimed_by="x"))


def test_who_says_nothing_for_half_a_minute_is_lost_and_not_heard_again(office: Office) -> None:
    jobs.submit(office, "export", {}, editor=CLERK)
    first = claims.claim(office, WORKER)
    assert first is not None
    silence(office, first.uuid, 25)
    assert claims.lost(office) == []
    silence(office, first.uuid, 31)
    lost = claims.lost(office)
    assert [job.uuid for job in lost] == [first.uuid]
    assert claims.requeue(office, lost[0])
    second = claims.claim(office, WORKER)
    assert second is not None
    assert (second.attempts, second.losses) == (2, 1)
    for speak in (
        lambda: claims.progress(office, first, 0.9, ""),
        lambda: claims.finish(office, first, {"who": "the dead"}),
        lambda: claims.cancelled(office, first),
        lambda: claims.requeue(office, first),
    ):
        assert not speak()
    assert claims.finish(office, second, {"who": "the living"})
    assert state(office, first.uuid).result == {"who": "the living"}


def test_a_worker_of_this_machine_that_has_ended_is_lost_at_once(office: Office) -> None:
    jobs.submit(office, "export", {}, editor=CLERK)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    job = claims.claim(office, claims.worker_name(ended.pid))
    assert job is not None
    assert [each.uuid for each in claims.lost(office)] == [job.uuid]


def test_nobody_fills_the_queue(office: Office) -> None:
    for _ in range(MOST_WAITING):
        jobs.submit(office, "export", {}, editor=CLERK)
    with pytest.raises(TooManyJobs):
        jobs.submit(office, "export", {}, editor=CLERK)
    jobs.submit(office, "export", {}, editor=OTHER)
    claims.claim(office, WORKER)
    with pytest.raises(TooManyJobs):
        jobs.submit(office, "export", {}, editor=CLERK)


def test_files_are_forgotten_when_due_and_jobs_after_a_month(office: Office) -> None:
    for expires, digest in ((-1, "a"), (60, "b")):
        jobs.submit(office, "export", {}, editor=CLERK)
        job = claims.claim(office, WORKER)
        assert job is not None
        claims.finish(office, job, {"file": {"sha256": digest}, "count": 3}, expires=jobs.now(expires))
    assert claims.files_kept(office) == {"a", "b"}
    assert claims.expired(office) == 1
    assert claims.files_kept(office) == {"b"}
    assert claims.expired(office) == 0
    found, _ = jobs.listed(office, editor=CLERK)
    assert sorted(len(job.result or {}) for job in found) == [1, 2]
    with office.writing() as connection:
        connection.execute(update(JOB).values(ended=jobs.now(-31 * 86400)))
    claims.expired(office)
    assert jobs.listed(office, editor=CLERK)[0] == []


RACER = """
import os, sys
from layers.office import Office, claims
office = Office(sys.argv[1])
name = claims.worker_name(os.getpid())
claims.has_work(office)
print("ready", flush=True)
sys.stdin.readline()
while (job := claims.claim(office, name)) is not None:
    claims.log(office, job, "ran")
    assert claims.finish(office, job, {"by": os.getpid()})
    print(job.uuid, flush=True)
"""


def test_two_workers_racing_run_each_job_exactly_once(address: str, office: Office) -> None:
    for number in range(200):
        someone = Editor(f"person-{number // 10}", CLERK.reader)
        jobs.submit(office, "export", {"number": number}, editor=someone)
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == b"ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write(b"go\n")
        racer.stdin.flush()
    ran: list[list[str]] = []
    for racer in racers:
        said, complained = racer.communicate(timeout=120)
        assert racer.returncode == 0, complained.decode()
        ran.append(said.decode().split())
    assert len(ran[0]) + len(ran[1]) == 200
    assert all(each for each in ran), "both took part"
    assert set(Counter(ran[0] + ran[1]).values()) == {1}
    found, _ = jobs.listed(office, editor=CHIEF, limit=1000)
    assert {(job.state, job.attempts) for job in found} == {("done", 1)}
    assert all(len(jobs.log_of(office, job.uuid)) == 1 for job in found[:20])
