"""Sentences of the loop once around: what was asked, promised, sent, done, judged; and of the house's setting up."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yingxu.web import saying, words
from yingxu.web.facts.telling import Facts, Sentence, at, joined, reason
from yingxu.web.templatetags.yingxu import priority_word


def _channel(code: str) -> str:
    names = {
        "qr": _("by the printed code"),
        "desk": _("at the desk"),
        "phone": _("by phone"),
        "web": _("signed in"),
        "api": _("by a connected system"),
        "log": _("from an outside log"),
        "supervisor": _("by a supervisor"),
        "self_found": _("found by ourselves"),
        "alarm": _("by an alarm"),
        "kiosk": _("at the kiosk"),
        "im": _("by message"),
        "forum": _("at a forum"),
        "plan": _("by plan"),
        "mail": _("by e-mail"),
        "list": _("in an uploaded list"),
        "follow_up": _("after a step that was not good"),
    }
    return names.get(code, code)


def _answer(code: str) -> str:
    names = {
        "done": _("done"),
        "declined": _("answered no, with the reason"),
        "transferred": _("answered by the department"),
        "merged": _("answered with the other request"),
        "cancelled": _("called off"),
        "explained": _("answered in words"),
    }
    return names.get(code, code)


def _ground(code: str) -> str:
    names = {
        "asker": _("the asker"),
        "check": _("the hospital's check"),
        "first_level": _("the team leader"),
        "lapse": _("nobody objected in time; counted apart"),
        "complaint": _("a complaint"),
        "words": _("the words say no"),
        "veto": _("a critical step had failed"),
        "reopen": _("the same fault"),
    }
    return names.get(code, code)


def _proof(code: str) -> str:
    names = {
        "qr": _("proven by the printed code"),
        "code": _("proven by the typed code"),
        "asker": _("the asker says so"),
        "none": _("not proven"),
    }
    return names.get(code, code)


def _void(code: str) -> str:
    names = {
        "cancelled": _("called off"),
        "merged": _("merged"),
        "replaced": _("another promise took its place"),
        "withdrawn_late": _("called off after it was late; the breach stays counted"),
        "declined": _("answered no"),
        "transferred": _("carried to another department"),
    }
    return names.get(code, code)


def _milestone(facts: Facts) -> str:
    return words.milestone_name(facts["milestone"])


def _rework(facts: Facts) -> str:
    return words.coded("rework_reasons", facts["reason_code"])


def _added(facts: Facts) -> str:
    return _("The asker added something") if facts["is_from_asker"] else _("A word was added")


def _photos(facts: Facts) -> str:
    n = facts["n"]
    if facts.get("signed_by"):
        return _("%(name)s signed") % {"name": facts["signed_by"]}
    return ngettext("%(n)d photo added", "%(n)d photos added", n) % {"n": n}


def _stopped(facts: Facts) -> str:
    values = {"milestone": _milestone(facts), "at": at(facts, "reached_at")}
    if facts["is_kept"]:
        return _("Promise kept: %(milestone)s at %(at)s") % values
    return _("Reached late: %(milestone)s at %(at)s") % values


def _promised(facts: Facts) -> str:
    limit = saying.duration(facts["limit_s"])
    values = {"milestone": _milestone(facts), "limit": limit, "due": at(facts, "due_at")}
    return _("Promised: %(milestone)s within %(limit)s, by %(due)s") % values


def _step(facts: Facts) -> str:
    if facts["is_ok"]:
        return _("Step carried out")
    return _("A critical step failed") if facts["is_critical"] else _("A step was not good")


def _returned(facts: Facts) -> str:
    said = _("The offer was taken back") if facts["is_pulled_back"] else _("The worker gave it back")
    return joined(said, facts.get("note") or reason("return_reasons", facts["reason_code"]))


def _pulled_back(facts: Facts) -> str:
    if facts["reason_code"] == "timeout":
        n = facts.get("n_lapsed") or 1
        return (
            _("Nobody accepted in time; it goes out again")
            if n < 2
            else _("Nobody accepted in time, the %(n)dth time; it goes out again") % {"n": n}
        )
    return joined(
        _("The desk took the offer back"), facts.get("note") or reason("return_reasons", facts["reason_code"])
    )


def _urgency(facts: Facts) -> str:
    values = {"before": priority_word(facts["before"]), "after": priority_word(facts["after"])}
    said = _("Urgency changed from %(before)s to %(after)s") % values
    return said if facts["reason"] == "accepted" else joined(said, facts["reason"])


def _lowering(facts: Facts) -> str:
    values = {"before": priority_word(facts["before"]), "after": priority_word(facts["after"])}
    return joined(_("Proposed to lower from %(before)s to %(after)s") % values, facts["reason"])


def _presence(facts: Facts) -> str:
    return _("Came to work") if facts["is_present"] else _("Left work")


def _first_level(facts: Facts) -> str:
    return _("The team leader looked: good") if facts["is_good"] else _("The team leader looked: not good")


SENTENCES: dict[str, Sentence] = {
    "demand.request.raised": lambda f: (
        _("Asked %(channel)s; number %(number)s") % {"channel": _channel(f["channel"]), "number": f["number"]}
    ),
    "demand.request.accepted": lambda f: _("Taken on"),
    "demand.request.acknowledged": lambda f: _("A person gave the asker a word"),
    "demand.request.clarification_asked": lambda f: joined(_("Asked back"), f["question"]),
    "demand.request.clarification_answered": lambda f: _("The missing fact was given"),
    "demand.request.word_added": lambda f: (
        _("The asker added something") if f["is_from_asker"] else _("A word was added")
    ),
    "demand.request.urged": lambda f: (
        _("Urged (%(n)s); a person owes a word by %(at)s") % {"n": f["n_urges"], "at": at(f, "word_due_at")}
    ),
    "demand.request.priority_changed": _urgency,
    "demand.request.lowering_proposed": _lowering,
    "demand.request.proposal_refused": lambda f: joined(_("The proposal was not agreed to"), f["reason"]),
    "demand.request.merged": lambda f: _("Merged into %(number)s") % {"number": f["master_number"]},
    "demand.request.unmerged": lambda f: _("The merge was taken back"),
    "demand.request.transferred": lambda f: _("Carried to %(name)s") % {"name": f["receiver_name"]},
    "demand.request.transfer_accepted": lambda f: _("The department took it over"),
    "demand.request.transfer_returned": lambda f: joined(_("The department gave it back"), f["reason"]),
    "demand.request.decline_proposed": lambda f: joined(
        _("Proposed to say no"), words.coded("decline_reasons", f["reason_code"])
    ),
    "demand.request.declined": lambda f: joined(_("Answered no"), words.coded("decline_reasons", f["reason_code"])),
    "demand.request.objection_raised": lambda f: _("The asker does not agree with the no"),
    "demand.request.objection_accepted": lambda f: _("The objection was accepted; it goes on"),
    "demand.request.cancelled": lambda f: joined(_("Called off"), words.coded("cancel_reasons", f["reason_code"])),
    "demand.request.answered": lambda f: joined(_("Final answer"), _answer(f["final_answer"])),
    "demand.request.reopened": lambda f: _("Open again"),
    "demand.request.first_contact_asked": lambda f: _("A colleague was asked to be the contact"),
    "demand.request.first_contact_changed": lambda f: _("Another person is the contact now"),
    "work.job.acted_on_behalf": lambda f: joined(_("Done in the worker's name"), f["reason"]),
    "work.job.opened": lambda f: _("Job %(number)s waits to be sent") % {"number": f["number"]},
    "work.job.dispatched": lambda f: (
        _("Offered to %(name)s, to accept by %(at)s") % {"name": f["worker_name"], "at": at(f, "accept_by")}
    ),
    "work.job.accepted": lambda f: _("Accepted by the worker"),
    "work.job.returned": _returned,
    "work.job.set_out": lambda f: _("On the way"),
    "work.job.arrived": lambda f: _("Arrived; %(proof)s") % {"proof": _proof(f["proof"])},
    "work.job.arrival_confirmed": lambda f: _("The asker confirms the arrival"),
    "work.hand_over.offered": lambda f: joined(_("A colleague was asked to take over"), f["note"]),
    "work.hand_over.declined": lambda f: _("The colleague did not take it over"),
    "work.job.handed_over": lambda f: _("%(name)s took it over") % {"name": f["worker_name"]},
    "work.job.started": lambda f: _("Work began"),
    "work.job.made_safe": lambda f: _("The danger is contained"),
    "work.step.carried_out": _step,
    "work.job.evidence_added": _photos,
    "work.pause.asked": lambda f: joined(
        _("Paused (%(reason)s)") % {"reason": words.coded("pause_reasons", f["reason_code"])}, f["told"]
    ),
    "work.pause.approved": lambda f: _("The pause was approved; clocks that may stop stand still"),
    "work.pause.refused": lambda f: _("The pause was not approved; the clocks run on"),
    "work.job.resumed": lambda f: _("Work goes on"),
    "work.job.finished": lambda f: (
        _("The worker says done; the asker is asked until %(at)s") % {"at": at(f, "confirm_by")}
    ),
    "work.job.sent_back": lambda f: joined(
        _("Not good; the work goes on"), words.coded("rework_reasons", f["reason_code"])
    ),
    "work.job.reopened": lambda f: joined(_("Reopened"), words.coded("reopen_reasons", f["reason_code"])),
    "work.job.verified": lambda f: _("Found good by %(who)s") % {"who": _ground(f["ground"])},
    "work.job.closed": lambda f: _("Job closed"),
    "work.job.cancelled": lambda f: _("Job called off"),
    "work.job.followed": lambda f: _("The job went where its request went"),
    "promise.clock.started": _promised,
    "promise.clock.stopped": _stopped,
    "promise.clock.broken": lambda f: (
        _("Promise broken: %(milestone)s was due at %(at)s") % {"milestone": _milestone(f), "at": at(f, "due_at")}
    ),
    "promise.clock.held": lambda f: _("Clock stands still: %(milestone)s") % {"milestone": _milestone(f)},
    "promise.clock.released": lambda f: (
        _("Clock runs again: %(milestone)s by %(at)s") % {"milestone": _milestone(f), "at": at(f, "due_at")}
    ),
    "promise.clock.restarted": lambda f: (
        _("Clock goes on from its start: %(milestone)s") % {"milestone": _milestone(f)}
    ),
    "promise.clock.voided": lambda f: joined(
        _("No longer promised: %(milestone)s") % {"milestone": _milestone(f)}, _void(f["why"])
    ),
    "promise.clock.late_report_accepted": lambda f: joined(
        _("Kept, reported late: %(milestone)s at %(at)s") % {"milestone": _milestone(f), "at": at(f, "reached_at")},
        f["reason"],
    ),
    "dispatch.job.assigned": lambda f: joined(
        _("%(name)s is to go") % {"name": f["worker_name"]}, f.get("override_reason") or f.get("word") or ""
    ),
    "dispatch.job.pulled_back": lambda f: _pulled_back(f),
    "dispatch.job.reassigned": lambda f: joined(
        _("%(name)s is to take over") % {"name": f["to_worker_name"]}, f.get("override_reason") or f.get("note") or ""
    ),
    "verify.job.found_good": lambda f: _("Said to be good: %(who)s") % {"who": _ground(f["ground"])},
    "verify.job.found_bad": lambda f: joined(
        _("Said to be not good by %(who)s") % {"who": _ground(f["ground"])},
        words.coded("rework_reasons", f["reason_code"]),
    ),
    "verify.job.checked_first": _first_level,
    "verify.job.yes_contradicted": lambda f: _("A yes that is kept open: %(why)s") % {"why": _ground(f["ground"])},
    "verify.job.reopening_asked": lambda f: joined(
        _("The same fault is said to be back"), words.coded("reopen_reasons", f["reason_code"])
    ),
    "voice.request.rated": lambda f: _("Rated %(stars)s of 5") % {"stars": f["stars"]},
    "team.team.made": lambda f: _("Team %(code)s was made") % {"code": f["code"]},
    "team.member.joined": lambda f: _("Joined a team"),
    "team.member.presence_changed": _presence,
    "standards.library.installed": lambda f: (
        _("The starter catalogue was taken over: %(lines)s lines, %(items)s items")
        % {"lines": f["n_lines"], "items": f["n_items"]}
    ),
    "standards.catalogue.extended": lambda f: (
        _("The catalogue grew: %(lines)s lines, %(items)s items of our own")
        % {"lines": f["n_lines"], "items": f["n_items"]}
    ),
    "standards.edition.put_in_force": lambda f: (
        _("Edition %(number)s of %(item)s is in force")
        % {"number": f["number"], "item": words.coded("items", f["item_code"])}
    ),
    "ground.site.set_up": lambda f: _("The site was set up"),
    "ground.site.opened": lambda f: _("The hospital opened the site"),
    "ground.place.added": lambda f: (
        ngettext("%(n)d place added", "%(n)d places added", f["n_places"]) % {"n": f["n_places"]}
    ),
    "ground.qr.issued": lambda f: (
        ngettext("%(n)d code issued", "%(n)d codes issued", f["n_codes"]) % {"n": f["n_codes"]}
    ),
    "ground.qr.revoked": lambda f: joined(_("The printed code no longer works"), f["reason"]),
    "ground.party.joined": lambda f: _("Party %(code)s joined") % {"code": f["code"]},
    "ground.contract.signed": lambda f: _("Contract %(number)s was signed") % {"number": f["number"]},
    "ground.account.opened": lambda f: _("Account opened"),
    "ground.account.closed": lambda f: _("Account closed"),
    "ground.role.granted": lambda f: _("Role granted: %(role)s") % {"role": f["role"]},
    "ground.token.made": lambda f: _("A token for a connected system was made"),
    "ground.token.revoked": lambda f: _("The token no longer works"),
    "ground.account.signed_in": lambda f: _("Signed in"),
    "ground.account.signed_out": lambda f: _("Signed out"),
    "ground.account.sign_in_locked": lambda f: _("Too many wrong passwords; locked for a while"),
}
