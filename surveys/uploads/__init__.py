"""Files from the field: whatever a device or an office program wrote, read as tracks, points, areas and photos.

`parsing` takes bytes apart, in a process of its own that can be killed; it knows nothing of coordinate systems.
`understanding` makes of what it says a `FieldFile` in EPSG:4490, and names what is doubtful. `read_field_file` is both.
"""

from surveys.uploads.model import Area, FieldFile, Member, Photo, Point, Track, TrackPart
from surveys.uploads.reading import read_field_file

__all__ = ["Area", "FieldFile", "Member", "Photo", "Point", "Track", "TrackPart", "read_field_file"]
