"""Trying plans out in the web process: plans in an address, their effects, and the toolbox."""
