"""Checkable values in German text: dates, amounts, percentages, paragraphs, addresses, numbers.

Every value has one normal form, so that two notations of the same thing are equal:

    1. März 2024, 01.03.2024     2024-03-01        (coarser: 2024-03, 2024, --03-01)
    13 Uhr, 13.00 Uhr            13:00
    12.500 €, 12.500 EUR         12500 EUR
    1,58 Mrd. Euro               1580000000 EUR
    zehn Prozent, 10 %           10 %
    zwei Drittel                 2/3
    §§ 27, 28 SächsGemO          § 27 SächsGemO and § 28 SächsGemO
    0341 97489183                tel:034197489183
    https://www.a.de/b/          a.de/b
    2.000 Einwohner              2000
"""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
# fmt: off
NUMBER_WORDS = {
    word: number
    for number, words in enumerate(
        ("ein|eine|einem|einen|einer", "zwei", "drei", "vier", "fünf", "sechs",
         "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
        start=1,
    )
    for word in words.split("|")
}
# fmt: on
# Spelled-out and inflected names of laws, mapped to the abbreviation under which they are indexed.
LAWS = {
    r"BauGB|Baugesetzbuch(?:e?s)?": "BauGB",
    r"ROG|Raumordnungsgesetz(?:es)?": "ROG",
    r"GG|Grundgesetz(?:es)?": "GG",
    r"SächsGemO|Sächsischen? Gemeindeordnung": "SächsGemO",
    r"SächsLKrO|Sächsischen? Landkreisordnung": "SächsLKrO",
    r"SächsWPVO": "SächsWPVO",
    r"SächsVerf|Sächsischen? Verfassung|Verfassung des Freistaates Sachsen": "Sächsische Verfassung",
    r"SächsVergabeG": "SächsVergabeG",
    r"HOAI": "HOAI",
    r"VgV": "VgV",
    r"KAnG": "KAnG",
    r"UrhG": "UrhG",
}

_LAW = "|".join(f"(?:{name})" for name in LAWS)
_MONTH = "|".join(MONTHS)
_WORD = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_PART = r"(?:\s(?:Abs\.|Absatz|Satz|Nr\.|Nummer)\s\d+[a-z]?\b)*"
_SECTION = rf"\d+[a-z]?\b(?:{_PART})"
_JOIN = r"\s*(?:,|und|oder|bis|sowie|/|–|-)\s*"
_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
_SCALE = r"Mio\.?|Mrd\.?|Millionen|Milliarden|Million|Milliarde"
_UNIT = r"EUR\b|Euro\b|€|%|Prozent\b"

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
WEB = re.compile(
    r"https?://[^\s<>()\[\]|„“”\"]+"
    r"|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:de|org|eu|net|info|com|tv|io)\b(?:/[^\s<>()\[\]|„“”\"]*)?",
    re.IGNORECASE,
)
PHONE = re.compile(r"(?<![\d.,])0\d{2,5}[ /–-]+\d{3,}(?:[ -]\d+)*|\+49[\d ()/-]{6,}\d")
# "§§ 27, 28 SächsGemO" and "§ 171b/§ 171e": numbers may follow bare after "§§", only with their own sign after "§".
PARAGRAPH = re.compile(
    rf"(?:§§\s?(?P<many>{_SECTION}(?:{_JOIN}(?:§§?\s?)?{_SECTION})*)"
    rf"|§\s?(?P<one>{_SECTION}(?:{_JOIN}§\s?{_SECTION})*))"
    rf"(?:\sf{{1,2}}\.)?(?:\s(?:des\s|der\s)?(?P<law>{_LAW})\b)?"
)
ARTICLE = re.compile(rf"\b(?:Art\.|Artikel|Anlage)\s\d+[a-z]?\b{_PART}(?:\s(?:des\s|der\s)?(?P<law>{_LAW})\b)?")
ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})(?:-(\d{2}))?(?!\d)")
LONG_DATE = re.compile(rf"(?:(\d{{1,2}})\.\s?(?:/|bis|–|und)\s?)?(\d{{1,2}})\.\s?({_MONTH})(?:\s(\d{{4}}))?")
SHORT_DATE = re.compile(
    r"(?<![\d.])(?:(\d{1,2})\.(\d{1,2})\.\s?(?:/|bis|–|-|und)\s?)?(\d{1,2})\.(\d{1,2})\.(\d{4})?(?!\d)"
)
MONTH_YEAR = re.compile(rf"({_MONTH})\s(\d{{4}})|(?<![\d/.])(1[0-2]|0?[1-9])/(\d{{4}})")
SUPPLEMENT = re.compile(r"\bLieferung (\d{2})/(\d{2})(?!\d)")  # of a loose-leaf work: month and year
YEAR_SPAN = re.compile(r"(?<![\d.,])((?:19|20)\d{2})/(\d{2})(?!\d)")
CLOCK = re.compile(r"(?<![\d.])(\d{1,2})(?:[:.](\d{2}))?(?:\s?(?:–|-|bis)\s?(\d{1,2})(?:[:.](\d{2}))?)?\sUhr")
FRACTION = re.compile(rf"\b({_WORD})\s(Drittel|Viertel|Fünftel|Zehntel)\b|\b(Hälfte)\b", re.IGNORECASE)
WORD_PERCENT = re.compile(rf"\b({_WORD})\sProzent\b", re.IGNORECASE)
QUANTITY = re.compile(
    rf"(?<![\w.,~])(?P<low>{_NUMBER})(?:\s?(?:–|-|bis|bzw\.)\s?(?P<high>{_NUMBER}))?"
    rf"(?:\s?(?P<scale>{_SCALE}))?(?:\s?(?P<unit>{_UNIT}))?(?![A-Za-zÄÖÜäöüß])"
)
NUMBERING = re.compile(r"(?<![\w.,])\d+(?:\.\d{1,2})+(?![\d.])")
WORD_NUMBER = re.compile(rf"\b({_WORD})\b", re.IGNORECASE)
ARTICLES = {"ein", "eine", "einem", "einen", "einer"}  # counted in "ein Drittel", but no number of their own


