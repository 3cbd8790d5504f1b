"""Reading lists and their entries."""
from django.utils import timezone
from django.utils.functional import cached_property
from rest_framework import generics, viewsets
from rest_framework.exceptions import ValidationError

from .permissions import EntryPermission, ListPermission, owns, visible_to
from .serializers import EntrySerializer, OwnEntrySerializer, ReadingListSerializer


class ReadingListViewSet(viewsets.ModelViewSet):
    permission_classes = [ListPermission]
    serializer_class = ReadingListSerializer

    def get_queryset(self):
        return visible_to(self.request.user).select_related("owner")

    def perform_create(self, serializer):
        serializer.save(owner=self.request.user.member, created_at=timezone.now())


class EntriesOfList:
    """For views below a list: what they do begins from the list in the address."""

    permission_classes = [EntryPermission]

    @cached_property
    def reading_list(self):
        visible = visible_to(self.request.user).select_related("owner")
        return generics.get_object_or_404(visible, pk=self.kwargs["list_pk"])

    def get_queryset(self):
        return self.reading_list.entries.select_related("book")


class EntryList(EntriesOfList, generics.ListCreateAPIView):
    def get_serializer_class(self):
        own = owns(self.request.user, self.reading_list)
        return OwnEntrySerializer if own else EntrySerializer

    def perform_create(self, serializer):
        entries = self.reading_list.entries
        if entries.filter(book=serializer.validated_data["book"]).exists():
            raise ValidationError({"book": ["This book is on the list already."]})
        last = entries.last()
        serializer.save(
            reading_list=self.reading_list, position=last.position + 1 if last else 1
        )


class EntryDetail(EntriesOfList, generics.DestroyAPIView):
    pass
