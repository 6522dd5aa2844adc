"""The scale of the noise is the one that OpenDP finds for the budget, and costs what the ledger charges."""

from math import sqrt

import pytest
from opendp.domains import atom_domain, vector_domain
from opendp.measurements import then_gaussian
from opendp.metrics import l2_distance
from opendp.mod import binary_search_param

from twin.domains import load_domains
from twin.privacy import mechanism

QUANTITIES = [quantity for domain in load_domains() for quantity in domain.quantities]
SIZE = 11


@pytest.mark.parametrize("quantity", QUANTITIES, ids=lambda quantity: quantity.name)
def test_a_day_s_draws_cost_a_day_s_budget(quantity):
    space = vector_domain(atom_domain(T=int), size=SIZE), l2_distance(T=float)
    scale = binary_search_param(
        lambda sigma: space >> then_gaussian(sigma),
        d_in=sqrt(quantity.counts_per_day),
        d_out=quantity.rho_per_day,
    )
    assert quantity.sigma == pytest.approx(scale, rel=1e-9)


@pytest.mark.parametrize("quantity", QUANTITIES, ids=lambda quantity: quantity.name)
def test_one_draw_costs_what_its_window_is_charged(quantity):
    drawn = mechanism._gaussian(SIZE, quantity.sigma)
    assert drawn.map(1.0) == pytest.approx(quantity.rho_per_window, rel=1e-9)
    assert drawn.map(2.0) > 3.9 * quantity.rho_per_window, (
        "two in one place cost four times as much"
    )
