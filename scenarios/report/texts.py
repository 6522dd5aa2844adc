"""The sentences of the report's page, by name, in both languages."""

from collections.abc import Mapping

from scenarios.report.table_texts import TABLE_TEXTS
from twin.words import Text

TEXTS: Mapping[str, Text] = {
    "report": Text("Verslag van een plan", "Report of a plan"),
    "place_day": Text("{place}, op {day}", "{place}, on {day}"),
    "contents": Text("In dit verslag", "In this report"),
    "demonstration": Text("Demonstratie.", "Demonstration."),
    "demonstration_means": Text(
        "De sensoren van deze wijk zijn nagebootst. Dit verslag gaat dus niet over de echte wijk:"
        " gebruik het om te oefenen, niet om te besluiten.",
        "The sensors of this place are simulated. So this report is not about the real"
        " neighbourhood: use it to practise, not to decide.",
    ),
    "uncalibrated": Text("Niet vergeleken met cijfers.", "Not compared with figures."),
    "uncalibrated_means": Text(
        "Voor deze wijk zijn nog geen cijfers gebruikt. Alles over wat mensen doen is aangenomen.",
        "No figures have been used for this place yet. All that people do here is assumed.",
    ),
    "few_runs": Text("Een eerste indruk.", "A first impression."),
    "few_runs_means": Text(
        "De dag is maar {runs} keer nagespeeld. Met zo weinig keren lijkt een effect sneller"
        " duidelijk dan het is. Neem er 20 of meer voor een besluit.",
        "The day was played out only {runs} times. With so few, an effect looks clear sooner than"
        " it is. Take 20 or more for a decision.",
    ),
    "in_short": Text("In het kort", "In short"),
    "nothing_changes": Text(
        "Dit plan verandert niets: er staan geen maatregelen in.",
        "This plan changes nothing: there are no measures in it.",
    ),
    "no_clear_changes": Text(
        "Op {day} is van dit plan geen duidelijk effect te zien.",
        "On {day} this plan has no clear effect that can be seen.",
    ),
    "sentence": Text(
        "Op {day} valt dit het meest op: {most}.",
        "On {day} this stands out most: {most}.",
    ),
    "clearly": Text("Wat duidelijk verandert", "What changes clearly"),
    "clearly_count": Text(
        "Van de {count} cijfers veranderen er {clear} duidelijk{small}. Hieronder staan de"
        " grootste veranderingen.",
        "Of the {count} figures, {clear} change clearly{small}. Below are the largest changes.",
    ),
    "of_which_small": Text(", waarvan {small} maar een klein beetje", ", {small} of them only a little"),
    "better": Text("beter", "better"),
    "worse": Text("slechter", "worse"),
    "neither": Text("niet beter of slechter", "neither better nor worse"),
    "from_to": Text("nu {before}, met het plan {after}", "now {before}, with the plan {after}"),
    "plan": Text("Wat er verandert in de straat", "What is changed in the street"),
    "cost": Text("Wat het kost", "What it costs"),
    "investment": Text("Eenmalig", "Once"),
    "yearly": Text("Elk jaar", "Every year"),
    "prices": Text(
        "De prijzen komen uit de prijstabel: ronde bedragen om plannen te vergelijken, geen"
        " offertes. Een gemeente kan er haar eigen prijzen voor invullen. Wat parkeren oplevert,"
        " telt hier niet mee.",
        "Prices are those of the price table: round amounts to compare plans with, not quotations."
        " A city can put its own in their place. What parking earns is no part of them.",
    ),
    "questions": Text(
        "Drie vragen die een raadslid zou moeten stellen",
        "Three questions that a council member should ask",
    ),
    "ask_cost": Text("Wat kost het?", "What does it cost?"),
    "answer_cost": Text(
        "{once} om het te maken en {yearly} per jaar, met de prijzen uit de tabel.",
        "{once} to build it and {yearly} a year, at the prices of the table.",
    ),
    "answer_revenue": Text(
        "Wat parkeren op straat op zo’n dag oplevert: {words}.",
        "What parking on the street earns on such a day: {words}.",
    ),
    "ask_losers": Text("Wie gaat erop achteruit?", "Who loses?"),
    "answer_nobody": Text(
        "Bij geen van de groepen wordt een cijfer duidelijk slechter. Dat is geen bewijs dat"
        " niemand er last van heeft: kijk ook naar de kaarten, want in een enkele straat kan het"
        " anders zijn.",
        "No figure becomes clearly worse for any of the groups. That does not prove that nobody"
        " minds: look at the maps too, because a single street may be different.",
    ),
    "loses": Text("{group} – {what}", "{group} – {what}"),
    "ask_sure": Text("Hoe zeker is dit?", "How sure are we?"),
    "answer_sure": Text(
        "De dag is {runs} keer nagespeeld, met en zonder plan. Bij {unclear} van de {count} cijfers"
        " is er geen duidelijk effect of verandert er niets.",
        "The day was played out {runs} times, with and without the plan. For {unclear} of the"
        " {count} figures there is no clear effect, or no change.",
    ),
    "answer_calibrated": Text(
        "Vooraf is de nagespeelde dag vergeleken met cijfers van dagen die hij niet kende: zie"
        " “Hoe ver kun je dit vertrouwen?”.",
        "The played day was compared beforehand with figures of days that it had not seen: see"
        " “How far can you trust this?”.",
    ),
    "groups": Text("Wie gaat erop vooruit, wie achteruit?", "Who gains, who loses?"),
    "groups_means": Text(
        "Per groep staat hier wat duidelijk verandert. Groepen worden niet bij elkaar opgeteld:"
        " hoeveel voordeel van de een opweegt tegen nadeel van de ander, is een keuze van mensen.",
        "Here is what changes clearly, for each group. Groups are never added up: how much gain of"
        " one outweighs a loss of another is a choice that people make.",
    ),
    "group": Text("Groep", "Group"),
    "goes_better": Text("Wordt beter", "Becomes better"),
    "goes_worse": Text("Wordt slechter", "Becomes worse"),
    "goes_other": Text("Verandert, niet beter of slechter", "Changes, neither better nor worse"),
    "goes_unclear": Text("Geen duidelijk effect", "No clear effect"),
    "a_little": Text("een klein beetje", "a little"),
    "of_figures": Text("{unclear} van {count} cijfers", "{unclear} of {count} figures"),
    "nothing": Text("niets", "nothing"),
    "gain": Text("vooruit", "gains"),
    "loss": Text("achteruit", "loses"),
    "both": Text("deels vooruit, deels achteruit", "partly gains, partly loses"),
    "hardly": Text("hooguit een klein verschil", "a small difference at most"),
    "unclear": Text("geen duidelijk effect", "no clear effect"),
    "maps": Text("Waar verandert het?", "Where does it change?"),
    "maps_means": Text(
        "Gekleurde straten veranderen duidelijk: minder is blauw, meer is oranje. Hoe dikker de"
        " lijn, hoe groter de verandering. Met de stippellijn is omrand waar het plan iets"
        " verandert. De nummers staan ook in de tabel bij de kaart.",
        "Coloured streets change clearly: fewer is blue, more is orange. The thicker the line, the"
        " larger the change. The dashed line surrounds where the plan changes something. The"
        " numbers are those in the table beside the map.",
    ),
    "map_title": Text("Kaart: {figure}, verandering per straat", "Map: {figure}, change by street"),
    "map_none": Text(
        "Geen enkele straat verandert hier duidelijk.", "No street changes clearly here."
    ),
    "range_less": Text("{low} tot {high} {unit} minder", "{low} to {high} fewer {unit}"),
    "range_more": Text("{low} tot {high} {unit} meer", "{low} to {high} more {unit}"),
    "beyond_less": Text("minstens {low} {unit} minder", "at least {low} fewer {unit}"),
    "beyond_more": Text("minstens {low} {unit} meer", "at least {low} more {unit}"),
    "legend_plan": Text("hier verandert het plan iets", "the plan changes something here"),
    "legend_none": Text(
        "geen duidelijke of een kleinere verandering", "no clear change, or a smaller one"
    ),
    "street": Text("Straat", "Street"),
    "change": Text("Verandering", "Change"),
    "most_streets": Text(
        "Straten die het meest veranderen, heel de straat samen",
        "Streets that change most, the whole street together",
    ),
    "most_streets_mean": Text(
        "Straten die het meest veranderen, gemiddeld over de straat",
        "Streets that change most, on average along the street",
    ),
    "by_plan": Text("bij het plan", "by the plan"),
    "moved": Text("Waar gaat het heen?", "Where does it go?"),
    "moved_means": Text(
        "Minder auto's of fietsen in de ene straat kan meer betekenen in een andere. Deze tabel"
        " laat zien wat er bij het plan verandert, en wat in alle andere straten. Verkeer en"
        " voorbijgangers zijn geteld in kilometers, omdat dezelfde auto door veel straten rijdt.",
        "Fewer cars or bikes in one street can mean more in another. This table shows what changes"
        " by the plan, and what in all other streets. Traffic and passers-by are counted in"
        " kilometres, because the same car drives through many streets.",
    ),
    "figure": Text("Wat", "What"),
    "inside": Text("Binnen {here} m van het plan", "Within {here} m of the plan"),
    "outside": Text("In alle andere straten", "In all other streets"),
    "hours": Text("Door de dag heen", "Through the day"),
    "hours_means": Text(
        "De lijn is het midden; in de band eromheen liggen 8 van de 10 nagespeelde dagen.",
        "The line is the middle; 8 in 10 of the days played lie in the band around it.",
    ),
    "hours_occupied": Text("Bezette parkeervakken in de hele wijk", "Parking spaces taken, whole place"),
    "hours_loose": Text("Los gestalde fietsen in de hele wijk", "Loose bikes, whole place"),
    "spaces": Text("vakken", "spaces"),
    "bikes": Text("fietsen", "bikes"),
    "chart_desc": Text(
        "Lijngrafiek van {first} tot {last}. Nu het laagst {now_low} en het hoogst {now_high}, met"
        " het plan {new_low} en {new_high} {unit}. De tabel eronder zegt hetzelfde.",
        "Line chart from {first} to {last}. Now the lowest is {now_low} and the highest"
        " {now_high}, with the plan {new_low} and {new_high} {unit}. The table below says the same.",
    ),
    "as_table": Text("Als tabel", "As a table"),
    "hour": Text("Uur", "Hour"),
    "now": Text("Nu", "Now"),
    "with_plan": Text("Met het plan", "With the plan"),
    "all": Text("Alle cijfers", "All figures"),
    "all_means": Text(
        "Bij de verandering staat het midden en, tussen haakjes, waar 8 van de 10 nagespeelde dagen"
        " tussen liggen.",
        "The change is the middle and, in brackets, what 8 in 10 of the days played lie between.",
    ),
    "indicator": Text("Effect", "Effect"),
    "change_80": Text("Verandering (8 van de 10)", "Change (8 in 10)"),
    "unit": Text("Eenheid", "Unit"),
    "means": Text("Wat het betekent", "What it means"),
    "belief": Text("Hoe ver kun je dit vertrouwen?", "How far can you trust this?"),
    "how": Text(
        "Dit zijn geen metingen van het plan. Een computer speelt de dag na: mensen kiezen hoe ze"
        " komen, zoeken een plek, zetten hun fiets neer en lopen. Dat gebeurt {runs} keer zonder en"
        " {runs} keer met het plan, telkens met hetzelfde toeval. Het verschil is het effect.",
        "These are no measurements of the plan. A computer plays out the day: people choose how to"
        " come, look for a space, leave their bike and walk. That is done {runs} times without and"
        " {runs} times with the plan, each time with the same luck. The difference is the effect.",
    ),
    "unclear_means": Text(
        "“Geen duidelijk effect” betekent: in de ene nagespeelde dag is het meer, in de andere"
        " minder. Het kan dan twee kanten op. Het betekent niet dat er zeker niets verandert.",
        "“No clear effect” means: on one day played there is more, on another less. It can go"
        " either way. It does not mean that certainly nothing changes.",
    ),
    "fitted": Text(
        "De nagespeelde dag is afgesteld op vrijgegeven cijfers van {fitted}. Daarna is hij"
        " vergeleken met cijfers van {held}, die hij niet kende. De cijfers zijn {origins}.",
        "The played day was set by published figures of {fitted}. It was then compared with figures"
        " of {held}, which it had not seen. The figures are {origins}.",
    ),
    "until": Text("{since} tot en met {until}", "{since} up to and including {until}"),
    "compared": Text("Vergeleken cijfers", "Figures compared"),
    "off_by": Text("Gewoonlijk ernaast", "Usually off by"),
    "bias": Text("Gemiddeld te hoog of te laag", "Too high or too low on average"),
    "explained": Text("Verschillen die kloppen (R²)", "Differences it gets right (R²)"),
    "held": Text("Binnen de marge (hoort rond 80 % te zijn)", "Within its range (should be about 80 %)"),
    "cannot": Text("Wat dit niet kan weten", "What this cannot know"),
    "cannot_feel": Text(
        "Wat mensen ervan vinden, en of zij hun gewoonten na jaren veranderen.",
        "What people think of it, and whether they change their habits after years.",
    ),
    "cannot_day": Text(
        "Regen, vakanties, wegwerk en wat er verder bijzonder is aan een dag.",
        "Rain, holidays, road works and whatever else is special about a day.",
    ),
    "cannot_beyond": Text(
        "Wat er buiten de wijk gebeurt: wie wegrijdt, wordt daar niet gevolgd.",
        "What happens outside the neighbourhood: those who drive off are not followed there.",
    ),
    "cannot_shops": Text(
        "Of winkels en cafés er door het plan bij komen of verdwijnen.",
        "Whether shops and cafés open or close because of the plan.",
    ),
    "assumed": Text(
        "Niet alles op de kaart is bekend. Aangenomen is: {layers}.",
        "Not all of the map is known. Assumed are: {layers}.",
    ),
    "assumed_share": Text("{share} van de {layer}", "{share} of the {layer}"),
    "future": Text(
        "Dit verslag gaat uit van een toekomst met andere wensen: {future}.",
        "This report supposes a future with other wishes: {future}.",
    ),
    "future_cars": Text("{x} keer zoveel auto's per huishouden", "{x} times the cars per household"),
    "future_people": Text("{x} keer zoveel bewoners", "{x} times the residents"),
    "future_shopping": Text("{x} keer zoveel winkelbezoek", "{x} times the visits to shops"),
    "repeat": Text("Zelf narekenen", "Repeat it yourself"),
    "repeat_means": Text(
        "Met dezelfde gegevens en versies geeft deze opdracht dezelfde cijfers:",
        "With the same data and versions this command gives the same figures:",
    ),
    "the_plan": Text("Het plan als bestand ({file})", "The plan as a file ({file})"),
    "record": Text("Gegevens van deze berekening", "Record of this calculation"),
    "field": Text("Gegeven", "Item"),
    "value": Text("Waarde", "Value"),
    "record_place": Text("Wijk", "Place"),
    "record_runs": Text("Aantal keer nagespeeld", "Times played out"),
    "record_seed": Text("Begingetal van het toeval", "Seed of all luck"),
    "record_scenario": Text("Vingerafdruk van het plan", "Fingerprint of the plan"),
    "record_city": Text("Vingerafdruk van de kaart", "Fingerprint of the map"),
    "record_calibration": Text("Vingerafdruk van de afstelling", "Fingerprint of the settings fitted"),
    "record_versions": Text("Versies", "Versions"),
    "map_data": Text("Kaartgegevens:", "Map data:"),
    **TABLE_TEXTS,
}  # fmt: skip
