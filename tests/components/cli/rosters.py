"""What an alliance may change in its roster."""

from dataclasses import replace


def with_end(roster, end):
    return replace(roster, valid_until=end)


def without(roster, code):
    others = {city.code: city for city in roster.cities.values() if city.code != code}
    return replace(roster, cities=others)


def in_state(roster, code, state):
    city = replace(roster.cities[code], state=state)
    return replace(roster, cities={**roster.cities, code: city})
