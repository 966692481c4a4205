"""An import killed at any moment leaves the register as it was before, or as it is after: never between."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from layers.register import check_register, create_register, open_register

PROCESSES, MOMENTS = 2, 155
ROOT = Path(__file__).resolve().parents[3]


def some(demonstration: Path, target: Path, count: int) -> None:
    """A small register: counties and villages."""
    with open_register(demonstration) as source, source.reading() as connection:
        division = source.frame(connection, "division")
        frames = {
            "division": division[division["level"].isin(["city", "county"])],
            "division_area": source.frame(connection, "division_area"),
        }
        places = source.frame(connection, "place")
    villages = places[(places["class_code"] == "22200") & places["county_code"].notna()].iloc[:count]
    with create_register(target) as made, made.writing() as connection:
        made.load(connection, frames)
        made.merge(connection, "place", villages.drop(columns=["fid", "version", "changed"]))


def test_killed_at_hundreds_of_moments(demonstration: Path, tmp_path: Path) -> None:
    some(demonstration, tmp_path / "before.gpkg", 600)
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.layers.ingest.killing", str(tmp_path), str(MOMENTS), str(seed)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for seed in range(PROCESSES)
    ]  # fmt: skip
    before = after = 0
    for process in running:
        out, err = process.communicate(timeout=600)
        assert process.returncode == 0, err
        counted = out.split()
        before, after = before + int(counted[0]), after + int(counted[1])
    assert before + after == PROCESSES * MOMENTS >= 300
    assert before > PROCESSES * MOMENTS // 4  # the moments are spread over the writing, not behind it
    assert after > 0


def test_the_command_killed_while_it_works(demonstration: Path, tmp_path: Path) -> None:
    """The whole process, from reading on, with the process that reads the file."""
    register = tmp_path / "register.gpkg"
    some(demonstration, register, 50)
    rows = "".join(f"\u65b0{one}\u6751,22200,{118.4 + one * 1e-5:.5f},36.7\n" for one in range(4000))
    (tmp_path / "names.csv").write_text("name,class_code,lon,lat\n" + rows, encoding="utf-8")
    command = ["import", "place-names", str(tmp_path / "names.csv"), "--register", str(register)]
    chance = random.Random(7)
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", "from web.cli import main; main()", *command],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(chance.uniform(0.5, 4.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert not [flaw for flaw in check_register(register) if flaw.severity == "error"]
        with open_register(register) as opened, opened.reading() as connection:
            assert len(opened.frame(connection, "place", columns=["uuid"])) in (50, 4050)
