"""Addresses of the handbook."""

from __future__ import annotations

from django.urls import path

from yingxu.web.handbook import people, posts, signing, views

urlpatterns = [
    path("handbook", views.book, name="handbook"),
    path("handbook/book.pdf", views.book_pdf, name="handbook_pdf"),
    path("handbook/sw.js", views.service_worker, name="handbook_worker"),
    path("handbook/unread", views.unread, name="handbook_unread"),
    path("handbook/unread/count", views.unread_count, name="handbook_count"),
    path("handbook/sync", signing.sync, name="handbook_sync"),
    path("handbook/read/<str:part>", views.reading, name="handbook_reading"),
    path("handbook/p/<str:item_code>", views.procedure, name="handbook_procedure"),
    path("handbooks/people", people.people, name="handbook_people"),
    path("handbooks/people.csv", people.people_csv, name="handbook_people_csv"),
    path("handbooks/people/remind", people.remind, name="handbook_remind"),
    path("handbooks/posts", posts.posts, name="handbook_posts"),
    path("handbooks/posts/make", posts.make, name="handbook_post_make"),
    path("handbooks/posts/<uuid:post>/change", posts.change, name="handbook_post_change"),
    path("handbooks/posts/<uuid:post>/give", posts.give, name="handbook_post_give"),
    path("handbooks/postings/<uuid:posting>/take", posts.take, name="handbook_post_take"),
]
