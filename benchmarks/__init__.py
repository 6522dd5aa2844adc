"""Benchmarks that anyone can run: ``make bench`` writes what it measured to ``RESULTS.md``."""