def values(text: str, *, words: bool = False) -> frozenset[str]:
    """Extract all checkable values of a German text. ``words`` also counts number words (sieben → 7)."""
    found: set[str] = set()
    rest = " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").replace("−", "-").split())
    for pattern, read in _READERS:
        found.update(value for match in pattern.finditer(rest) for value in read(match))
        rest = pattern.sub(" ", rest)
    if words:
        found.update(
            str(NUMBER_WORDS[word]) for word in map(str.lower, WORD_NUMBER.findall(rest)) if word not in ARTICLES
        )
    return frozenset(found)


def backed(value: str, known: Iterable[str]) -> bool:
    """Tell whether one of the known values says at least as much as this value."""
    return any(_says(other, value) for other in known)


def law(name: str | None) -> str:
    """Abbreviate the name of a law."""
    return next((short for pattern, short in LAWS.items() if re.fullmatch(pattern, name)), name) if name else ""


def paragraphs(match: re.Match[str]) -> Iterator[str]:
    """Normalise one match of PARAGRAPH: one form for each paragraph it names."""
    act = law(match["law"])
    for section in re.split(rf"{_JOIN}(?:§§?\s?)?(?=\d)", match["many"] or match["one"]):
        yield f"§ {_short_parts(section)} {act}".strip()


def article(match: re.Match[str]) -> Iterator[str]:
    """Normalise one match of ARTICLE."""
    act = law(match["law"])
    head = match[0][: match.start("law") - match.start()] if act else match[0]
    head = re.sub(r"\s(?:des|der)\s*$", "", head).replace("Artikel", "Art.")
    yield f"{_short_parts(head.strip())} {act}".strip()


def address(url: str) -> str:
    """Write an address as people do: without scheme, ``www.`` and closing slash."""
    return re.sub(r"^https?://|(?<=/)#.*$", "", url.rstrip(".,;:/"), flags=re.IGNORECASE).removeprefix("www.").lower()


def _short_parts(text: str) -> str:
    return text.replace("Absatz", "Abs.").replace("Nummer", "Nr.").strip()


def _says(known: str, value: str) -> bool:
    if known == value:
        return True
    if value.startswith("--"):  # a day without a year
        return known.endswith(value[1:])
    if re.match(r"§|Art\.|Anlage", value):
        return _same_place(known, value)
    if re.fullmatch(r"\d{4}(-\d{2})?", value):  # a year or a month
        return known.startswith(f"{value}-")
    number, _, unit = value.partition(" ")
    if unit in ("", "EUR") and re.fullmatch(r"[\d.]+", number):
        # The unit may stand elsewhere, for instance in the head of a table column.
        return known in (number, f"{number} EUR") or (not unit and known == f"{number} %")
    return "." in value and "/" not in value and known.partition("/")[0] == value  # the host of an address


