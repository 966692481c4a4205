"""Texts to places, from the register's own names alone: no network, no foreign data.

`geocode` reads each text with an `AddressBook`, the names that a reader may see: exactly first (`mentions`), and nearly
only where that leaves a doubt (`near`); `weighing` finds the reading whose parts agree, `answering` says what is
doubtful about it.
"""

from layers.geocoding.book import AddressBook
from layers.geocoding.geocode import geocode
from layers.geocoding.model import ACCURACIES, ACCURACY_TITLES, Answer, Geocoded, Match

__all__ = ["ACCURACIES", "ACCURACY_TITLES", "AddressBook", "Answer", "Geocoded", "Match", "geocode"]
