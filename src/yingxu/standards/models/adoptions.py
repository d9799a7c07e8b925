"""What was known when a promise was adopted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yingxu.ground.models.keyed import Known
from yingxu.standards.models.editions import Edition, Term
from yingxu.standards.models.studies import PromiseStudy


class Standing(models.TextChoices):
    """What a new or tighter promise rests on."""

    HISTORY = "history", "a finished study of the site's own history"
    ASSUMED = "assumed", "a study in which something was typed in the history's place"
    THIN = "thin", "a study that found too little history"
    SETUP = "setup", "adopted while the site was being set up, before it had a history"


#: On these a promise is adopted on trial only, with a reason.
ON_TRIAL = ("assumed", "thin")


class PromiseAdoption(Known):
    """A new or tighter promise of an edition as it was adopted: on what study, and why on trial if it is.

    Written with the decision to put the edition in force; changed only when that moment is set anew before it came.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="adoptions")
    term = models.OneToOneField(Term, on_delete=models.PROTECT, related_name="adoption")
    standing = models.CharField(max_length=8, choices=Standing.choices)
    study = models.ForeignKey(PromiseStudy, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    adopted_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    adopted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(standing="setup") | Q(study__isnull=False), name="adoption_rests_on_a_study"
            ),
            models.CheckConstraint(
                condition=~Q(standing__in=ON_TRIAL) | ~Q(reason=""), name="adoption_on_trial_has_a_reason"
            ),
        ]
