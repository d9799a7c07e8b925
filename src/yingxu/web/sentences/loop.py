"""Refusals of the loop once around, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yingxu.demand import refusals as demand
from yingxu.dispatch import refusals as dispatch
from yingxu.ground import refusals as ground
from yingxu.ground.refusals import Refusal
from yingxu.promise import refusals as promise
from yingxu.verify import refusals as verify
from yingxu.voice import refusals as voice
from yingxu.web.saying import duration
from yingxu.web.sentences.fields import malformed
from yingxu.web.templatetags.yingxu import is_english, state_word
from yingxu.web.words import lacking
from yingxu.work import refusals as work

Sentence = Callable[[Any], str]


def _missing(refusal: work.EvidenceMissing) -> str:
    names = [(part.name_en if is_english() else part.name) or part.name for part in refusal.missing]
    return _("Still missing before it can be finished: %(names)s.") % {"names": _(", ").join(names)}


def _illegal(refusal: work.IllegalMove) -> str:
    if refusal.why == "already_there":
        return _("It is %(state)s already.") % {"state": state_word(refusal.to_state)}
    if refusal.why == "ended":
        return _("It is over; nothing more can be done on it.")
    if refusal.why == "not_yours":
        return _("This job is not yours.")
    names = {"before": state_word(refusal.from_state), "after": state_word(refusal.to_state)}
    return _("It is %(before)s; from there it does not go to %(after)s.") % names


def _too_late_to_accept(refusal: work.AcceptanceOver) -> str:
    if not refusal.accept_by:
        return _("The time to accept is over; it goes to somebody else.")
    clock = timezone.localtime(datetime.fromisoformat(refusal.accept_by)).strftime("%H:%M")
    return _("It had to be accepted by %(clock)s; it goes to somebody else.") % {"clock": clock}


#: Refusal -> sentence.
SENTENCES: dict[type[Refusal], Sentence] = {
    ground.NotAllowed: lambda r: _("Your role does not allow this here."),
    ground.OwnWork: lambda r: _("Nobody checks or approves their own work. Ask a colleague."),
    ground.ReasonNeeded: lambda r: _("Give a reason; it is kept with the act."),
    ground.NotFound: lambda r: _("This is not known here, or you may not see it."),
    ground.Malformed: lambda r: malformed(r.field, r.problem, r.limit),
    ground.Stale: lambda r: _(
        "Somebody else changed this a moment ago. Nothing of yours was lost: look again and repeat."
    ),
    ground.CommandReused: lambda r: _("The same command number came with another content."),
    ground.TooDeep: lambda r: _("The house has a loop in its wiring; the act was not carried out."),
    demand.NotInThisState: lambda r: (
        _("It is %(state)s now; this cannot be done any more.") % {"state": state_word(r.state)}
    ),
    demand.PlaceNeeded: lambda r: _(
        "Nobody can be sent without a place. Ask for it; only a critical case with a phone goes."
    ),
    demand.HospitalDecides: lambda r: _("The company's side proposes this; the hospital decides."),
    demand.NothingProposed: lambda r: _("Nothing of that kind waits for a decision."),
    demand.ProposalPending: lambda r: _("Another proposal waits for the hospital's decision."),
    demand.UnmergeWindowOver: lambda r: (
        _("A merge can be taken back for %(hours)s hours; that is over.") % {"hours": r.hours}
    ),
    demand.NotTheSameIncident: lambda r: (
        _("These two cannot be one: %(number)s is closed, merged, or elsewhere.") % {"number": r.master}
    ),
    demand.OnSiteConfirmationNeeded: lambda r: _(
        "A critical case is called off only after somebody has looked on site."
    ),
    demand.AskersWordNeeded: lambda r: _("Write down what the asker said; without it the desk cannot call it off."),
    demand.AlreadyArrived: lambda r: _("Somebody is there already. Tell the worker, or call the service desk."),
    demand.WorkUnderWay: lambda r: _("Work on it is under way; it is answered by the work, not in words."),
    demand.NobodyWasAsked: lambda r: _("You were not asked to be the contact."),
    demand.NotHigher: lambda r: _("That urgency is not on the side that this act is for."),
    promise.NotReportedLate: lambda r: _(
        "There is nothing to mend: it was not reached in time, or never counted as late."
    ),
    work.IllegalMove: _illegal,
    work.AcceptanceOver: _too_late_to_accept,
    work.WrongPlace: lambda r: (
        _("This code belongs to %(scanned)s; the job is at %(place)s.") % {"scanned": r.scanned, "place": r.place}
    ),
    work.EvidenceMissing: _missing,
    work.UnknownStep: lambda r: _("The procedure has no such step."),
    work.StepValueRefused: lambda r: (
        _("This value does not fit the step: %(limit)s.") % {"limit": r.limit or r.problem}
    ),
    work.ReasonNotForThis: lambda r: _("This reason is not one for this act."),
    work.NoOpenPause: lambda r: _("No pause waits for a decision."),
    work.NotOffered: lambda r: _("Nobody asked you to take this job over."),
    work.NoStandard: lambda r: _("This kind of service has no standard in force yet; ask the hospital to publish one."),
    dispatch.NotQualified: lambda r: (
        _("%(worker)s lacks: %(missing)s.") % {"worker": r.worker, "missing": lacking(r.missing)}
    ),
    dispatch.MoreUrgentWaiting: lambda r: (
        _("Critical number %(waiting)s waits and nobody is sent yet: send it first, or give a reason.")
        % {"waiting": r.waiting}
    ),
    verify.NothingToJudge: lambda r: _("The worker has not said done, or it has been judged already."),
    verify.VetoStepFailed: lambda r: _("A critical step failed: it cannot be found good before that is put right."),
    verify.ReopenTooLate: lambda r: (
        _("It could be opened again for %(time)s; that is over. Ask anew: the new request is linked to this one.")
        % {"time": duration(r.window_s)}
    ),
    verify.UnknownReason: lambda r: _("Choose one of the reasons."),
    voice.NothingToRate: lambda r: _("There is nothing to rate yet: wait until somebody has worked on it."),
    voice.AlreadyRated: lambda r: _("You have rated this already. Thank you."),
}
