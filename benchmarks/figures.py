"""Figures, their goals, and the table and file in which they are handed on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width


@dataclass(frozen=True)
class Figure:
    """One measured value, beside the same work done by a peer.

    Parameters
    ----------
    what
        What was measured.
    value, unit
        Ours; a median where it was measured more than once.
    peer, peer_value
        What did the same work, and its value in the same unit; empty and None where nothing else does it.
    more_is_better
        Whether a greater value is better (rates) or a smaller one (times, bytes).
    least_ratio
        Goal: at least this many times better than the peer.
    most
        Goal: a value of at most this.
    note
        What has to be known to read the figure.
    samples
        Every single measurement, for the file.
    """

    what: str
    value: float
    unit: str
    peer: str = ""
    peer_value: float | None = None
    more_is_better: bool = False
    least_ratio: float | None = None
    most: float | None = None
    note: str = ""
    samples: dict[str, Sequence[float]] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """How many times better than the peer, None without one."""
        if self.peer_value is None:
            return None
        ours, theirs = (self.value, self.peer_value) if self.more_is_better else (self.peer_value, self.value)
        return ours / theirs if theirs else float("inf")

    @property
    def goal(self) -> str:
        """The goal in words, empty where none is stated."""
        parts = []
        if self.least_ratio is not None:
            slower = self.least_ratio < 1 and not self.more_is_better
            parts.append(f"<= {1 / self.least_ratio:g}x its time" if slower else f">= {self.least_ratio:g}x")
        if self.most is not None:
            parts.append(f"<= {self.most:g} {self.unit}")
        return ", ".join(parts)

    @property
    def passed(self) -> bool | None:
        """Whether the goal is met, None where there is none."""
        met = []
        if self.least_ratio is not None:
            met.append(self.ratio is not None and self.ratio >= self.least_ratio)
        if self.most is not None:
            met.append(self.value <= self.most)
        return all(met) if met else None


def _number(value: float) -> str:
    if value == int(value) and abs(value) < 1e6:
        return f"{value:.0f}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _wide(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def table(figures: Iterable[Figure]) -> str:
    """All figures as one table of plain text; notes below the lines that they belong to."""
    head = ("what", "ours", "peer's", "peer", "ratio", "goal", "")
    rows = []
    notes = []
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.3g}x"
        theirs = "" if figure.peer_value is None else f"{_number(figure.peer_value)} {figure.unit}"
        verdict = {True: "pass", False: "MISS", None: ""}[figure.passed]
        ours = f"{_number(figure.value)} {figure.unit}"
        rows.append((figure.what, ours, theirs, figure.peer, ratio, figure.goal, verdict))
        notes.append(figure.note)
    widths = [max(_wide(row[place]) for row in (head, *rows)) for place in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        return "  ".join(
            " " * (width - _wide(cell)) + cell if place in (1, 2, 4) else cell + " " * (width - _wide(cell))
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ).rstrip()

    out = [line(head), line(["-" * width for width in widths])]
    for row, note in zip(rows, notes, strict=True):
        out.append(line(row))
        if note:
            out.append(f"    {note}")
    return "\n".join(out)


def write(path: Path, figures: Sequence[Figure], machine: dict[str, Any]) -> None:
    """All figures with every measurement and the machine they were taken on, as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "machine": machine,
        "figures": [
            {**asdict(figure), "ratio": figure.ratio, "goal": figure.goal, "passed": figure.passed}
            for figure in figures
        ],
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
