"""Search by name: inside the process, over HTTP, and the same rows in PostgreSQL with pg_trgm."""

from __future__ import annotations

import random
import re
import time
from urllib.parse import quote

import numpy as np
import psycopg

from benchmarks.client import load, request
from benchmarks.figures import Figure
from benchmarks.processes import serving
from benchmarks.stage import Stage
from benchmarks.timing import percentile
from gis.toponym.bulk import bulk_plain, bulk_search_keys
from layers import days
from layers.access import PUBLIC
from layers.search import SEARCHED, Search

_SEED = 20240331
_QUERY = """
SELECT layer, uuid, name FROM searched
WHERE name ILIKE %(part)s OR full_key LIKE %(part)s OR initials LIKE %(begin)s
ORDER BY (name = %(text)s OR full_key = %(text)s OR initials = %(text)s) DESC,
         (name ILIKE %(begin)s OR full_key LIKE %(begin)s OR initials LIKE %(begin)s) DESC, rank, name
LIMIT 10
"""
_SIMILAR = """
SELECT layer, uuid, name FROM searched
WHERE name %% %(text)s OR full_key %% %(text)s
ORDER BY greatest(similarity(name, %(text)s), similarity(full_key, %(text)s)) DESC, rank, name
LIMIT 10
"""
_CONFUSED = re.compile("(?<=n)g|(?<=[zcs])h")
"""What is left out by who does not tell n from ng, z from zh."""


def measure(stage: Stage) -> list[Figure]:
    """Milliseconds to the ten best answers, each query alone; in each turn ours first and then all of the peer's."""
    asked = queries(stage, 300)
    _table(stage)
    search = Search(stage.index)
    search.preload()
    ours: list[float] = []
    theirs: list[float] = []
    found = found_there = 0
    with psycopg.connect(stage.postgis, autocommit=True, prepare_threshold=1) as connection:
        connection.execute("SET jit = off")
        for turn in range(stage.runs(3) + 1):  # the first turn warms both
            for text in asked:
                began = time.perf_counter()
                hits, _ = search.find(text, reader=PUBLIC, asof=days.today())
                if turn:
                    ours.append((time.perf_counter() - began) * 1000)
                    found += bool(hits)
            for text in asked:
                began = time.perf_counter()
                like = text.replace("%", r"\%").replace("_", r"\_")
                wanted = {"text": text, "begin": f"{like}%", "part": f"%{like}%"}
                rows = connection.execute(_QUERY, wanted).fetchall()
                if not rows:  # misspelt: the nearest by trigrams
                    rows = connection.execute(_SIMILAR, wanted).fetchall()
                if turn:
                    theirs.append((time.perf_counter() - began) * 1000)
                    found_there += bool(rows)
    http = _over_http(stage, asked)
    note = (
        f"{len(asked)} queries: one to four characters, full pinyin, initials, other names, a quarter misspelt, "
        f"misses. Something is found for {found / len(ours):.0%} of them, by the peer for "
        f"{found_there / len(ours):.0%}. Peer: GIN trigram indexes on the same names, pinyin and initials; where "
        "nothing has the text in it, the most similar names."
    )
    http_note = "One connection, one request after the other."
    figures = []
    for part, title in ((0.5, "p50"), (0.95, "p95")):
        figures.append(
            Figure(
                f"search {title}, in the process",
                percentile(ours, part),
                "ms",
                "PostgreSQL pg_trgm",
                percentile(theirs, part),
                most=5 if part > 0.9 else None,
                samples={"ours": ours, "postgresql": theirs},
                note=note if part < 0.9 else "",
            )
        )
        figures.append(
            Figure(
                f"search {title}, over HTTP",
                percentile(http, part),
                "ms",
                "PostgreSQL pg_trgm, no HTTP",
                percentile(theirs, part),
                most=12 if part > 0.9 else None,
                samples={"ours": http},
                note=http_note if part < 0.9 else "",
            )
        )
    return sorted(figures, key=lambda figure: figure.what.split(",")[1])


