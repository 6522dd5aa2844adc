"""The front door: the command line, and the wiring of one process or many."""

__version__ = "0.1.0"
