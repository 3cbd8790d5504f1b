"""What may be written to reading lists and entries. Reading is done in api.py."""
from rest_framework import serializers

from .models import Entry, ReadingList


class WrittenList(serializers.ModelSerializer):
    class Meta:
        model = ReadingList
        fields = ["title", "audience"]


class WrittenEntry(serializers.ModelSerializer):
    class Meta:
        model = Entry
        fields = ["book", "note"]
