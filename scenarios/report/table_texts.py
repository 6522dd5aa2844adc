"""Sentences about the parking balance, the parts of measures, and plans side by side."""

from collections.abc import Mapping

from twin.words import Text

TABLE_TEXTS: Mapping[str, Text] = {
    "balance": Text("De parkeerbalans", "The parking balance"),
    "balance_means": Text(
        "Een rekensom op papier, los van de nagespeelde dag: woningen en bestemmingen in de hele"
        " wijk, keer een norm, keer het deel dat er op dat moment is. Daartegenover staan alle"
        " plekken op straat en in garages waar iedereen mag staan; plekken om te laden en te"
        " lossen, met een kaart, voor deelauto’s en om op te laden tellen niet mee. De normen"
        " staan in een tabel waar een gemeente haar eigen normen voor invult: {source}.",
        "A sum on paper, apart from the day played out: dwellings and destinations in the whole"
        " neighbourhood, times a norm, times the part that is there at that moment. Against it"
        " stand all spaces on the street and in garages where anybody may stand; spaces for"
        " loading, with a card, for shared cars and for charging do not count. The norms are in a"
        " table that a city puts its own in the place of: {source}.",
    ),
    "norms_assumed": Text(
        "hier zijn ze alle {count} aangenomen", "here all {count} are assumed"
    ),
    "norms_some": Text(
        "hier zijn er {assumed} van de {count} aangenomen",
        "here {assumed} of {count} are assumed",
    ),
    "moment": Text("Moment", "Moment"),
    "asked": Text("Nodig", "Asked for"),
    "there": Text("Plekken", "Spaces"),
    "left": Text("Over", "Left"),
    "now_and_plan": Text("{what}, nu → met plan", "{what}, now → with plan"),
    "parts": Text("Welke maatregel doet wat", "Which measure does what"),
    "parts_shapley": Text(
        "Het deel van elke maatregel in de grootste veranderingen: wat hij toevoegt, gemiddeld"
        " over alle volgordes waarin de maatregelen kunnen komen. Bij elkaar zijn de delen het"
        " geheel, dag voor dag.",
        "The part of each measure in the largest changes: what it adds, averaged over all orders"
        " in which the measures may come. Together the parts are the whole, day by day.",
    ),
    "parts_leave_one_out": Text(
        "Wat het plan zonder elke maatregel zou missen, in de grootste veranderingen. Bij elkaar"
        " is dat niet het geheel: maatregelen versterken elkaar, of nemen elkaar iets af.",
        "What the plan would lack without each measure, in the largest changes. Together that is"
        " not the whole: measures add to one another, or take from one another.",
    ),
    "measure": Text("Maatregel", "Measure"),
    "together": Text("Samen", "Together"),
    "side_by_side": Text("Naast elkaar", "Side by side"),
    "comparison": Text("Plannen vergeleken", "Plans compared"),
    "comparison_means": Text(
        "Elk plan is {runs} keer nagespeeld op {day}, in elke toekomst met dezelfde mensen en"
        " hetzelfde toeval. In woorden staat wat 8 van de 10 keer gebeurt.",
        "Each plan was played out {runs} times on {day}, in every future with the same people and"
        " the same luck. In words is what happens 8 times in 10.",
    ),
    "holds": Text("In alle toekomsten", "In all futures"),
    "holds_means": Text(
        "Wat in alle toekomsten duidelijk dezelfde kant op gaat, heeft een ● in de laatste kolom.",
        "What clearly goes the same way in all futures has a ● in the last column.",
    ),
    "not_in_all": Text("niet in alle", "not in all"),
    "future_name": Text("Toekomst: {future}", "Future: {future}"),
    "sweep": Text("Wat als het er meer of minder waren?", "What if there were more or fewer?"),
    "sweep_means": Text(
        "Het plan met telkens een andere waarde van {over}, elk {runs} keer nagespeeld op {day} met"
        " dezelfde mensen en hetzelfde toeval. Alleen cijfers die ergens duidelijk veranderen.",
        "The plan with another value of {over} each time, each played out {runs} times on {day} with"
        " the same people and the same luck. Only figures that change clearly somewhere.",
    ),
    "page": Text("Blad", "Page"),
    "verdict": Text("In een woord", "In a word"),
    "what_changes": Text("Wat duidelijk verandert", "What changes clearly"),
    "and_more": Text("En nog {count} andere.", "And {count} more."),
    "nothing_clear": Text(
        "Geen enkel cijfer verandert duidelijk.", "No figure changes clearly."
    ),
}  # fmt: skip
