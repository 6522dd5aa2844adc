"""What-if: measures, the simulated day, calibration, comparison and backtests."""
