"""Where a file's rows are: its geometry or its columns, in whatever system, as longitude and latitude.

Nothing is guessed in silence. What was taken for granted is said; what contradicts the counties (a wrong zone, axes
exchanged, a shifted commercial map) is an error about the file as a whole, with what to do about it. Nothing is
mended: a person says the system or the order of the axes, and reads again.
"""

from layers.ingest.coordinates.locating import Placement, locate

__all__ = ["Placement", "locate"]
