"""Reading lists and their entries as the API shows them."""
from rest_framework import serializers

from .models import Entry, ReadingList


class ReadingListSerializer(serializers.ModelSerializer):
    class Meta:
        model = ReadingList
        fields = ["id", "title", "audience", "created_at"]
        read_only_fields = ["created_at"]


class EntrySerializer(serializers.ModelSerializer):
    title = serializers.CharField(source="book.title", read_only=True)

    class Meta:
        model = Entry
        fields = ["id", "book", "title", "position", "note"]
