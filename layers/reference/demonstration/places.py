"""All 51,991 place names of the demonstration, class by class."""

from __future__ import annotations

from layers.reference.demonstration.bridges import make_bridges, make_stops
from layers.reference.demonstration.gazetteer import Places
from layers.reference.demonstration.roads import make_roads
from layers.reference.demonstration.seats import committee_places, division_places
from layers.reference.demonstration.settlements import make_settlements
from layers.reference.demonstration.sights import make_areas, make_sights
from layers.reference.demonstration.streets import make_streets
from layers.reference.demonstration.terrain import make_terrain
from layers.reference.demonstration.waters import make_waters
from layers.reference.demonstration.works import make_works
from layers.reference.demonstration.world import World


def make_places(world: World) -> list[Places]:
    """Every place: divisions and committees first, then what is made up."""
    waters, courses = make_waters(world)
    roads = make_roads(world)
    streets = make_streets(world, courses)
    return [
        *division_places(world.ground),
        *make_areas(world),
        committee_places(world.villages, world.xy, world.town, world.people),
        *make_settlements(world),
        roads,
        streets,
        make_bridges(world, roads, streets, courses),
        *make_stops(world),
        *make_works(world, courses),
        *waters,
        *make_terrain(world),
        *make_sights(world),
    ]
