"""A member's own reading lists. Lists shared with a branch are not served yet."""
from django.utils import timezone
from rest_framework import viewsets
from rest_framework.generics import ListAPIView, get_object_or_404
from rest_framework.permissions import BasePermission

from .models import ReadingList
from .serializers import EntrySerializer, ReadingListSerializer


class IsMember(BasePermission):
    def has_permission(self, request, view):
        return hasattr(request.user, "member")


class ReadingListViewSet(viewsets.ModelViewSet):
    permission_classes = [IsMember]
    serializer_class = ReadingListSerializer

    def get_queryset(self):
        return self.request.user.member.reading_lists.all()

    def perform_create(self, serializer):
        serializer.save(owner=self.request.user.member, created_at=timezone.now())


class EntryList(ListAPIView):
    permission_classes = [IsMember]
    serializer_class = EntrySerializer

    def get_queryset(self):
        own = ReadingList.objects.filter(owner=self.request.user.member)
        reading_list = get_object_or_404(own, pk=self.kwargs["list_pk"])
        return reading_list.entries.select_related("book")
