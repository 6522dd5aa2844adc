"""Proposals: plans that staff put to residents, what those answer, and what became of them."""
