"""What people ask for, read from their own words.

Knowledge of the trade comes first, as data: a phrase book for each of the 166 items, classes of words, place
words, and the
decision rules for danger and urgency. Linear models over characters, sounds and word classes learn on top.
Nothing here decides
silently: a proposal carries the words that decided and how sure it is.
"""

from yingxu.core.language.duplicates import Report, SamePair, same_incident
from yingxu.core.language.proposal import Proposal, propose

__all__ = ["Proposal", "Report", "SamePair", "propose", "same_incident"]
