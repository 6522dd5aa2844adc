"""What is decided by luck, each with draws of its own: the numbers that key them.

A number belongs to one decision for ever; a new decision takes a new number. `TURN` is followed by
one number for each turn of a search, and comes last.
"""

RESIDENT_CARS, RESIDENT_BIKES = 90, 91
"""How many cars and bikes a building's residents have in the street."""

(HOW_MANY, HOUR, MINUTE, STAY) = range(100, 104)
(MODE, STOP, FOOT_GATE, GARAGE_CHOICE, KIND, SHOP) = range(105, 111)
(ONWARD, ONWARD_KIND, ONWARD_SHOP, ONWARD_STAY) = range(111, 115)
"""Of people: how many come, when, for how long, how, where from, where to, and where to next."""

(LEAVES, LEAVES_HOUR, LEAVES_MINUTE, AWAY) = range(200, 204)
(PLACE_IN_LINE, GATE_IN, GATE_OUT, VIEW, PATIENCE) = range(205, 210)
(STOPS, WRONGLY, THROUGH_HOUR, BYPASS, PLUG, CARD, PAYS) = (211, 212, 201, 214, 215, 216, 217)
"""Of cars."""

(RIDES_HOUR, RIDES_MINUTE, RIDES, RIDES_BACK, TOLERANCE) = range(300, 305)
(CARELESS, CARGO, SQUEEZE, LEFT, FETCHED, PHASE) = range(306, 312)
"""Of bikes."""

TURN = 1000
