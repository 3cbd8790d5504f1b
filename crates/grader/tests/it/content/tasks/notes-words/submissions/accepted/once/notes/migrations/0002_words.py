from django.db import migrations, models


def count(apps, schema_editor):
    Note = apps.get_model("notes", "Note")
    notes = list(Note.objects.all())
    for note in notes:
        note.words = len(note.body.split())
    Note.objects.bulk_update(notes, ["words"])


class Migration(migrations.Migration):
    dependencies = [("notes", "0001_initial")]
    operations = [
        migrations.AddField("note", "words", models.PositiveIntegerField(default=0)),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
