"""The command line: a module for each subcommand.

What takes long to load is loaded inside the commands, so that ``--help`` is there at once and
``wijktwin up``, which only supervises, stays small.
"""
