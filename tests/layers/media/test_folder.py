"""A folder of files by content: whole or not at all, once, and swept without harm."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from layers.media import FileTooLarge, Folder, MediaUnavailable, UnknownFile

TEXT = "地界".encode() * 100_000


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "files" / "uploads")


def everything(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "files").rglob("*") if path.is_file() and path.name != ".lock"]


def test_a_file_is_found_by_its_content(folder: Folder, tmp_path: Path) -> None:
    stored = folder.put(io.BytesIO(TEXT))
    assert stored.sha256 == hashlib.sha256(TEXT).hexdigest()
    assert stored.size == len(TEXT)
    assert folder.path(stored.sha256).read_bytes() == TEXT
    with folder.open(stored.sha256) as file:
        assert file.read() == TEXT
    assert folder.put(io.BytesIO(TEXT)) == stored
    assert len(everything(tmp_path)) == 1


def test_nothing_is_left_of_a_file_that_is_too_large_or_breaks_off(folder: Folder, tmp_path: Path) -> None:
    with pytest.raises(FileTooLarge) as raised:
        folder.put(io.BytesIO(b"x" * 3_000_000), most=2_000_000)
    assert raised.value.params["most"] == 2

    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 500_000:
                raise ConnectionResetError
            return super().read(size)

    with pytest.raises(ConnectionResetError):
        folder.put(Broken(b"x" * 3_000_000))
    assert everything(tmp_path) == []


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "a" * 63, "G" * 64, "a" * 64, "/" + "a" * 63])
def test_what_is_no_digest_is_no_file(folder: Folder, name: str) -> None:
    folder.put(io.BytesIO(b"x"))
    assert name not in folder
    for ask in (folder.path, folder.open):
        with pytest.raises(UnknownFile):
            ask(name)


def test_a_sweep_takes_what_nobody_refers_to_and_is_old_enough(folder: Folder, tmp_path: Path) -> None:
    kept, gone, young = (folder.put(io.BytesIO(text)) for text in (b"kept", b"gone", b"young"))
    for stored in (kept, gone):
        os.utime(folder.path(stored.sha256), (1, 1))
    with folder.open(gone.sha256) as reading:
        assert folder.sweep({kept.sha256}) == 1
        assert reading.read() == b"gone"
    assert kept.sha256 in folder
    assert young.sha256 in folder
    assert gone.sha256 not in folder
    assert Folder(tmp_path / "none").sweep(set()) == 0


def test_putting_an_old_file_again_makes_it_young(folder: Folder) -> None:
    stored = folder.put(io.BytesIO(b"again"))
    os.utime(folder.path(stored.sha256), (1, 1))
    folder.put(io.BytesIO(b"again"))
    assert folder.sweep(set()) == 0
    assert stored.sha256 in folder


def test_a_forgotten_incoming_file_goes_after_a_day(folder: Folder, tmp_path: Path) -> None:
    folder.put(io.BytesIO(b"x"))
    left = tmp_path / "files" / "uploads" / ".incoming" / "left"
    left.write_bytes(b"half")
    folder.sweep(set())
    assert left.exists()
    os.utime(left, (1, 1))
    folder.sweep(set())
    assert not left.exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(MediaUnavailable):
        Folder(tmp_path / "file" / "uploads").put(io.BytesIO(b"x"))


PROCESS = """
import io, sys, random
from pathlib import Path
from layers.media import Folder
folder = Folder(Path(sys.argv[1]))
random.seed(int(sys.argv[2]))
for _ in range(150):
    content = str(random.randrange(12)).encode() * 40_000
    stored = folder.put(io.BytesIO(content))
    with folder.open(stored.sha256) as file:
        assert file.read() == content
    folder.sweep(set(), older_than_s=5)
"""


def test_processes_put_read_and_sweep_at_once(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", PROCESS, str(tmp_path), str(number)], stderr=subprocess.PIPE)
        for number in range(3)
    ]
    for process in processes:
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said.decode()


WRITER = """
import io, sys, time
from pathlib import Path
from layers.media import Folder
class Slow(io.BytesIO):
    def read(self, size=-1):
        print("reading", flush=True)
        time.sleep(0.05)
        return super().read(size)
Folder(Path(sys.argv[1])).put(Slow(b"y" * 50_000_000))
"""


def test_a_killed_writer_leaves_no_half_file(tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    for _ in range(5):
        writer.stdout.readline()
    time.sleep(0.1)
    writer.kill()
    writer.communicate()
    named = [path for path in tmp_path.rglob("*") if path.is_file() and len(path.name) == 64]
    assert named == []
    assert Folder(tmp_path).put(io.BytesIO(b"after")).size == 5
