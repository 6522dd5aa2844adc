"""The simulated day: one neighbourhood, one day, everything coupled."""
