"""The public catalogue: anybody may read it, nobody writes through it."""
from rest_framework import generics
from rest_framework.pagination import PageNumberPagination

from .models import Book
from .serializers import BookDetailSerializer, BookSerializer


class CataloguePages(PageNumberPagination):
    page_size = 20


class BookList(generics.ListAPIView):
    queryset = Book.objects.select_related("publisher").prefetch_related(
        "authors", "genres"
    )
    serializer_class = BookSerializer
    pagination_class = CataloguePages


class BookDetail(generics.RetrieveAPIView):
    queryset = Book.objects.select_related("publisher").prefetch_related(
        "authors", "genres", "copies__branch"
    )
    serializer_class = BookDetailSerializer
