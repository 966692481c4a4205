"""The rural pilot (乡村地名管理试点): which villages have things without a name, and what they could be called.

Which counties take part, and which sorts of things are named, are tables under `layers.placenames.data`. A name goes on
as an application of the channel ``rural`` (`layers.placenames.procedures`): the villagers are asked first.
"""

from layers.placenames.rural.suggesting import Suggestion, suggestions
from layers.placenames.rural.villages import (
    SORTS,
    Nameless,
    Progress,
    Sort,
    Village,
    nameless,
    pilot,
    progress,
    villages,
)

__all__ = [
    "SORTS",
    "Nameless",
    "Progress",
    "Sort",
    "Suggestion",
    "Village",
    "nameless",
    "pilot",
    "progress",
    "suggestions",
    "villages",
]
