"""Destinations: which tagged objects people go to, by kind."""

from collections.abc import Mapping, Sequence

import geopandas as gpd

from twin.place.frames import layer_frame
from twin.place.osm import OsmObject
from twin.place.shapes import array_of, middles_of

_SERVICE_SHOPS = frozenset(
    [
        "hairdresser",
        "beauty",
        "massage",
        "tattoo",
        "laundry",
        "dry_cleaning",
        "travel_agency",
        "funeral_directors",
        "tailor",
        "shoe_repair",
        "locksmith",
        "copyshop",
        "pet_grooming",
        "estate_agent",
        "ticket",
        "nail_salon",
    ]
)
_NO_SHOPS = frozenset({"no", "vacant", "vending_machine"})

# The first table that has the value of a tag decides; "*" is every other value.
_KINDS: dict[str, dict[str, str]] = {
    "shop": dict.fromkeys(("supermarket", "convenience", "greengrocer"), "supermarket")
    | dict.fromkeys(_SERVICE_SHOPS, "service")
    | {"*": "shop"},
    "amenity": dict.fromkeys(("cafe", "ice_cream", "pub", "bar", "biergarten"), "cafe")
    | dict.fromkeys(("restaurant", "fast_food", "food_court", "canteen"), "restaurant")
    | dict.fromkeys(
        [
            "school",
            "kindergarten",
            "childcare",
            "university",
            "college",
            "music_school",
            "language_school",
            "driving_school",
            "prep_school",
            "dancing_school",
        ],
        "school",
    )
    | dict.fromkeys(
        ["hospital", "clinic", "doctors", "dentist", "pharmacy", "veterinary", "nursing_home"],
        "health",
    )
    | dict.fromkeys(
        [
            "theatre",
            "cinema",
            "arts_centre",
            "library",
            "concert_hall",
            "events_venue",
            "studio",
            "planetarium",
            "conference_centre",
            "exhibition_centre",
        ],
        "culture",
    )
    | dict.fromkeys(["nightclub", "casino", "gambling", "social_centre", "bandstand"], "leisure")
    | dict.fromkeys(
        [
            "bank",
            "post_office",
            "townhall",
            "courthouse",
            "embassy",
            "police",
            "fire_station",
            "community_centre",
            "social_facility",
            "bureau_de_change",
            "public_building",
            "car_rental",
            "car_wash",
            "fuel",
            "vehicle_inspection",
        ],
        "service",
    )
    | {"place_of_worship": "worship", "monastery": "worship", "marketplace": "shop"},
    "tourism": dict.fromkeys(["hotel", "hostel", "guest_house", "apartment", "motel"], "hotel")
    | dict.fromkeys(["museum", "gallery", "aquarium", "zoo"], "culture")
    | {"attraction": "leisure", "theme_park": "leisure"},
    "leisure": dict.fromkeys(
        [
            "fitness_centre",
            "sports_centre",
            "sports_hall",
            "swimming_pool",
            "stadium",
            "ice_rink",
            "pitch",
            "fitness_station",
            "track",
        ],
        "sport",
    )
    | dict.fromkeys(
        [
            "playground",
            "dance",
            "bowling_alley",
            "amusement_arcade",
            "sauna",
            "miniature_golf",
            "escape_game",
        ],
        "leisure",
    ),
    "healthcare": {"*": "health"},
    "office": {"*": "office"},
    "craft": {"*": "service"},
}


def attractor_kind(tags: Mapping[str, str]) -> str | None:
    """Return which kind of destination ``tags`` describe, or None if people do not go there.

    >>> attractor_kind({"shop": "books"}), attractor_kind({"amenity": "bench"})
    ('shop', None)
    """
    for key, kinds in _KINDS.items():
        value = tags.get(key, "").split(";")[0].strip()
        if not value or (key == "shop" and value in _NO_SHOPS) or value == "no":
            continue
        kind = kinds.get(value, kinds.get("*"))
        if kind is not None:
            return kind
    return None


def osm_attractors(objects: Sequence[OsmObject], crs: str) -> gpd.GeoDataFrame:
    """Return the destinations among ``objects``, areas as a point within them."""
    found = [(each, kind) for each in objects if (kind := attractor_kind(each.tags)) is not None]
    points = middles_of(array_of([each.geometry for each, _ in found]))
    return layer_frame(
        "attractors",
        [
            {
                "attractor": each.key,
                "kind": kind,
                "name": each.tags.get("name"),
                "segment": "",
                "along_m": 0.0,
                "is_assumed": False,
                "geometry": point,
            }
            for (each, kind), point in zip(found, points, strict=True)
        ],
        crs,
    )
