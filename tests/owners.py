"""Who is behind the sensors, as a file says it: the text of a kind of sensor."""


def kind_of_sensor(
    *,
    domain: str = "parking",
    layer: str = "bays",
    owner: str = "Gemeente Voorbeeld",
    contact: str = "sensoren@example.org",
    end_date: str = "2027-12-31",
) -> str:
    """Return the table of one kind of sensor, in TOML."""
    return f"""
[[sensors]]
domain = "{domain}"
layer = "{layer}"
owner = "{owner}"
purpose = {{ nl = "Zien hoe vol het is", en = "See how full it is" }}
legal_ground = {{ nl = "Taak van algemeen belang", en = "Task in the public interest" }}
contact = "{contact}"
end_date = {end_date}
"""
