import pytest

from twin.place import SearchIndex, load_public, write_public
from twin.place.search import words_of


@pytest.fixture(scope="module")
def index(helsinki, tmp_path_factory):
    public = tmp_path_factory.mktemp("public")
    write_public(helsinki, public)
    return SearchIndex.of(load_public(public))


def first(index, query):
    hit = index.find(query)[0]
    return hit.kind, hit.label


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Fredrikinkatu", ("street", "Fredrikinkatu")),
        ("Frederikinkatu", ("street", "Fredrikinkatu")),
        ("fredrikink", ("street", "Fredrikinkatu")),
        ("ANNANKATU", ("street", "Annankatu")),
        ("anankatu", ("street", "Annankatu")),
        ("annakntau", ("street", "Annankatu")),
        ("toolonlahti", ("water", "Töölönlahti")),
        ("Yrjonkatu", ("street", "Yrjönkatu")),
        ("Annankatu 25", ("address", "Annankatu 25")),
        ("Anankatu 25", ("address", "Annankatu 25")),
        ("25 annankatu", ("address", "Annankatu 25")),
        ("Mannerheimvägen", ("street", "Mannerheimvägen (Mannerheimintie)")),
        ("Mannerheimintie 99999", ("street", "Mannerheimintie")),
        ("ateneum", ("building", "Ateneum")),
        ("espresso hou", ("attractor", "Espresso House")),
    ],
)
def test_things_are_found_as_people_type_them(index, query, expected):
    assert first(index, query) == expected


@pytest.mark.parametrize("query", ["", "  ", "?!", "zzzzzz", "x" * 10_000, "\x00", "🚲"])
def test_what_is_not_there_is_not_found(index, query):
    assert index.find(query) == []


def test_every_house_number_is_found_as_it_is_written(index, helsinki):
    rows = helsinki.addresses.dropna(subset=["street", "number"])
    for row in rows.iloc[::40].itertuples():
        labels = {words_of_hit(hit) for hit in index.find(f"{row.street} {row.number}", 3)}
        assert tuple(words_of(f"{row.street} {row.number}")) in labels


def words_of_hit(hit):
    return tuple(words_of(hit.label))


def test_a_hit_leads_to_a_row_and_a_place_on_the_map(index, helsinki):
    for query in ("Annankatu", "Annankatu 25", "Ateneum", "Rautatientori", "Kluuvi"):
        for hit in index.find(query):
            position = helsinki.position(hit.layer, hit.key)
            lon, lat = helsinki.to_degrees.transform(*position)
            assert (hit.lon, hit.lat) == (
                pytest.approx(lon, abs=1e-5),
                pytest.approx(lat, abs=1e-5),
            )


def test_the_limit_is_kept_and_answers_are_the_same_each_time(index):
    assert len(index.find("katu", 3)) <= 3
    assert index.find("annankatu", 20) == index.find("annankatu", 20)
    assert len(index.find("annankatu", 20)) == 20
