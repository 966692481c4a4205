"""Boundary lines and tripoints: derived from county polygons, named, numbered and described the official way."""

from layers.boundaries.codes import line_code, tripoint_code
from layers.boundaries.course import Leg, describe, legs
from layers.boundaries.derive import derive_lines, derive_tripoints
from layers.boundaries.naming import Names

__all__ = ["Leg", "Names", "derive_lines", "derive_tripoints", "describe", "legs", "line_code", "tripoint_code"]
