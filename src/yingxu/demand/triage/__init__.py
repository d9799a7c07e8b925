"""Reading a text for the desk: what, where, how urgent, what is missing, what it repeats. A proposal; people decide."""

from yingxu.demand.triage.reading import Read, read
from yingxu.demand.triage.receivers import receiver_for
from yingxu.demand.triage.rules import RuleHit, rule_hit
from yingxu.demand.triage.tables import InUse, Tree, table_in_use, tree_of
from yingxu.demand.triage.twins import Earlier, Twin, recent_reports, twins_of

__all__ = [
    "Earlier",
    "InUse",
    "Read",
    "RuleHit",
    "Tree",
    "Twin",
    "read",
    "receiver_for",
    "recent_reports",
    "rule_hit",
    "table_in_use",
    "tree_of",
    "twins_of",
]
