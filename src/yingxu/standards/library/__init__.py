"""The starter library: the trade written down as rows, loaded once into a site and edited there ever after.

Plain UTF-8 CSV with a header; several values in one cell are joined by ``;`` (all of them) and ``|`` (any of them).
A figure that comes from outside carries ``basis``, ``basis_edition`` and ``mark``: ``V#`` was found stated in a public
text, ``K`` is well known in the field but was not read again, ``E`` is an expert's estimate. ``verified_on`` is empty
until the hospital's own specialist has checked the row against the official edition.

lines, items, priorities, calendars, place_classes    the catalogue
promise_terms, escalations                            what is promised, and who is told when it slips
certificates, certificate_states, skills, skill_levels    who may do it
pause, decline, return, cancel, rework, reopen, delay reasons; cause_codes; receivers    the words for why
procedures/*.toml, generic_procedures/*.toml          how it is done: per item, else per kind of work
cycles, seasons                                       what the law or good practice asks for before anyone does
holidays_cn                                           days off and make-up working days (see HOLIDAYS_NOTICE.txt)
"""
