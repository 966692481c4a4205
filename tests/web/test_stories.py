"""The pages of stories: read by everybody, written by clerks, drafts for those alone."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from tests.layers.media.test_pictures import picture
from tests.web.people import Person
from tests.web.test_media import sent as sent_to_place
from web.app import create_app
from web.settings import Settings


@pytest.fixture(scope="module")
def app(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    path = tmp_path_factory.mktemp("stories") / "own.gpkg"
    subprocess.run(["cp", str(demonstration), str(path)], check=True)
    return create_app(Settings(register=str(path)))


def test_the_demonstration_s_placeholders_are_listed_and_say_so(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/stories?lang=zh").text
    assert page.count('class="card story-card"') == 12
    assert page.count("示例：") >= 12
    assert client.get("/stories?county=370781").text.count('class="card story-card"') == 1
    assert client.get("/stories?q=没有这样的词").text.count('class="card story-card"') == 0
    assert client.get("/stories?page=0").status_code == 200
    assert client.get("/stories?nothing=1").status_code == 400
    uuid = str(app.extensions["dijie"].index.layer("stories").uuid[0])
    one = client.get(f"/stories/{uuid}").text
    assert "<h2>这是示例</h2>" in one
    assert 'href="/?pick=place-names:' in one
    assert "/edit" not in one
    assert client.get("/stories/00000000-0000-0000-0000-000000000000").status_code == 404
    for path in ("/stories/new", f"/stories/{uuid}/edit"):
        assert client.get(path).status_code in (303, 401)
    assert client.post("/api/stories/preview", json={"body": "x"}).status_code in (400, 401, 403)


def test_a_clerk_writes_a_draft_adds_a_picture_and_publishes(app: Flask) -> None:
    clerk, public = Person(app, "clerk", ("clerk",)), app.test_client()
    assert clerk.get("/stories/new").status_code == 200
    values = {"title": "示例新篇", "body": "# 节\n\n文 <script>x</script>", "state": "draft"}
    made = clerk.send("/api/records/stories", json={"values": values, "why": "test"})
    assert made.status_code == 201, made.text
    uuid = made.get_json()["uuid"]
    assert public.get(f"/stories/{uuid}").status_code == 404
    assert "示例新篇" not in public.get("/stories").text
    assert "示例新篇" in clerk.get("/stories").text
    data = {"file": (io.BytesIO(picture()), "p.jpg"), "title": "图"}
    medium = clerk.send(f"/api/media/article/{uuid}", data=data, content_type="multipart/form-data").get_json()
    assert public.get(medium["url"]).status_code == 404  # of a draft
    text = f"{values['body']}\n\n![图](/media/{medium['sha256']})"
    shown = clerk.send("/api/stories/preview", json={"body": text, "uuid": uuid}).get_json()["html"]
    assert f"/media/{medium['sha256']}?size=1280" in shown
    assert "<script>" not in shown
    assert "<img" not in clerk.send("/api/stories/preview", json={"body": text}).get_json()["html"]
    saved = clerk.send(
        f"/api/records/stories/{uuid}", method="PUT",
        json={"values": {"body": text, "state": "published"}, "version": 1},
    )  # fmt: skip
    assert saved.status_code == 200, saved.text
    page = public.get(f"/stories/{uuid}").text
    assert f"/media/{medium['sha256']}?size=1280" in page
    assert "&lt;script&gt;" in page
    assert public.get(medium["url"]).status_code == 200
    assert clerk.get(f"/stories/{uuid}/edit").status_code == 200
    assert Person(app, "viewer", ("viewer",)).get(f"/stories/{uuid}/edit").status_code == 403


def test_a_place_s_card_has_its_stories_signs_attributes_and_pictures(app: Flask) -> None:
    clerk, public = Person(app, "clerk", ("clerk",)), app.test_client()
    index = app.extensions["dijie"].index
    every = public.get("/api/stories").get_json()["stories"]
    story = next(one for one in every if one["title"].startswith("示例："))
    place = public.get(f"/api/features/stories/{story['uuid']}").get_json()["properties"]["place_uuid"]
    found = public.get(f"/api/features/place-names/{place}").get_json()
    assert [one["uuid"] for one in found["stories"]] == [story["uuid"]]
    signs = index.layer("place-signs")
    street = str(signs["place_uuid"].values([0])[0])
    assert public.get(f"/api/features/place-names/{street}").get_json()["signs"][0]["kind"]["en"]
    reservoirs = public.get("/api/search?q=水库&limit=5").get_json()["items"]
    uuid = next(one["uuid"] for one in reservoirs if one["layer"] == "place-names")
    before = public.get(f"/api/features/place-names/{uuid}").get_json()["properties"]
    assert before["class_code"] == "24230"
    body = {"values": {"attributes": {"area_km2": 3.5, "size": "medium"}}, "version": before["version"]}
    assert clerk.send(f"/api/records/place-names/{uuid}", method="PUT", json=body).status_code == 200
    shown = public.get(f"/api/features/place-names/{uuid}").get_json()["attributes"]
    assert (shown[0]["title"]["zh"], shown[0]["value"], shown[0]["unit"]) == ("面积", 3.5, "km²")
    assert shown[1]["text"] == {"zh": "中型", "en": "Medium"}
    wrong = {"values": {"attributes": {"area_km2": -1}}, "version": before["version"] + 1}
    answer = clerk.send(f"/api/records/place-names/{uuid}", method="PUT", json=wrong)
    assert [one["field"] for one in answer.get_json()["findings"] if one["severity"] == "error"] == [
        "attributes.area_km2"
    ]
    assert sent_to_place(clerk, street, picture(size=(80, 40))).status_code == 201
    assert len(public.get(f"/api/features/place-names/{street}").get_json()["media"]) == 1
