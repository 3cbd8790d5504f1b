from django.test import TestCase


class Notes(TestCase):
    def test_the_list_is_there(self):
        self.assertEqual(self.client.get("/api/notes/").status_code, 200)
