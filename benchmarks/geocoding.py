"""Addresses to places: ten thousand as people write them, and the same texts matched by similarity in PostgreSQL."""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg

from benchmarks.figures import Figure
from benchmarks.stage import Stage
from benchmarks.timing import alternated
from layers.access import PUBLIC
from layers.geocoding import AddressBook, geocode

_ROWS = 10_000
_EVERY = 20
"""The peer answers each twentieth text: it takes minutes for all."""
_NEAREST = "SELECT code FROM addressed ORDER BY address <-> %(text)s LIMIT 1"


def measure(stage: Stage) -> list[Figure]:
    """Seconds for ten thousand texts, rows a second and the share that leads to the right village."""
    perturbing = _perturbing()
    cases = perturbing.cases(stage.register, _ROWS)
    texts, codes = [case.text for case in cases], [case.base.code for case in cases]
    counties = [case.base.county_code for case in cases]
    began = time.perf_counter()
    book = AddressBook.of(stage.index, reader=PUBLIC)
    gathered = time.perf_counter() - began
    some, wanted = texts[::_EVERY], codes[::_EVERY]
    whole = alternated({"ours": lambda: geocode(texts, book=book)}, runs=stage.runs(3))["ours"]
    _table(stage, perturbing)
    with psycopg.connect(stage.postgis, autocommit=True, prepare_threshold=1) as connection:
        connection.execute("SET jit = off")
        turns = alternated(
            {"ours": lambda: geocode(some, book=book), "postgresql": lambda: _nearest(connection, some)},
            runs=stage.runs(3),
        )
    right = _share(whole.result.village.tolist(), codes)
    theirs = _share(turns["postgresql"].result, wanted)
    silent = sum(
        answer.match.county not in ("", county) and not answer.doubtful
        for answer, county in zip(whole.result, counties, strict=True)
    )
    note = (
        f"Twenty kinds of deviation in equal parts (slips, homophones, traditional characters, pinyin, missing levels, "
        f"order turned round, …), seeded. In a wrong county without a word: {silent}. The names are gathered once: "
        f"{gathered:.1f} s."
    )
    peer_note = (
        f"On each {_EVERY}th of them. Peer: the most similar of all villages' full addresses by trigrams, GiST index, "
        "one query for each text; it always answers and flags nothing."
    )
    rates = {name: [len(some) / seconds for seconds in timed.seconds] for name, timed in turns.items()}
    return [
        Figure(
            f"geocoding {_ROWS:,} perturbed addresses", whole.median, "s", most=5.0, note=note,
            samples={"ours": whole.seconds},
        ),
        Figure(
            "geocoding, texts a second", len(some) / turns["ours"].median, "/s", "PostgreSQL pg_trgm",
            len(some) / turns["postgresql"].median, more_is_better=True, note=peer_note, samples=rates,
        ),
        Figure(
            "geocoding, in the right village", _share(turns["ours"].result.village.tolist(), wanted) * 100, "%",
            "PostgreSQL pg_trgm", theirs * 100, more_is_better=True, note=f"Of all {_ROWS:,}: {right:.1%}.",
        ),
    ]  # fmt: skip


def _share(found: list[Any], wanted: list[str]) -> float:
    return sum(one == other for one, other in zip(found, wanted, strict=True)) / len(wanted)


def _nearest(connection: psycopg.Connection[Any], texts: list[str]) -> list[str]:
    found = []
    for text in texts:
        row = connection.execute(_NEAREST, {"text": text}).fetchone()
        found.append(row[0] if row else "")
    return found


def _table(stage: Stage, perturbing: ModuleType) -> None:
    with psycopg.connect(stage.postgis, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        connection.execute("DROP TABLE IF EXISTS addressed")
        connection.execute("CREATE TABLE addressed (code text, address text)")
        with connection.cursor().copy("COPY addressed FROM STDIN") as copy:
            for base in perturbing.bases(stage.register):
                copy.write_row((base.code, base.full))
        connection.execute("CREATE INDEX ON addressed USING gist (address gist_trgm_ops)")
        connection.execute("VACUUM ANALYZE addressed")


def _perturbing() -> ModuleType:
    """The texts of the test, from where they are made."""
    source = Path(__file__).resolve().parent.parent / "tests" / "layers" / "geocoding" / "perturbing.py"
    spec = importlib.util.spec_from_file_location("benchmarks_perturbing", source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
