"""The offset profile of a track as SVG text: chainage across, offset up, for a page or a report.

It has no style sheet and no script: lines and letters take the colour of the text round it (``currentColor``), so that
it fits a light page, a dark one and paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import asinh, ceil, floor, log10
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from gis.errors import N_
from surveys.assessment.result import Assessment
from surveys.assessment.track_result import TrackResult

Translate = Callable[[str], str]

FAR: Final = "#d9480f"
"""Colour of what is beyond the tolerance; it can be told from black and from white alike."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 34, 46
_TICKS_KM: Final = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
_COMPRESSED: Final = 12  # an offset so many times the tolerance would press all others into one line


@dataclass(frozen=True)
class _Frame:
    """From chainages and offsets to places on the drawing."""

    width: int
    height: int
    length_m: float
    reach_m: float
    tolerance_m: float
    compressed: bool

    def x(self, chainage_m: float) -> float:
        return _LEFT + chainage_m / self.length_m * (self.width - _LEFT - _RIGHT)

    def y(self, offset_m: float) -> float:
        middle = (self.height - _BOTTOM + _TOP) / 2
        return middle - self._up(offset_m) / self._up(self.reach_m) * (self.height - _BOTTOM - _TOP) / 2

    def _up(self, offset_m: float) -> float:
        return asinh(offset_m / self.tolerance_m * 2) if self.compressed else offset_m


def profile_svg(
    assessment: Assessment,
    *,
    translate: Translate = str,
    width: int = 920,
    height: int = 300,
    compressed: bool | None = None,
) -> str:
    """Draw the offsets of the track along the line.

    Parameters
    ----------
    assessment
        With a track or without: then the axes stand alone and say so.
    translate
        From an English text of this module to the reader's language, places (``%(name)s``) left as they are.
    width, height
        Of the drawing's own units; it is scaled to the room that it is given.
    compressed
        Whether far offsets are drawn nearer (by the inverse hyperbolic sine); None: where some are very far.

    Returns
    -------
    str
        One ``<svg>`` element.
    """
    line, track = assessment.line, assessment.track
    tolerance = assessment.limits["track.tolerance_m"]
    runs = track.profile if track else ()
    farthest = max([abs(offset) for run in runs for _, offset in run], default=0.0)
    reach = max(farthest * 1.08, tolerance * 1.6)
    squeezed = farthest > _COMPRESSED * tolerance if compressed is None else compressed
    frame = _Frame(width, height, line.length_m, reach, tolerance, squeezed)
    title = translate(N_("Offset of the track from the line %(line)s")) % {"line": line.name or line.code}
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" fill="none" '
        f'stroke="currentColor" font-family="sans-serif" font-size="12" aria-label={quoteattr(title)}>'
    )
    parts = [
        head,
        f"<title>{escape(title)}</title>",
        _text(_LEFT, 16, title, size=13),
        *_axes(frame, assessment, translate),
    ]
    if track is None or not runs:
        told = N_("No track was brought.") if track is None else N_("No part of the line was walked.")
        parts.append(_text(width / 2, frame.y(0) - 10, translate(told), anchor="middle"))
    else:
        parts += [*_missing(frame, track, translate), *_curves(frame, runs)]
    parts.append("</svg>")
    return "".join(parts)


