"""``dijie surveys``: field work against the register."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from gis.errors import N_
from web.commands.terminal import language, register_option, say, settings, severity, table
from web.language import translated

_LISTED = 20


@click.group()
def surveys() -> None:
    """Inspections of boundary lines: what was brought from the field."""


@surveys.command()
@click.argument("line")
@click.argument("track", type=click.Path(exists=True, path_type=Path))
@register_option
@click.option(
    "--stakes", "stakes_file", type=click.Path(exists=True, path_type=Path),
    help="Stakes as found: points, or a table with number, longitude and latitude.",
)  # fmt: skip
@click.option("--tolerance", type=float, default=None, metavar="M", help="The track may be off by this [default: 10].")
@click.option(
    "--reach", type=float, default=None, metavar="M", help="Farther off the track is not of the line [default: 1000]."
)
@click.option(
    "--stake-tolerance", type=float, default=None, metavar="M", help="Stakes may be off by this [default: 1]."
)
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the whole result.")
@click.option(
    "--profile", "profile_file", type=click.Path(dir_okay=False, path_type=Path), help="Draw the offsets, as SVG."
)
def assess(
    line: str, track: Path, register: str | None, stakes_file: Path | None, tolerance: float | None,
    reach: float | None, stake_tolerance: float | None, json_file: Path | None, profile_file: Path | None,
) -> None:  # fmt: skip
    """Measure a TRACK (GPX, KML, GeoJSON, shapefile …) and stakes against a boundary LINE, by its code or name.

    Prints how much of the line was walked, what was not, how far off the track lies, and what is to be looked at.
    Nothing is written into the register. The exit code is 1 where an error was found. What the figures mean:
    docs/assessment.md.

    \b
    Examples:
      dijie surveys assess 2481 walk.gpx
      dijie surveys assess 青临线 walk.gpx --stakes stakes.xlsx --json result.json --profile offsets.svg
    """
    from layers.access import ADMINISTRATOR
    from layers.register import open_register
    from surveys.assessment import Rules, assess_field_work, profile_svg
    from surveys.assessment.files import read_stakes, read_track
    from surveys.assessment.registered import registered_line

    spoken = language()
    rules = Rules()
    changed = {name: value for name, value in (("tolerance_m", tolerance), ("reach_m", reach)) if value is not None}
    rules = replace(rules, track=replace(rules.track, **changed))
    if stake_tolerance is not None:
        rules = replace(rules, stakes=replace(rules.stakes, tolerance_m=stake_tolerance))
    with open_register(settings(register).register) as opened:
        registered = registered_line(opened, line, reader=ADMINISTRATOR)
    found = assess_field_work(
        registered,
        track=read_track(track),
        stakes=read_stakes(stakes_file) if stakes_file else None,
        rules=rules,
        where=track.name,
    )
    _tell(found)
    if json_file is not None:
        json_file.write_text(found.as_json(), encoding="utf-8")
        say(N_("%(path)s is written."), path=str(json_file))
    if profile_file is not None:
        drawn = profile_svg(found, translate=lambda text: translated(text, spoken))
        profile_file.write_text(drawn, encoding="utf-8")
        say(N_("%(path)s is written."), path=str(profile_file))
    if found.counts()["error"]:
        raise SystemExit(1)


def _tell(found: Any) -> None:
    """Figures, stretches, stakes, and what is to be looked at."""
    track, line = found.track, found.line
    say(N_("Line %(code)s %(name)s, %(length)s km"), code=line.code, name=line.name, length=_km(line.length_m))
    removed = sum(track.removed.values())
    say(
        N_("Track: %(points)s points (%(removed)s left out), %(length)s km, of which %(matched)s km along the line"),
        points=f"{track.points:,}", removed=f"{removed:,}", length=_km(track.track_m), matched=_km(track.matched_m),
    )  # fmt: skip
    limit = f"{found.limits['track.tolerance_m']:g}"
    rows = [
        (N_("Walked within %(limit)s m"), f"{track.walked_share:.1%}", _km(track.within_m) + " km"),
        (N_("Walked farther off"), "", _km(track.beyond_m) + " km"),
        (N_("Offset: median, 95th percentile, greatest"), "",
         f"{_m(track.p50_m)} / {_m(track.p95_m)} / {_m(track.max_m)} m"),
        (N_("Mean offset, left is positive"), "", f"{_m(track.mean_m)} m"),
        (N_("Line near the track, track near the line"), "",
         f"{_share(track.line_in_buffer_share)} / {_share(track.track_in_buffer_share)}"),
        (N_("Hausdorff, Fréchet"), "", f"{_m(track.hausdorff_m)} / {_m(track.frechet_m)} m"),
    ]  # fmt: skip
    spoken = language()
    table(
        (N_("Figure"), N_("Of the line"), N_("Value")),
        [(translated(what, spoken, {"limit": limit}), share, value) for what, share, value in rows],
    )
    stretches = [(N_("not walked"), one) for one in track.not_walked] + [(N_("beyond"), one) for one in track.beyond]
    stretches.sort(key=lambda pair: pair[1].start_m)
    if stretches:
        table(
            (N_("Stretch"), N_("From, km"), N_("To, km"), N_("Length, m"), N_("Offset, m"), N_("Area, m²")),
            [
                (
                    translated(what, spoken), _km(one.start_m), _km(one.end_m), f"{one.length_m:.0f}",
                    f"{one.most_m:+.1f}" if one.track_m else "", f"{one.area_m2:,.0f}" if one.track_m else "",
                )
                for what, one in stretches[:_LISTED]
            ],
        )  # fmt: skip
        _more(len(stretches))
    if found.stakes is not None:
        _tell_stakes(found.stakes)
    for finding in found.findings[:_LISTED]:
        text = translated(finding.template, spoken, finding.params)
        click.echo(f"{severity(finding.severity)}: {finding.where}: {text} [{finding.rule}]", err=True)
    _more(len(found.findings), err=True)


def _tell_stakes(stakes: Any) -> None:
    from surveys.assessment import CONDITIONS
    from surveys.assessment.stakes import STATES

    spoken = language()
    table(
        (N_("Stake"), N_("Found"), N_("Off, m"), N_("East, m"), N_("North, m"), N_("Up, m"), N_("Condition")),
        [
            (
                one.number or one.observed, translated(STATES[one.state], spoken), _m(one.distance_m, 2),
                _m(one.east_m, 2), _m(one.north_m, 2), _m(one.up_m, 2),
                translated(CONDITIONS.get(one.condition, one.condition), spoken),
            )
            for one in stakes
        ],
    )  # fmt: skip


def _more(count: int, *, err: bool = False) -> None:
    if count > _LISTED:
        more = translated(N_("%(count)s more are in the result (--json)."), language(), {"count": count - _LISTED})
        click.echo(more, err=err)


def _km(metres: float) -> str:
    return f"{metres / 1000:.3f}"


def _m(metres: float | None, decimals: int = 1) -> str:
    return "–" if metres is None else f"{metres:.{decimals}f}"


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"
