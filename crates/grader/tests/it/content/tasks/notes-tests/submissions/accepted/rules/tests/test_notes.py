from django.contrib.auth.models import User
from django.test import TestCase

from notes.models import Note, Notebook


class Notes(TestCase):
    def setUp(self):
        self.note = Note.objects.get(slug="ada-1")

    def read_as(self, name):
        if name:
            self.client.force_login(User.objects.get(username=name))
        return self.client.get(f"/api/notes/{self.note.pk}/").status_code

    def test_the_owner_reads(self):
        self.assertEqual(self.read_as("ada"), 200)

    def test_others_do_not(self):
        self.assertEqual(self.read_as("ben"), 404)

    def test_nobody_does_not(self):
        self.assertEqual(self.read_as(None), 403)

    def test_what_is_made_is_stored(self):
        self.client.force_login(User.objects.get(username="ada"))
        notebook = Notebook.objects.get(name="Of ada")
        response = self.client.post(
            "/api/notes/", {"title": "Made", "notebook": notebook.pk}, content_type="application/json"
        )
        self.assertEqual(response.status_code, 201)
        self.assertEqual(Note.objects.filter(title="Made", notebook=notebook).count(), 1)
