"""The data that the product ships, with provenance, and the demonstration register built on it."""

from layers.reference.readers import counties, place_classes, sources, town_points, towns, villages

__all__ = ["counties", "place_classes", "sources", "town_points", "towns", "villages"]
