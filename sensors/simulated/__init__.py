"""Simulated devices: a hidden, seeded true day, and a fleet that reports it, faults included.

The true day is there so that the rest can be tried out, and judged, without anybody's data. It
is built from kernel densities, birth-death processes and diffusion, on purpose unlike the what-if
engine in ``scenarios``: an engine that shared its shape would be right about it by construction.
"""
