"""Level rules, and which of them belong to one table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.domain import Box

SAME = 4.0
"""Points by which the ends of rules of one width may differ."""

_LEVEL = 1.1
"""Points by which pieces of one rule may differ in height; underlined words stand a little higher."""

_NARROWEST_TABLE = 100.0


def level_rules(rules: Iterable[Box]) -> list[Box]:
    """The level rules from top to bottom; pieces that touch end to end, as cells are often framed, are one."""
    level = sorted((rule for rule in rules if rule.x1 - rule.x0 > rule.y1 - rule.y0), key=lambda rule: -rule.y1)
    heights: list[list[Box]] = []
    for rule in level:
        if heights and heights[-1][0].y1 - rule.y1 < _LEVEL:
            heights[-1].append(rule)
        else:
            heights.append([rule])
    joined: list[Box] = []
    for pieces in heights:
        joined.extend(_joined(sorted(pieces, key=lambda piece: piece.x0)))
    return [rule for rule in joined if rule.x1 - rule.x0 >= _NARROWEST_TABLE]


def _joined(pieces: Iterable[Box]) -> list[Box]:
    """Rules of one height, from left to right, those that touch put together."""
    joined: list[Box] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last and piece.x0 <= last.x1 + SAME:
            joined[-1] = Box(x0=last.x0, y0=last.y0, x1=max(last.x1, piece.x1), y1=last.y1)
        else:
            joined.append(piece)
    return joined


def same_ends(rules: Sequence[Box], fewest: int = 3) -> list[list[Box]]:
    """Three rules or more with the same ends, as a table has them."""
    groups: list[list[Box]] = []
    for rule in rules:
        group = next((group for group in groups if _alike(group[0], rule)), None)
        if group is None:
            groups.append([rule])
        else:
            group.append(rule)
    return [group for group in groups if len(group) >= fewest]


def _alike(one: Box, other: Box) -> bool:
    return abs(one.x0 - other.x0) <= SAME and abs(one.x1 - other.x1) <= SAME
