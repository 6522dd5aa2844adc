"""Backtests: what was predicted beside what then happened."""
