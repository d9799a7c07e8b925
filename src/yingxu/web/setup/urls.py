"""Addresses of the first hour and of what is furnished later, one by one."""

from __future__ import annotations

from django.urls import path

from yingxu.web.furniture import items, people, places
from yingxu.web.qr import views as qr
from yingxu.web.setup import uploads, views

urlpatterns = [
    path("setup", views.first_hour, name="setup"),
    path("setup/site", views.make_site, name="setup_site"),
    path("setup/lines", views.lines, name="setup_lines"),
    path("setup/contract", views.contract, name="setup_contract"),
    path("setup/open", views.open_site, name="setup_open"),
    path("setup/first-passwords", views.first_passwords, name="first_passwords"),
    path("setup/upload/<str:table>", uploads.upload, name="upload"),
    path("setup/template/<str:table>.<str:ending>", uploads.template, name="template"),
    path("setup/imports/<uuid:import_id>/take-back", uploads.take_back, name="take_back_import"),
    path("house/places", places.listed, name="places"),
    path("house/places/new", places.new, name="new_place"),
    path("house/places/<str:code>", places.one, name="place"),
    path("house/places/<str:code>/close", places.close, name="close_place"),
    path("house/places/<str:code>/revoke", places.revoke_code, name="revoke_place_code"),
    path("house/places/<str:code>/reopen", places.reopen, name="reopen_place"),
    path("house/people", people.listed, name="people"),
    path("house/people/new", people.new, name="new_person"),
    path("house/people/<int:account_id>", people.one, name="person"),
    path("house/people/<int:account_id>/role", people.add_role, name="add_role"),
    path("house/people/<int:account_id>/role/<uuid:holding_id>/end", people.end_role, name="end_role"),
    path("house/people/<int:account_id>/password", people.password, name="reset_password"),
    path("house/people/<int:account_id>/close", people.close, name="close_person"),
    path("house/catalogue", items.listed, name="catalogue"),
    path("house/catalogue/<str:code>", items.one, name="catalogue_item"),
    path("house/catalogue/<str:code>/move", items.move, name="move_item"),
    path("house/codes", qr.codes, name="codes"),
    path("house/codes/print", qr.print_sheet, name="print_codes"),
    path("q", qr.type_code, name="type_code"),
]