def _same_place(known: str, value: str) -> bool:
    """§ 1 BauGB is backed by § 1 Abs. 6 BauGB; a paragraph without its law by the same one with it."""
    place, act = _split_law(value)
    known_place, known_act = _split_law(known)
    return (known_place == place or known_place.startswith(f"{place} ")) and (
        not act or not known_act or act == known_act
    )


def _split_law(value: str) -> tuple[str, str]:
    act = next((short for short in LAWS.values() if value.endswith(f" {short}")), "")
    return value.removesuffix(act).strip(), act


def _number(text: str, scale: str | None = None) -> str:
    factor = {"Mio": 10**6, "Mil": 10**6, "Mrd": 10**9}.get((scale or "")[:3], 1)
    if scale and scale.startswith("Milliard"):
        factor = 10**9
    return format((Decimal(text.replace(".", "").replace(",", ".")) * factor).normalize(), "f")


def _web(match: re.Match[str]) -> Iterator[str]:
    yield address(match[0])


def _email(match: re.Match[str]) -> Iterator[str]:
    yield match[0].lower()


def _phone(match: re.Match[str]) -> Iterator[str]:
    yield "tel:" + re.sub(r"\D", "", match[0].replace("+49", "0").replace("(0)", ""))


def _date(year: str | None, month: int, day: str | None) -> str:
    head = f"{year}-{month:02}" if year else f"--{month:02}"
    return f"{head}-{int(day):02}" if day else head


def _iso_date(match: re.Match[str]) -> Iterator[str]:
    yield _date(match[1], int(match[2]), match[3])


def _long_date(match: re.Match[str]) -> Iterator[str]:
    month = MONTHS.index(match[3]) + 1
    yield from (_date(match[4], month, day) for day in match.group(1, 2) if day)


def _short_date(match: re.Match[str]) -> Iterator[str]:
    for day, month in (match.group(1, 2), match.group(3, 4)):
        if day and 1 <= int(month) <= 12:
            yield _date(match[5], int(month), day)


def _month_year(match: re.Match[str]) -> Iterator[str]:
    yield _date(match[2], MONTHS.index(match[1]) + 1, None) if match[1] else _date(match[4], int(match[3]), None)


def _year_span(match: re.Match[str]) -> Iterator[str]:
    yield match[1]
    yield match[1][:2] + match[2]


def _clock(match: re.Match[str]) -> Iterator[str]:
    for hour, minute in (match.group(1, 2), match.group(3, 4)):
        if hour:
            yield f"{int(hour)}:{minute or '00'}"


def _fraction(match: re.Match[str]) -> Iterator[str]:
    parts = {"drittel": 3, "viertel": 4, "fünftel": 5, "zehntel": 10}
    yield "1/2" if match[3] else f"{NUMBER_WORDS[match[1].lower()]}/{parts[match[2].lower()]}"


def _word_percent(match: re.Match[str]) -> Iterator[str]:
    yield f"{NUMBER_WORDS[match[1].lower()]} %"


def _quantity(match: re.Match[str]) -> Iterator[str]:
    unit = {"%": " %", "Prozent": " %", "EUR": " EUR", "Euro": " EUR", "€": " EUR"}.get(match["unit"] or "", "")
    for number in match.group("low", "high"):
        if number:
            yield _number(number, match["scale"]) + unit


# In reading order: what one reader takes, the next ones do not see.
_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[str]]], ...] = (
    (EMAIL, _email),
    (WEB, _web),
    (ISO_DATE, _iso_date),
    (PARAGRAPH, paragraphs),
    (ARTICLE, article),
    (CLOCK, _clock),
    (LONG_DATE, _long_date),
    (SHORT_DATE, _short_date),
    (MONTH_YEAR, _month_year),
    (SUPPLEMENT, lambda match: iter([f"20{match[2]}-{match[1]}"])),
    (YEAR_SPAN, _year_span),
    (PHONE, _phone),
    (FRACTION, _fraction),
    (WORD_PERCENT, _word_percent),
    (NUMBERING, lambda match: iter([match[0]])),
    (QUANTITY, _quantity),
)