def _over_http(stage: Stage, asked: list[str]) -> list[float]:
    with serving(stage.register) as server:
        server.wait("/healthz")
        requests = [request(f"/api/search?q={quote(text)}&limit=10") for text in asked]
        load(server.port, requests, connections=4)
        latencies: list[float] = []
        for _ in range(stage.runs(3)):
            found = load(server.port, requests, connections=1)
            assert set(found.statuses) == {200}, found.statuses
            latencies += found.latencies
    return [seconds * 1000 for seconds in latencies]


def queries(stage: Stage, count: int) -> list[str]:
    """A fixed mixture of what people type, taken from the register by chance with a seed."""
    chance = random.Random(_SEED)
    names = _rows(stage)
    chosen = chance.sample(names, count)
    other = [name for layer, _, name, *_ in names if layer == "other"]
    texts: list[str] = []
    for place, (_, _, name, full, initials, _) in enumerate(chosen):
        kind = place % 13
        if kind < 4:
            texts.append(name[: kind + 1])
        elif kind < 6:
            texts.append(full[: chance.randint(2, max(2, len(full)))])
        elif kind == 6:
            texts.append(initials[: chance.randint(1, 4)])
        elif kind == 7:
            texts.append(name)
        elif kind == 8:
            texts.append(chance.choice(other))
        elif kind == 9:
            texts.append("".join(chance.sample("龘靐犇qxzvw", 3)))
        elif kind == 10:
            texts.append(_slip(full, "abcdeghijlmnoqstuxyz", chance) or name)
        elif kind == 11:
            texts.append(_slip(name, "王李庄村东西山河", chance) or name)
        else:
            texts.append(_CONFUSED.sub("", full) or name)
    return texts


def _slip(text: str, alphabet: str, chance: random.Random) -> str:
    """A text with a character more, less, another, or two swapped."""
    at = chance.randrange(len(text)) if text else 0
    kind = chance.randrange(4)
    if kind == 0:
        return text[:at] + chance.choice(alphabet) + text[at:]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + chance.choice(alphabet) + text[at + 1 :]
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def _rows(stage: Stage) -> list[tuple[str, str, str, str, str, float]]:
    """Layer, uuid, name, full pinyin, initials and rank of all that is searched, as the search has them."""
    rows: list[tuple[str, str, str, str, str, float]] = []
    for key in SEARCHED:
        columns = stage.index.layer(key)
        everything = np.arange(len(columns))
        labels = [str(value or "") for value in columns[columns.layer.label].values(everything)]
        full, initials = bulk_search_keys(labels)
        if "roman" in columns.attributes:
            romans = [str(value or "") for value in columns["roman"].values(everything)]
            full = [better or rough for better, rough in zip(bulk_plain(romans), full, strict=True)]
        rank = columns["rank"].numbers() if "rank" in columns.attributes else np.full(len(columns), 5.0)
        rows += zip(
            [key] * len(columns), columns.uuid.tolist(), labels, full, initials, np.nan_to_num(rank).tolist(),
            strict=True,
        )  # fmt: skip
    names = stage.index.frame("place_name")
    labels = names["name"].tolist()
    rows += zip(
        ["other"] * len(names), names["place_uuid"].tolist(), labels, *bulk_search_keys(labels), [5.0] * len(names),
        strict=True,
    )  # fmt: skip
    return rows


def _table(stage: Stage) -> None:
    with psycopg.connect(stage.postgis, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        connection.execute("DROP TABLE IF EXISTS searched")
        connection.execute(
            "CREATE TABLE searched (layer text, uuid text, name text, full_key text, initials text, rank float8)"
        )
        with connection.cursor().copy("COPY searched FROM STDIN") as copy:
            for row in _rows(stage):
                copy.write_row(row)
        for column in ("name", "full_key", "initials"):
            connection.execute(f"CREATE INDEX ON searched USING gin ({column} gin_trgm_ops)")
            connection.execute(f"CREATE INDEX ON searched ({column} text_pattern_ops)")
        connection.execute("VACUUM ANALYZE searched")
