"""What reading needs to know about German: abbreviations, and words that tell headings, contents and hyphens."""

from __future__ import annotations

import re

NUMBERED_HEADING = re.compile(
    r"(?P<number>§+ ?\d+ ?[a-z]?"
    r"|(?:Artikel|Art\.|Kapitel|Abschnitt|Unterabschnitt|Teil|Anlage|Anhang|Titel) (?:\d+|[IVX]+)\b"
    r"|\d{1,2}\.[a-z]\b|\d{1,2}(?:\.\d{1,2})+\.?|\d{1,2}\.|\d{1,2}(?= [A-ZÄÖÜ])"
    r"|[IVX]{1,5}\.(?= +[A-ZÄÖÜ])|[A-H]\.(?= +[A-ZÄÖÜ]))(?:\s+|$)(?P<title>.*)",
    re.DOTALL,
)
"""A line that begins like a numbered heading."""

CONTENTS_HEADING = re.compile(
    r"(?:Inhalt|Inhaltsverzeichnis|Inhaltsübersicht|Gliederung|(?:Abbildungs|Tabellen)verzeichnis)\W*",
    re.IGNORECASE,
)
CONTENTS_LINE = re.compile(r".*?\S[\s.·…_]*?(?:\.\s?){4,}[\s.]*(?:Seite\s+)?(?:\d{1,4}|[ivxlc]{1,6})?$")
"""A line of a table of contents: a title, a row of dots, a page."""
CONTENTS_END = re.compile(r"(?:\d{1,4}|\b[ivxlc]{1,6})$")
PAGE_MARK = re.compile(r"\b(?:S\.|Seiten?|pp?\.)\s?(?=\d)")
"""What says that a number is a page."""
_PAGE = r"(?:(?:\d+(?:\.\d+)*\s)?\(?(?:S\.|Seiten?|pp?\.)\s?)?\d{1,4}(?:\s?[-–]\s?\d{1,4}|\s?ff?\b\.?)?\)?"
PAGE_REFERENCES = re.compile(rf"(?<![\w.,§]){_PAGE}(?![\w%])(?:\s*[,;]\s*{_PAGE}(?![\w%]))*")
"""The pages of an entry in an index: "12, 14–16, 20 f.", "S. 12", "2.4 (S. 11), 5.3 (S. 35)"."""
LEADER = re.compile(r"[.·…_]{5,}")
"""The row of dots between a title and its page, or to be written on."""
FIELD = re.compile(r"(?:[.·…_]\s?){5,}$")
"""The end of a line that has dots to be written on."""

PAGE_NUMBER = re.compile(
    r"(?:(?:Seite|S\.|Blatt)\s*)?[-–|]?\s*(?P<label>\d{1,4}|[ivxlc]{1,7})\s*[-–|]?(?:\s*(?:von|/|\|)\s*\d{1,4})?",
    re.IGNORECASE,
)
"""A page number as it stands alone at the top or bottom of a page."""

JOINING = frozenset({"und", "oder", "bzw.", "beziehungsweise", "sowie", "bis", "als", "noch", "u."})
"""Before these words a hyphen at a line's end stands for a left-out part: "Kinder- und Jugendhilfe"."""

COMMON_WORD = re.compile(
    "der|die|das|und|den|von|mit|ist|für|auf|nicht|eine?|des|dem|wird|sich|werden|oder|bei|auch|sind|aus|nach|zur|zum|einer|"
    "the|and|for|les|del"
)
"""Words that nearly every readable page has, most of them German."""

BULLET = re.compile(r"(?:[-–—•▪◦●○■□☐➢➤►✓✔*·‣⁃\uf000-\uf0ff]|o(?=\s+[A-ZÄÖÜ]))\s+(?=\S)")
"""The mark of a list item that says nothing itself."""

NUMBERED_ITEM = re.compile(r"(?:\d{1,2}[.)]|[a-z]{1,2}\)|[ivx]{1,4}[.)]|[a-h]\.(?=\s+[^\W\d_]{3}))\s+(?=\S)")
FIRST_ITEM = re.compile(r"(?:1[.)]|a[.)]|\(1\)|\(a\))\s")
SOURCES = re.compile(r"Quellen?:\s")
"""How a note on sources begins; it backs the text and answers nothing itself."""

NUMBERED_PARAGRAPH = re.compile(r"\(\d{1,2}[a-z]?\)\s+(?=\S)")
STOP = re.compile(r"(?<!\b[A-Za-z])(?<!\b(?:vgl|ggf|bzw|gem|Abs|Art|Nrn))(?<!\b(?:Nr|ca))[.:;!?…][“”\"»«)\]]*$")
"""The end of a sentence or of what introduces a list."""

