"""`load.py SOURCE`: copies the guides from the tables of the site's example into Django's own."""
import os
import sqlite3
import sys
from datetime import datetime

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
import django

django.setup()
from django.core.management import call_command
from guides import models

call_command("migrate", run_syncdb=True, verbosity=0)
source = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
source.row_factory = sqlite3.Row


def copy(model, query, **convert):
    rows = [dict(row) for row in source.execute(query)]
    for row in rows:
        row.update({name: function(row[name]) for name, function in convert.items()})
    model.objects.bulk_create([model(**row) for row in rows])


for model in (models.Competency, models.Guide, models.Section, models.Question, models.Proof, models.Block, models.Link):
    copy(model, f"select * from {model.__name__.lower()}")
copy(
    models.ProofRun,
    "select key as proof_id, versions, proved_at, passed from proof_run where key in (select key from proof)",
    # Python 3.10 does not read the Z.
    proved_at=lambda text: datetime.fromisoformat(text.replace("Z", "+00:00")),
    passed=bool,
)
