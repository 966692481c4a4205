"""Pictures and sounds over HTTP: sent in, served whole and in parts, hidden with their owner."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from tests.layers.media.test_pictures import picture, sound
from tests.web.people import Person
from web.app import create_app
from web.settings import Settings


@pytest.fixture(scope="module")
def app(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    path = tmp_path_factory.mktemp("media") / "own.gpkg"
    subprocess.run(["cp", str(demonstration), str(path)], check=True)
    return create_app(Settings(register=str(path)))


@pytest.fixture
def clerk(app: Flask) -> Person:
    return Person(app, "clerk", ("clerk",))


def place(app: Flask, number: int) -> str:
    return str(app.extensions["dijie"].index.layer("place-names").uuid[number])


def sent(person: Person, uuid: str, content: bytes, name: str = "x.html", **more: str):
    data = {"file": (io.BytesIO(content), name), "title": "示例图", **more}
    return person.send(f"/api/media/place/{uuid}", data=data, content_type="multipart/form-data")


def test_a_picture_is_sent_in_and_served(app: Flask, clerk: Person) -> None:
    uuid = place(app, 3000)
    made = sent(clerk, uuid, picture(size=(900, 600)), credit="示例")
    assert made.status_code == 201, made.text
    one = made.get_json()
    assert (one["kind"], one["width"], one["title"], one["credit"]) == ("image", 900, "示例图", "示例")
    public = app.test_client()
    assert [each["uuid"] for each in public.get(f"/api/media/place/{uuid}").get_json()["media"]] == [one["uuid"]]
    whole = public.get(one["url"])
    assert (whole.status_code, whole.mimetype) == (200, "image/jpeg")
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["Content-Disposition"].startswith("inline")
    assert whole.headers["Cache-Control"] == "no-cache"
    tag = whole.headers["ETag"]
    assert tag == f'"{one["sha256"]}"'  # a strong one
    assert public.get(one["url"], headers={"If-None-Match": tag}).status_code == 304
    small = public.get(one["small"])
    assert len(small.data) < len(whole.data)
    assert small.headers["ETag"] != tag
    assert public.get(one["url"] + "?size=77").status_code == 400
    assert public.get("/media/" + "0" * 64).status_code == 404
    assert public.get("/media/..%2f..%2fetc%2fpasswd").status_code == 404
    gone = clerk.send(f"/api/media/items/{one['uuid']}", method="DELETE", json={"version": 1})
    assert gone.status_code == 200
    assert public.get(one["url"]).status_code == 404


def test_a_player_gets_parts_of_a_sound(app: Flask, clerk: Person) -> None:
    one = sent(clerk, place(app, 3001), sound(), "evil.exe").get_json()
    part = app.test_client().get(one["url"], headers={"Range": "bytes=8-11"})
    assert (part.status_code, part.data, part.mimetype) == (206, b"WAVE", "audio/wav")
    assert part.headers["Content-Range"].startswith("bytes 8-11/")
    assert one["small"] is None
    assert app.test_client().get(one["url"], headers={"Range": "bytes=999999-"}).status_code == 416


def test_what_is_no_picture_is_refused_whatever_it_is_called(app: Flask, clerk: Person) -> None:
    uuid = place(app, 3002)
    for content in (b"<svg xmlns='x'><script/></svg>", b"GIF89a" + bytes(30), b"\xff\xd8\xff\xe0broken"):
        answer = sent(clerk, uuid, content, "photo.jpg")
        assert answer.status_code == 400
        assert answer.get_json()["code"] in ("unknown-medium", "broken-picture")
    assert sent(clerk, uuid, b"", "photo.jpg").get_json()["code"] == "bad-upload"
    # written by hand: the client would put so large a file on the disk and forget to close it
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    body = head + bytes(20_000_100) + b"\r\n--x--\r\n"
    large = clerk.send(f"/api/media/place/{uuid}", data=body, content_type="multipart/form-data; boundary=x")
    assert (large.status_code, large.get_json()["code"]) == (413, "stream-too-large")
    assert clerk.send(f"/api/media/place/{uuid}", data={"title": "x"}).status_code == 400
    assert clerk.get(f"/api/media/place/{uuid}").get_json()["media"] == []
    incoming = Path(app.extensions["dijie"].settings.files_folder) / "media" / ".incoming"
    assert list(incoming.iterdir()) == []


def test_only_with_a_role_and_with_the_mark(app: Flask, clerk: Person) -> None:
    uuid = place(app, 3003)
    assert sent(Person(app, "viewer", ("viewer",)), uuid, picture()).status_code == 403
    data = {"file": (io.BytesIO(picture()), "x.jpg")}
    unmarked = clerk.client.post(f"/api/media/place/{uuid}", data=data, content_type="multipart/form-data")
    assert unmarked.status_code == 403 or unmarked.status_code == 400
    assert clerk.get(f"/api/media/place/{uuid}").get_json()["media"] == []


def test_words_and_order(app: Flask, clerk: Person) -> None:
    uuid = place(app, 3004)
    first, second = (sent(clerk, uuid, picture(size=(40 + n, 30))).get_json() for n in range(2))
    order = clerk.send(
        f"/api/media/place/{uuid}/order", method="PUT", json={"order": [second["uuid"], first["uuid"]]}
    ).get_json()
    assert [one["uuid"] for one in order["media"]] == [second["uuid"], first["uuid"]]
    body = {"values": {"title": "新题"}, "version": 2}
    assert clerk.send(f"/api/media/items/{first['uuid']}", method="PUT", json=body).get_json()["title"] == "新题"
    assert clerk.send(f"/api/media/items/{first['uuid']}", method="PUT", json=body).status_code == 409
    hidden = {"values": {"is_public": False}, "version": 3}
    assert clerk.send(f"/api/media/items/{first['uuid']}", method="PUT", json=hidden).status_code == 200
    assert app.test_client().get(first["url"]).status_code == 404
    assert clerk.get(first["url"]).status_code == 200
