"""The register: what a place name, a boundary line, a stake, a division, a facility is; where it is kept and read.

This floor knows the register and nothing of Flask. It stands on `gis` alone.
"""
