"""The version of the ledger: a text that is another one after every change.

Triggers of the database keep it, so it does not matter who changes a row: this program, the import, the desk's
old terminal, or somebody at a prompt. Every insert, update and delete of a row of `lending_loan`,
`catalog_copy` or `catalog_book` gives it a new value, in the same transaction.
"""
from django.db import connection


def version():
    """The present version. One small statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM lending_ledger")
        return cursor.fetchone()[0]
