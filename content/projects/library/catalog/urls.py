from django.urls import path

from . import api

urlpatterns = [
    path("books/", api.BookList.as_view(), name="book-list"),
    path("books/<int:pk>/", api.BookDetail.as_view(), name="book-detail"),
]
