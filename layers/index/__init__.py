"""A layer held in memory for reading: plain numpy columns, up to date at every request.

Tiles, search, lists, counts and exports ask here which features there are and which of them a reader may see; whole
records come from the register.
"""

from layers.index.columns import Attribute, Columns, Dictionary
from layers.index.index import Index

__all__ = ["Attribute", "Columns", "Dictionary", "Index"]
