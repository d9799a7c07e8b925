"""Uploaded tables: bytes to rows, rows to what verbs take, faults by row. What is known already comes as values."""

from yingxu.ground.importing.assets import KnownAround, read_assets
from yingxu.ground.importing.catalogue import ItemLine, read_catalogue
from yingxu.ground.importing.columns import ABOUT_PEOPLE, CATALOGUE, COLUMNS, PEOPLE, PLACES, Column, Fault, Read
from yingxu.ground.importing.papers import (
    CertificateLine,
    DutyLine,
    KnownPeople,
    SkillLine,
    read_certificates,
    read_duties,
    read_skills,
)
from yingxu.ground.importing.people import KnownHouse, PersonLine, read_people
from yingxu.ground.importing.places import read_places
from yingxu.ground.importing.tables import ROWS_AT_MOST, Table, Unreadable, read_table
from yingxu.ground.importing.templates import template_csv, template_xlsx

__all__ = [
    "ABOUT_PEOPLE",
    "CATALOGUE",
    "COLUMNS",
    "PEOPLE",
    "PLACES",
    "ROWS_AT_MOST",
    "CertificateLine",
    "Column",
    "DutyLine",
    "Fault",
    "ItemLine",
    "KnownAround",
    "KnownHouse",
    "KnownPeople",
    "PersonLine",
    "Read",
    "SkillLine",
    "Table",
    "Unreadable",
    "read_assets",
    "read_catalogue",
    "read_certificates",
    "read_duties",
    "read_people",
    "read_places",
    "read_skills",
    "read_table",
    "template_csv",
    "template_xlsx",
]
