"""Figures of the place names over HTTP."""

from __future__ import annotations

import io
import json
import re

import openpyxl
from flask.testing import FlaskClient


def test_the_page_has_every_figure_in_a_table_and_the_charts_as_data(client: FlaskClient) -> None:
    page = client.get("/statistics?lang=en").text
    assert "51,991" in page
    assert page.count("<table") >= 7
    found = re.search(r'id="figures">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    figures = json.loads(found[1])
    assert figures == client.get("/api/statistics/place-names").json
    assert sum(one["count"] for one in figures["majors"]) == figures["total"]
    assert figures["findings"]["days"] == []
    for chart in ("majors", "counties", "periods", "generics", "fields"):
        assert f'data-chart="{chart}"' in page
    assert 'data-chart="findings"' not in page


def test_the_workbook_opens(client: FlaskClient) -> None:
    answer = client.get("/api/statistics/place-names.xlsx?lang=en")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames[0] == "Summary"
    assert book["Summary"]["B2"].value == 51_991
    book.close()


def test_what_the_address_does_not_know_is_refused(client: FlaskClient) -> None:
    for address in ("/statistics?x=1", "/api/statistics/place-names?x=1", "/api/statistics/place-names.xlsx?x=1"):
        assert client.get(address).status_code == 400
