"""The same with DRF and plain values."""
from django.db.models import F
from rest_framework import generics, serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated

from .models import Note, Notebook


class NoteSerializer(serializers.ModelSerializer):
    notebook = serializers.SlugRelatedField("name", read_only=True)

    class Meta:
        model = Note
        fields = ["id", "title", "notebook"]


class Notes(generics.ListCreateAPIView):
    authentication_classes = [SessionAuthentication]
    serializer_class = NoteSerializer

    def list(self, request):
        found = Note.objects.order_by("title", "pk")
        if "slug" in request.query_params:
            found = found.filter(slug=request.query_params["slug"])
        rows = found.annotate(of=F("notebook__name")).values("pk", "title", "of")
        from rest_framework.response import Response

        return Response({"results": [{"id": row["pk"], "title": row["title"], "notebook": row["of"]} for row in rows]})

    def perform_create(self, serializer):
        notebook = generics.get_object_or_404(Notebook, pk=self.request.data["notebook"], owner=self.request.user)
        serializer.save(notebook=notebook, slug="new", body="")


class OneNote(generics.RetrieveUpdateAPIView):
    authentication_classes = [SessionAuthentication]
    permission_classes = [IsAuthenticated]
    serializer_class = NoteSerializer

    def get_queryset(self):
        return Note.objects.select_related("notebook").filter(notebook__owner=self.request.user)


notes, note = Notes.as_view(), OneNote.as_view()
