"""The report of a plan: one file for people, which asks nothing of any other computer."""