def _axes(frame: _Frame, assessment: Assessment, translate: Translate) -> Iterable[str]:
    """Tolerance band, zero, both axes with their ticks and what they mean."""
    left, right, low = frame.x(0), frame.x(frame.length_m), frame.height - _BOTTOM
    band = frame.y(frame.tolerance_m), frame.y(-frame.tolerance_m)
    yield (
        f'<rect x="{_n(left)}" y="{_n(band[0])}" width="{_n(right - left)}" height="{_n(band[1] - band[0])}" '
        'fill="currentColor" fill-opacity="0.1" stroke="none"/>'
    )
    yield _path([(left, frame.y(0)), (right, frame.y(0))], 'stroke-opacity="0.6"')
    yield _path([(left, _TOP), (left, low), (right, low)], 'stroke-opacity="0.6"')
    for offset in _offsets(frame):
        y = frame.y(offset)
        yield _path([(left - 4, y), (left, y)], "")
        yield _text(left - 7, y + 4, f"{offset:+g}".replace("-", "−") if offset else "0", anchor="end")
    step = next((km for km in _TICKS_KM if frame.length_m / 1000 / km <= 10), _TICKS_KM[-1]) * 1000
    for number in range(int(frame.length_m // step) + 1):
        x = frame.x(number * step)
        yield _path([(x, low), (x, low + 4)], "")
        yield _text(x, low + 17, f"{number * step / 1000:g}", anchor="middle")
    along = translate(N_("Chainage, km"))
    yield _text((left + right) / 2, frame.height - 8, along, anchor="middle")
    for template, name, y in (
        (N_("left: %(name)s, m"), assessment.line.left_name, _TOP + 10),
        (N_("right: %(name)s, m"), assessment.line.right_name, low - 5),
    ):
        yield _text(left + 6, y, translate(template) % {"name": name or "–"}, opacity=0.75)
    if frame.compressed:
        note = translate(N_("far offsets drawn nearer"))
        yield _text(right, _TOP + 10, note, anchor="end", opacity=0.75)
    bound = translate(N_("tolerance ±%(tolerance)s m")) % {"tolerance": f"{frame.tolerance_m:g}"}
    yield _text(right, 16, bound, anchor="end", opacity=0.75)


def _offsets(frame: _Frame) -> list[float]:
    """Offsets at which a tick stands."""
    if frame.compressed:
        power = floor(log10(frame.tolerance_m))
        ups = [frame.tolerance_m]
        for exponent in range(power, ceil(log10(frame.reach_m)) + 1):
            ups += [base * 10.0**exponent for base in (1, 3) if base * 10.0**exponent > 2 * frame.tolerance_m]
    else:
        rough = frame.reach_m / 3
        base = 10.0 ** floor(log10(rough))
        step = next(base * times for times in (1, 2, 5, 10) if base * times >= rough)
        ups = [step * number for number in range(1, 4)]
    ups = [round(up, 6) for up in ups if up <= frame.reach_m]
    return [*(-up for up in reversed(ups)), 0.0, *ups]


def _missing(frame: _Frame, track: TrackResult, translate: Translate) -> Iterable[str]:
    """Stretches that were not walked, and breaks of the record."""
    y = frame.y(0)
    for one in track.not_walked:
        start, end = frame.x(one.start_m), frame.x(one.end_m)
        told = translate(N_("not walked: %(start)s to %(end)s km"))
        label = told % {"start": f"{one.start_m / 1000:.2f}", "end": f"{one.end_m / 1000:.2f}"}
        yield (
            f'<rect x="{_n(start)}" y="{_n(y - 5)}" width="{_n(max(end - start, 1))}" height="10" fill="currentColor" '
            f'fill-opacity="0.35" stroke="none"><title>{escape(label)}</title></rect>'
        )
    low = frame.height - _BOTTOM
    for gap in track.gaps:
        label = translate(N_("break of the record: %(metres)s m")) % {"metres": f"{gap.apart_m:.0f}"}
        for chainage in sorted({gap.start_m, gap.end_m}):
            x = frame.x(chainage)
            yield (
                f'<path d="M{_n(x)} {_TOP}V{low}" stroke-dasharray="3 3" stroke-opacity="0.5"><title>{escape(label)}'
                "</title></path>"
            )


def _curves(frame: _Frame, runs: Iterable[tuple[tuple[float, float], ...]]) -> Iterable[str]:
    """The offsets, and once more in colour where they are beyond the tolerance."""
    for run in runs:
        places = [(frame.x(chainage), frame.y(offset)) for chainage, offset in run]
        yield _path(places, 'stroke-width="1.4" stroke-linejoin="round"')
        for far in _beyond(run, frame.tolerance_m):
            yield _path(
                [(frame.x(chainage), frame.y(offset)) for chainage, offset in far],
                f'stroke="{FAR}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"',
            )


def _beyond(run: tuple[tuple[float, float], ...], tolerance_m: float) -> Iterable[list[tuple[float, float]]]:
    """The parts of a run beyond the tolerance, from where they leave it to where they come back."""
    far: list[tuple[float, float]] = []
    before: tuple[float, float] | None = None
    for place in run:
        if abs(place[1]) > tolerance_m:
            if not far and before is not None:
                far.append(_crossing(before, place, tolerance_m))
            far.append(place)
        elif far:
            yield [*far, _crossing(place, far[-1], tolerance_m)]
            far = []
        before = place
    if far:
        # a single place has no length: a dot
        yield far if len(far) > 1 else [far[0], (far[0][0] + 0.1, far[0][1])]


def _crossing(near: tuple[float, float], far: tuple[float, float], tolerance_m: float) -> tuple[float, float]:
    bound = tolerance_m if far[1] > 0 else -tolerance_m
    share = (bound - near[1]) / (far[1] - near[1])
    return near[0] + share * (far[0] - near[0]), bound


def _path(places: Iterable[tuple[float, float]], look: str) -> str:
    return f'<path d="M{"L".join(f"{_n(x)} {_n(y)}" for x, y in places)}" {look}/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 12, opacity: float = 1) -> str:
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" font-size="{size}" fill="currentColor" '
        f'fill-opacity="{opacity}" stroke="none">{escape(text)}</text>'
    )


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
