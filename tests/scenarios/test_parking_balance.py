"""The parking balance: norms times what there is, against spaces, at the moments planners look at."""

import numpy as np
import pytest
from neighbourhood import capacity, independent, neighbourhood

from scenarios.applying import apply
from scenarios.day.kinds import KINDS
from scenarios.errors import NormError
from scenarios.parking_balance import (
    DWELLING,
    FOR_EVERYBODY,
    GUESTS,
    MOMENTS,
    balance_frame,
    parking_balance,
    read_norms,
)
from scenarios.scenario import Scenario

AT = {moment: at for at, moment in enumerate(MOMENTS)}


@pytest.fixture(scope="module")
def hood():
    return neighbourhood()


def with_measures(city, *measures):
    return apply(Scenario.model_validate({"name": "plan", "measures": list(measures)}), city)


def test_it_is_the_sum_that_a_planner_makes(hood, tmp_path):
    path = tmp_path / "norms.toml"
    path.write_text(
        "[dwelling]\nspaces = 1\npresence = {weekday_morning = 0.5, weekday_afternoon = 0.5,"
        " weekday_evening = 0.75, weekday_night = 1, saturday_afternoon = 0.5,"
        " shopping_evening = 0.5}\nsource = 'council, 2026'\n"
        "[dwelling_guests]\nspaces = 0\n[shop]\nspaces = 0\n[cafe]\nspaces = 0\n"
        "[school]\nspaces = 10\n"
    )
    found = parking_balance(hood, read_norms(path))
    assert dict(zip(found.names, found.counts.tolist(), strict=True)) == {
        DWELLING: 60,
        GUESTS: 60,
        "cafe": 2,
        "school": 1,
        "shop": 1,
    }
    school = [read_norms().by_name["school"].presence.model_dump()[moment] for moment in MOMENTS]
    assert found.asked == pytest.approx(
        60 * np.array([0.5, 0.5, 0.75, 1, 0.5, 0.5]) + 10 * np.array(school)
    )
    assert found.bays == sum(capacity(hood, kind=kind) for kind in FOR_EVERYBODY)
    assert found.garages == capacity(hood, "garages")
    assert found.left == pytest.approx(found.bays + found.garages - found.asked)


def test_spaces_taken_away_are_missed_at_every_moment(hood):
    fewer = with_measures(
        hood, {"kind": "remove_bays", "where": {"street": "Straat 2"}, "count": 4}
    )
    before, after = (parking_balance(city, read_norms()) for city in (hood, fewer))
    assert after.left - before.left == pytest.approx(np.full(len(MOMENTS), -4.0))
    loading = {"kind": "convert_bays", "where": {"bays": ["bay-s5"]}, "to": "loading", "count": 2}
    assert parking_balance(with_measures(hood, loading), read_norms()).supply == before.supply - 2


def test_new_housing_asks_for_the_cars_that_have_no_place_of_their_own(hood):

    plan = {"kind": "new_housing", **independent(hood)["new_housing"]}
    built = with_measures(hood, plan | {"cars_per_dwelling": 0.9, "own_places_per_dwelling": 0.4})
    norms = read_norms()
    before, after = (parking_balance(one, norms) for one in (hood, built))
    night = AT["weekday_night"]
    guests = norms.by_name[GUESTS]
    expected = 80 * 0.5 * norms.by_name[DWELLING].presence.weekday_night
    expected += 80 * guests.spaces * guests.presence.weekday_night
    assert after.asked[night] - before.asked[night] == pytest.approx(expected)


def test_it_can_be_shown_in_both_languages(hood):
    found = parking_balance(hood, read_norms())
    for language in ("nl", "en"):
        frame = balance_frame(found, found, language)
        assert list(frame.index) == [moment.into(language) for moment in MOMENTS.values()]
        assert frame.iloc[:, 2].to_numpy() == pytest.approx(found.left)


def test_everything_that_asks_has_a_norm_that_says_where_it_comes_from():
    norms = read_norms().by_name
    assert set(norms) == {DWELLING, GUESTS, *KINDS}
    assert all(norm.source and norm.unit for norm in norms.values())


def test_every_fault_of_a_city_s_table_is_named(tmp_path):
    path = tmp_path / "norms.toml"
    path.write_text(
        "[sportt]\nspaces = 1\n[shop]\nspaces = -1\n[cafe]\npresence = {weekday_morning = 2}\n"
    )
    with pytest.raises(NormError) as raised:
        read_norms(path)
    assert raised.value.faults[:2] == [
        "sportt: nothing here is counted by such a norm; did you mean sport?",
        "shop.spaces: should be greater than or equal to 0",
    ]
    assert any(fault.startswith("cafe.presence.weekday_morning") for fault in raised.value.faults)
    assert any(fault.startswith("cafe.spaces") for fault in raised.value.faults)
    with pytest.raises(NormError):
        read_norms(tmp_path / "none.toml")
