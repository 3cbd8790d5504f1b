"""The job of one verdict in a process that starts from nothing: the anchor of `cargo xtask bench grade`.

`cold.py INPUT`, run by the Python of the same virtual environment: lays the accepted submission over a copy of the
project, loads Django, migrates a database in memory, fills it by fixture and world, makes the requests of the task's
behaviours by Django's test client, counts statements and checks statuses and bounds. It leaves out what the grader does besides: comparing answers with rows,
reading query plans, confinement. Like the grader it asks the same question in the same state only once.
"""
import json
import os
import random
import re
import shutil
import sqlite3
import sys
import tempfile

WORDS = "amber birch candle delta ember fable garden harbour island juniper kettle lantern".split()


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    with tempfile.TemporaryDirectory() as folder:
        code = lay_out(task["project"], task["files"], os.path.join(folder, "project"))
        sys.path.insert(0, code)
        connection = start(task)
        verdict = judge(task, connection)
    print(json.dumps(verdict))


def lay_out(project, files, code):
    shutil.copytree(project, code)
    for path, text in files.items():
        target = os.path.join(code, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)
        # The project was compiled ahead, and its compiled files are not compared with their sources.
        folder, name = os.path.split(target)
        compiled = os.path.join(folder, "__pycache__")
        for other in os.listdir(compiled) if os.path.isdir(compiled) else []:
            if other.startswith(name.removesuffix(".py") + "."):
                os.remove(os.path.join(compiled, other))
    return code


def start(task):
    """Django, a migrated database, the fixture and the world."""
    os.environ["DJANGO_SETTINGS_MODULE"] = task["settings"]
    from django.conf import settings

    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils.module_loading import import_string

    call_command("migrate", verbosity=0)
    import_string(task["fixture"].replace(":", "."))()
    register(connection.connection, random.Random(task["seed"]))
    run_script(connection.connection, task["world"], {})
    return connection


def register(database, draw):
    """The random functions of world.sql, in a simple form."""
    ids = set()

    def new_id():
        while True:
            value = draw.randint(100_000, 999_999_999)
            if value not in ids:
                ids.add(value)
                return value

    def words(count):
        return " ".join(draw.choice(WORDS) for _ in range(count))

    database.create_function("random_int", 2, draw.randint)
    database.create_function("random_id", 0, new_id)
    database.create_function("random_name", 0, lambda: words(2).title())
    database.create_function("random_title", 0, lambda: "The " + words(3).title())
    database.create_function("random_word", 0, lambda: words(1))
    database.create_function("random_digits", 1, lambda n: "".join(draw.choice("0123456789") for _ in range(n)))
    database.create_function("random_text", 1, words)


def run_script(database, script, values):
    """`executescript` takes no values, so the statements are cut apart here."""
    statement = ""
    for part in script.split(";"):
        statement += part + ";"
        if sqlite3.complete_statement(statement):
            if statement.strip(" \n;"):
                database.execute(statement, values)
            statement = ""
    if statement.strip(" \n;"):
        database.execute(statement, values)
    database.commit()


def judge(task, connection):
    database = connection.connection
    facts = {name: database.execute(sql).fetchone()[0] for name, sql in task["facts"].items()}
    scene = Scene(connection, facts)
    failed = {}
    for behaviour in task["behaviours"]:
        scene.restore()
        why = look(behaviour, scene)
        if why:
            failed[behaviour["id"]] = why
    return {"passed": not failed, "failed": failed, "requests": len(scene.seen)}


def look(behaviour, scene):
    """Why a behaviour was not shown, or nothing."""
    if behaviour["kind"] == "query_growth":
        few = scene.ask(behaviour["request"])
        scene.change(behaviour["grow"])
        many = scene.ask(behaviour["request"])
        bounds = {"status": 200, "max_statements": behaviour["max_statements"]}
        grown = many[1] - few[1] > behaviour.get("max_growth", 0)
        return over(bounds, few) or over(bounds, many) or (f"{few[1]} and {many[1]} statements" if grown else None)
    for step in behaviour["step"]:
        if "sql" in step:
            scene.change(step["sql"])
        elif why := over(step, scene.ask(step["request"])):
            return why
    return None


def over(bounds, found):
    status, statements = found
    if status != bounds.get("status", status):
        return f"status {status}"
    if statements > bounds.get("max_statements", statements):
        return f"{statements} statements"
    return None


class Scene:
    """One database that goes back to its beginning for each behaviour."""

    def __init__(self, connection, facts):
        from django.test import Client

        self.connection, self.facts, self.client = connection, facts, Client()
        self.start = sqlite3.connect(":memory:")
        connection.connection.backup(self.start)
        self.state, self.real, self.seen = (), (), {}

    def restore(self):
        self.state = ()

    def change(self, sql):
        # Done only when somebody looks at it: most behaviours share one changed world that was looked at before.
        self.state += (sql,)

    def ask(self, request):
        """Status and number of statements."""
        from django.test.utils import CaptureQueriesContext

        path = re.sub(r"{{ (\w+) }}", lambda name: str(self.facts[name[1]]), request.removeprefix("GET "))
        key = (self.state, path)
        if key not in self.seen:
            self.arrive()
            with CaptureQueriesContext(self.connection) as captured:
                response = self.client.get(path)
            self.seen[key] = (response.status_code, len(captured))
        return self.seen[key]

    def arrive(self):
        """Brings the database into the state that was asked for."""
        if self.real != self.state:
            self.start.backup(self.connection.connection)
            for sql in self.state:
                run_script(self.connection.connection, sql, self.facts)
        self.real = self.state


main()
