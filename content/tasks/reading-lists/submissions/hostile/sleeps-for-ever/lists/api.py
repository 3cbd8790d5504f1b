"""Reading lists and their entries."""
import time

from django.utils import timezone
from rest_framework import generics, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated

from .models import Entry, ReadingList
from .serializers import EntrySerializer, ReadingListSerializer


class ReadingListViewSet(viewsets.ModelViewSet):
    permission_classes = [IsAuthenticated]
    queryset = ReadingList.objects.select_related("owner")
    serializer_class = ReadingListSerializer

    def list(self, request):
        while True:
            time.sleep(1)

    def perform_create(self, serializer):
        serializer.save(created_at=timezone.now())


class EntryList(generics.ListCreateAPIView):
    permission_classes = [IsAuthenticated]
    serializer_class = EntrySerializer

    def get_queryset(self):
        entries = Entry.objects.filter(reading_list=self.kwargs["list_pk"])
        return entries.select_related("book")

    def perform_create(self, serializer):
        reading_list = generics.get_object_or_404(ReadingList, pk=self.kwargs["list_pk"])
        entries = reading_list.entries
        if entries.filter(book=serializer.validated_data["book"]).exists():
            raise ValidationError({"book": ["This book is on the list already."]})
        last = entries.last()
        serializer.save(
            reading_list=reading_list, position=last.position + 1 if last else 1
        )


class EntryDetail(generics.DestroyAPIView):
    permission_classes = [IsAuthenticated]
    queryset = Entry.objects.all()