ORDINAL = re.compile(
    r"\b(?:der|die|das|dem|den|des|im|am|zum|zur|vom|beim|jede[rsnm]?|ein(?:e[rsnm]?)?|bis|ab|seit|vor|und|oder|sowie|"
    r"erstens|de[rn]en|ihre[rsnm]?|seine[rsnm]?|unsere[rsnm]?|dies(?:e[rsnm]?)?|auf|in|als|noch|nur)\s+"
    r"(?:\d{1,2}\.\s*(?:,|und|oder|bis|bzw\.|/|-|–)\s*)*\d{1,3}\.$",
    re.IGNORECASE,
)
"""A number that is an ordinal ("im 19. Jahrhundert") and ends no sentence, as one in "nach Nummer 3." does."""

ABBREVIATION = re.compile(
    r"(?:^|[\s(\[„\"/–-])(?:"
    r"gem|Gem|vgl|Vgl|s|S|ggf|Ggf|bzw|ca|Ca|rd|max|min|mind|inkl|einschl|exkl|evtl|ehem|sog|insb|insbes|entspr|lfd|Lfd|"
    r"Abs|Art|Nr|Nrn|Ziff|Buchst|lit|Rn|Rz|Rdnr|Kap|Abschn|Anl|Tab|Abb|Bd|Aufl|Hrsg|hrsg|Az|Bsp|Bspw|bspw|Fn|Erl|"
    r"Dr|Prof|Dipl|Ing|Hr|Hrn|Fr|St|Str|Tel|Fax|Fa|Mio|Mrd|Tsd|Std|Min|Sek|Jh|Jhd|Chr|Kfm|med|jur|rer|nat|pol|phil|"
    r"BGBl|GVBl|SächsGVBl|SächsABl|ABl|Abl|GMBl|BAnz|MBl|VBl|RGBl|EU-ABl|SDr|Bek|Verf|Urt|Beschl|"
    r"allg|Allg|amtl|berücks|betr|Betr|bes|dt|europ|gesetzl|kath|ev|lt|o|og|öff|sächs|städt|Stat|stat|Lkr|techn|u|ü|v|vs|"
    r"versch|zzgl|zz|zul|Jan|Feb|Mrz|Apr|Jun|Jul|Aug|Sep|Sept|Okt|Nov|Dez|Mo|Di|Mi|Do|Sa|So"
    r")\.$"
)
MAYBE_LAST = re.compile(r"(?:^|\s)(?:usw|etc|u\. ?[aäÄ]|u\. ?dgl|o\. ?[äÄ]|v\. ?H|n\. ?Chr|v\. ?Chr|e\. ?V|s\. ?o)\.$")
"""Abbreviations that close a sentence so often that only what follows decides."""

GAZETTE = re.compile(r"(?:Bl|BGBl|Abl|ABl|GVBl|Bd|SDr)\.$")

OPENING = re.compile(
    r"(?<=[.…])\s+(?=(?:Der|Die|Das|Dem|Den|Er|Sie|Es|Wir|Ihr|Ein|Eine|Einen|Einer|Dies|Diese|Dieser|Dieses|Hier|Dort|Dann|"
    r"Danach|Davon|Dazu|Dabei|Daher|Damit|Im|In|Bei|Für|Wenn|Falls|Auch|Nach|Mit|Als|Auf|Zum|Zur|Über|Ohne|Ob|Jede|Jeder|"
    r"Alle|Nicht|Nur|Bitte|Sofern|Soweit|Hierzu|Werden|Wird|Ist|Sind|Hat|Kann|Können)\b)"
    r"|(?<=[.\s](?:usw|etc)\.)\s+(?=[A-ZÄÖÜ])|(?<=[uo]\. Ä\.)\s+(?=[A-ZÄÖÜ])|(?<=u\. dgl\.)\s+(?=[A-ZÄÖÜ])"
    r"|(?<=%\.)\s+(?=[A-ZÄÖÜ\d])"
    # The next item of an enumeration: "…; b) …", "…. 1.2 Rechtsgrundlagen …".
    r"|(?<=[.;])\s+(?=(?:[a-z]{1,2}|\(\d{1,2}[a-z]?)\)\s)"
    r"|(?<=(?<!Nr|Nn|bb|ab|bs|rt)[.;])\s+(?=\d{1,2}(?:\.\d{1,2})+\.?\s+[A-ZÄÖÜ])"
)
"""Where a sentence begins whatever stands before: at words that, with a capital, hardly ever follow an abbreviation."""
