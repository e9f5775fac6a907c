"""What the demo shop sells, and where its visitors come from; weights where they matter.

Names and addresses are made up; the domains are reserved for examples (RFC 2606).
"""

from typing import Final, NamedTuple


class Product(NamedTuple):
    slug: str
    category: str
    price: float


class Device(NamedTuple):
    device_type: str
    os: str
    browser: str
    width: int
    height: int


class Place(NamedTuple):
    country_code: str
    country: str
    city: str
    time_zone: str


class Source(NamedTuple):
    """Where a visit comes from; `medium` and `campaign` are empty for an untagged link."""

    referring_domain: str
    source: str
    medium: str
    campaign: str


PRODUCTS: Final = (
    Product("boxwood-ball", "hedges", 24.9),
    Product("hornbeam-bareroot", "hedges", 3.4),
    Product("beech-hedge-set", "hedges", 89.0),
    Product("lavender-trio", "herbs", 11.5),
    Product("rosemary-standard", "herbs", 19.0),
    Product("hand-shears", "tools", 38.0),
    Product("long-reach-trimmer", "tools", 149.0),
    Product("leather-gloves", "tools", 21.0),
    Product("compost-40l", "soil", 12.0),
    Product("planting-kit", "soil", 29.5),
)
DEVICES: Final = (
    (Device("Desktop", "Mac OS X", "Safari", 1512, 982), 14),
    (Device("Desktop", "Mac OS X", "Chrome", 1728, 1117), 16),
    (Device("Desktop", "Windows", "Chrome", 1920, 1080), 24),
    (Device("Desktop", "Windows", "Microsoft Edge", 1536, 864), 8),
    (Device("Desktop", "Linux", "Firefox", 1920, 1200), 5),
    (Device("Mobile", "iOS", "Mobile Safari", 390, 844), 19),
    (Device("Mobile", "Android", "Chrome", 412, 915), 21),
    (Device("Tablet", "iOS", "Mobile Safari", 820, 1180), 4),
)
PLACES: Final = (
    (Place("DE", "Germany", "Leipzig", "Europe/Berlin"), 22),
    (Place("DE", "Germany", "Hamburg", "Europe/Berlin"), 14),
    (Place("GB", "United Kingdom", "Bristol", "Europe/London"), 17),
    (Place("FR", "France", "Nantes", "Europe/Paris"), 12),
    (Place("NL", "Netherlands", "Utrecht", "Europe/Amsterdam"), 9),
    (Place("US", "United States", "Portland", "America/Los_Angeles"), 11),
    (Place("SE", "Sweden", "Malmo", "Europe/Stockholm"), 5),
    (Place("JP", "Japan", "Kyoto", "Asia/Tokyo"), 3),
)
SOURCES: Final = (
    (Source("$direct", "", "", ""), 30),
    (Source("www.google.com", "", "", ""), 28),
    (Source("www.google.com", "google", "cpc", "spring-hedges"), 12),
    (Source("www.instagram.com", "instagram", "social", "before-and-after"), 9),
    (Source("newsletter.example.net", "newsletter", "email", "planting-calendar"), 8),
    (Source("forum.example.org", "", "", ""), 7),
    (Source("duckduckgo.com", "", "", ""), 6),
)
FIRST_NAMES: Final = (
    *("Ada", "Bela", "Chidi", "Dana", "Emil", "Fatima", "Goran", "Hana", "Idris", "Jana", "Kofi"),
    *("Lena", "Mateo", "Nora", "Omar", "Priya", "Quinn", "Rosa", "Sami", "Tuva", "Uma", "Viktor"),
    *("Wanda", "Ximena", "Yusuf", "Zoe"),
)
LAST_NAMES: Final = (
    *("Adler", "Bianchi", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Hughes", "Ito"),
    *("Jansen", "Kowalski", "Laurent", "Moreau", "Novak", "Okafor", "Petrov", "Quist", "Rossi"),
    *("Schmidt", "Tanaka", "Urban", "Vogel", "Weber", "Yilmaz", "Zhang"),
)
COMPANIES: Final = (
    ("oak-and-sons", "Oak & Sons Landscaping", "landscaping", 12),
    ("greenline", "Greenline Gardens", "landscaping", 45),
    ("stadtgruen", "Stadtgruen eG", "housing", 130),
    ("courtyard", "Courtyard Hotels", "hospitality", 800),
    ("hillside-school", "Hillside School", "education", 60),
    ("riverbank", "Riverbank Estates", "housing", 25),
)
STORES: Final = (("online-eu", "Online EU"), ("online-uk", "Online UK"), ("online-us", "Online US"))
SEARCHES: Final = ("hedge", "evergreen hedge", "shears", "lavender", "how tall is hornbeam")
