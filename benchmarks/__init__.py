"""Every figure that the product states, measured beside its peer in one run: ``python -m benchmarks``."""
