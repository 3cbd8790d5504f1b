"""Books as the API shows them."""
from rest_framework import serializers

from .models import Book, Copy, Publisher


class PublisherSerializer(serializers.ModelSerializer):
    class Meta:
        model = Publisher
        fields = ["name", "country"]


class CopySerializer(serializers.ModelSerializer):
    branch = serializers.CharField(source="branch.name", read_only=True)

    class Meta:
        model = Copy
        fields = ["barcode", "branch", "state"]


class BookSerializer(serializers.ModelSerializer):
    publisher = PublisherSerializer(read_only=True)
    authors = serializers.SlugRelatedField("name", many=True, read_only=True)
    genres = serializers.SlugRelatedField("name", many=True, read_only=True)

    class Meta:
        model = Book
        fields = ["id", "title", "isbn", "publisher", "authors", "genres"]


class BookDetailSerializer(BookSerializer):
    copies = CopySerializer(many=True, read_only=True)

    class Meta(BookSerializer.Meta):
        fields = BookSerializer.Meta.fields + ["published_on", "pages", "copies"]
