"""The city that stands for the time at an office: a country's seat of government, or none.

Babel's CLDR data name a time zone by its largest city, which is often not where a country is
governed from, and not where its mission works either.
"""

from functools import cache

from babel import Locale
from babel.core import get_global

from .countries import COUNTRIES

# Zones of COUNTRIES that go by another city than the seat of government, or by an old name of it.
ANOTHER_CITY = {
    "Africa/Abidjan",  # Yamoussoukro
    "Africa/Blantyre",  # Lilongwe
    "Africa/Bujumbura",  # Gitega
    "Africa/Casablanca",  # Rabat
    "Africa/Dar_es_Salaam",  # Dodoma
    "Africa/Douala",  # Yaoundé
    "Africa/Johannesburg",  # Pretoria
    "Africa/Lagos",  # Abuja
    "Africa/Porto-Novo",  # Cotonou
    "America/Guayaquil",  # Quito
    "America/Lower_Princes",  # Philipsburg
    "America/Miquelon",  # Saint-Pierre
    "America/New_York",  # Washington, D.C.
    "America/Nuuk",  # in Korean CLDR still by its Danish name
    "America/Sao_Paulo",  # Brasília
    "America/Toronto",  # Ottawa
    "Asia/Aden",  # Sana'a
    "Asia/Almaty",  # Astana
    "Asia/Dubai",  # Abu Dhabi
    "Asia/Hebron",  # Ramallah
    "Asia/Ho_Chi_Minh",  # Hanoi
    "Asia/Jerusalem",  # as a seat of government not recognised by the United Nations
    "Asia/Karachi",  # Islamabad
    "Asia/Kolkata",  # New Delhi
    "Asia/Kuala_Lumpur",  # Putrajaya
    "Asia/Shanghai",  # Beijing
    "Asia/Yangon",  # Naypyidaw
    "Australia/Sydney",  # Canberra
    "Europe/Amsterdam",  # The Hague
    "Europe/Istanbul",  # Ankara
    "Europe/Kyiv",  # in Korean CLDR still by its Russian name
    "Europe/Zurich",  # Bern
    "Pacific/Auckland",  # Wellington
}
_SEATS = {
    (country.code, country.time_zone)
    for country in COUNTRIES
    if country.time_zone not in ANOTHER_CITY
}


@cache
def seat_of_government(country_code: str, zone: str, language: str) -> str:
    """The seat's name in `language`, "ko" or "en"; "" where `zone` does not go by it.

    An island or a city state is named whole, as its zone is.
    """
    if (country_code, zone) not in _SEATS:
        return ""
    cities = Locale.parse(language).time_zones
    # CLDR keeps the names that zones had first: Asia/Katmandu.
    former = [old for old, new in get_global("zone_aliases").items() if new == zone]
    named = [city for name in (zone, *former) if (city := cities.get(name, {}).get("city"))]
    # In English, CLDR names only the cities that the zone's own name does not give.
    own = zone.rpartition("/")[2].replace("_", " ") if language == "en" else ""
    return named[0] if named else own
