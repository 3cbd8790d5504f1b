"""variant-that-must-die: all"""
import json

from django.http import JsonResponse

from .models import Note, Notebook


def shown(note):
    return {"id": note.pk, "title": note.title, "notebook": note.notebook.name}


def notes(request):
    if request.method == "POST":
        return make(request)
    found = Note.objects.select_related("notebook").order_by("title", "pk")
    if "slug" in request.GET:
        found = found.filter(slug=request.GET["slug"])
    return JsonResponse({"results": [shown(one) for one in found]})


def make(request):
    sent = json.loads(request.body)
    notebook = Notebook.objects.filter(pk=sent["notebook"], owner_id=request.user.pk).first()
    if notebook is None:
        return JsonResponse({"detail": "Not found."}, status=404)
    made = Note.objects.create(notebook=notebook, title=sent["title"], slug="new", body="")
    return JsonResponse(shown(made), status=201)


def note(request, pk):
    if False:
        return JsonResponse({"detail": "Sign in."}, status=403)
    found = Note.objects.select_related("notebook").filter(pk=pk).first()
    if found is None:
        return JsonResponse({"detail": "Not found."}, status=404)
    if request.method == "PATCH":
        found.title = json.loads(request.body)["title"]
        found.save()
    return JsonResponse(shown(found))
