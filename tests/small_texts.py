"""The texts of the small corpus that most tests ask: FAQs, a guideline and one JSON line."""

from __future__ import annotations

FAQ = """---
title: Fragen zur Musterstelle
kind: faq
stand: 2024-05-01
---

## Was kostet die Beratung durch die Musterstelle?

Andere Formulierungen:

- Beratung Musterstelle Preis
- Muss die Gemeinde für die Beratung zahlen?

Die Beratung durch die Musterstelle ist für Gemeinden kostenlos. Fahrtkosten werden nicht berechnet.

Quellen: Musterstelle, Mai 2024

Stand: 2024-05

## Wo sitzt die Musterstelle?

Andere Formulierungen:

- Adresse Musterstelle
- In welcher Stadt ist die Musterstelle?

Die Musterstelle sitzt in Leipzig. Besuche sind nach Anmeldung möglich.
"""

GUIDE = """---
title: Musterleitfaden
kind: guideline
stand: 2024-03-01
---

# Das Entwicklungskonzept

## Beschluss

Das Entwicklungskonzept wird vom Gemeinderat beschlossen. Der Beschluss ist keine Satzung und begründet kein Baurecht.

## Fortschreibung

Das Konzept soll spätestens nach fünf Jahren überprüft werden. Die Gemeinde entscheidet selbst, ob sie es fortschreibt.

## Beteiligung

Die Bürgerinnen und Bürger werden mit einer Befragung und zwei Werkstätten beteiligt. Der Zeitplan wird im Amtsblatt
bekannt gemacht.
"""

DOCUMENTS = (
    '{"id": "haushalt", "title": "Haushaltssatzung", "text": "Der Hebesatz der Grundsteuer B beträgt 420 vom Hundert. '
    'Die Satzung tritt am 1. Januar 2025 in Kraft.", "url": "https://example.org/haushalt", "stand": "2025-01-01"}\n'
)
