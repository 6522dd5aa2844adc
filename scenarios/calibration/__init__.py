"""Calibration: from what has been published to what the simulated day depends on."""
