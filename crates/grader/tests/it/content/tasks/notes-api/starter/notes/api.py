"""The notes of everybody, one query for each notebook that is named."""
import json

from django.http import JsonResponse
from django.shortcuts import get_object_or_404

from .models import Note


def shown(note):
    return {"id": note.pk, "title": note.title, "notebook": note.notebook.name}


def notes(request):
    found = Note.objects.order_by("title", "pk")
    return JsonResponse({"results": [shown(one) for one in found]})


def note(request, pk):
    found = get_object_or_404(Note, pk=pk)
    if request.method == "PATCH":
        found.title = json.loads(request.body)["title"]
        found.save()
    return JsonResponse(shown(found))
