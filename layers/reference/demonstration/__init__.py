"""The demonstration register: real names, codes and lines; everything else made up, and said so on each row.

Deterministic: `build` gives the same rows for the same seed. What it is made up of is in
``docs/decisions/0003-demonstration.md``.
"""

from layers.reference.demonstration.building import SEED, Demonstration, build, make
from layers.reference.demonstration.writing import write_demonstration

__all__ = ["SEED", "Demonstration", "build", "make", "write_demonstration"]
