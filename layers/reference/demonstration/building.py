"""The demonstration register, built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from layers.reference.demonstration.boundary_documents import make_documents
from layers.reference.demonstration.divisions import make_divisions
from layers.reference.demonstration.facilities import make_facilities
from layers.reference.demonstration.figures import make_figures
from layers.reference.demonstration.flaws import seed_flaws
from layers.reference.demonstration.frames import Frames, frame
from layers.reference.demonstration.gazetteer import gather
from layers.reference.demonstration.identity import Chance
from layers.reference.demonstration.layout import lay_out
from layers.reference.demonstration.lines import find_lines, make_batches
from layers.reference.demonstration.names import Namer
from layers.reference.demonstration.other_names import make_other_names
from layers.reference.demonstration.people import count_people, weigh
from layers.reference.demonstration.places import make_places
from layers.reference.demonstration.relief import survey
from layers.reference.demonstration.signs import make_signs
from layers.reference.demonstration.stakes import make_stakes
from layers.reference.demonstration.stories import make_stories
from layers.reference.demonstration.streams import drain
from layers.reference.demonstration.villages import place_villages
from layers.reference.demonstration.world import World

#: The seed of the register that the product ships.
SEED = 370700

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Demonstration:
    """The frames of the register, and the flaws that were put into its place names (``uuid, field, rule``)."""

    frames: Frames
    flaws: pd.DataFrame


def build(seed: int = SEED, progress: Progress | None = None) -> Frames:
    """Build the demonstration register.

    Parameters
    ----------
    seed
        The same seed gives the same rows, uuids and positions.
    progress
        Called with the share done (0 to 1) and what is being made.

    Returns
    -------
    dict of DataFrame
        One frame per register table, with the table's columns (not ``fid, version, changed``, which the register
        sets); tables with a geometry as GeoDataFrame (EPSG:4490, column ``geom``).
    """
    return make(seed, progress).frames


def make(seed: int = SEED, progress: Progress | None = None) -> Demonstration:
    """`build`, together with the list of seeded flaws."""
    say = progress or (lambda _done, _what: None)
    chance = Chance(seed)
    say(0.0, "towns and villages")
    ground = lay_out(chance)
    villages, xy, town = place_villages(ground, chance)
    county = ground.town_county[town]
    people = count_people(villages, county, ground.counties["code"].tolist(), chance)
    frames = make_divisions(ground, villages, xy, town, people)
    frames |= weigh(villages, town, people, ground.towns, chance)
    say(0.2, "boundary lines")
    lines = find_lines()
    frames["boundary_line"] = lines.lines
    frames["tripoint"] = lines.tripoints
    frames |= make_stakes(lines, ground, chance)
    frames |= make_documents(lines)
    frames |= make_batches(lines)
    say(0.3, "place names")
    relief = survey(ground, chance)
    streams = drain(relief, chance)
    world = World(chance, ground, villages, xy, town, people, relief, streams, Namer(villages, xy, town))
    parts = make_places(world)
    say(0.7, "place names")
    frames |= gather(parts, ground, villages, chance)
    frames |= make_other_names(frames["place"], chance)
    frames["place"], flaws = seed_flaws(frames["place"], chance)
    frames |= make_signs(frames["place"], chance)
    frames |= make_stories(frames["place"])
    frames["medium"] = frame("medium", {})
    say(0.8, "facilities")
    frames |= make_facilities(ground, villages, xy, town, people, chance)
    frames |= make_figures()
    say(1.0, "facilities")
    return Demonstration(frames, flaws)
