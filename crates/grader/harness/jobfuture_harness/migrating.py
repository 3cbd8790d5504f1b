"""The candidate's migrations, step by step as they are asked for."""
from . import output, runtime


def run(channel, printed):
    runtime.finish_loading()
    channel.send(b"r", {"output": printed.take()})
    while True:
        kind, head, _ = channel.receive()
        if kind != b"G":
            return
        problem = None
        try:
            forget_types()
            migrate(head["app"], head["to"])
        except Exception as error:
            problem = output.without_places(f"{type(error).__name__}: {error}")
            printed.write(output.readable(error, runtime.config["project"]))
        channel.send(b"g", {"turn": head["turn"], "error": problem, "output": printed.take()})


def migrate(app, to):
    """What the command does, without the signals after it that make permissions for the admin."""
    from django.core.management.base import CommandError
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    conflicts = executor.loader.detect_conflicts()
    if conflicts:
        names = "; ".join(f"{', '.join(found)} in {label}" for label, found in conflicts.items())
        raise CommandError(f"Conflicting migrations, more than one is the last: {names}")
    if to == "latest":
        targets = [key for key in executor.loader.graph.leaf_nodes() if key[0] == app]
    elif to == "zero":
        targets = [(app, None)]
    else:
        targets = [(app, executor.loader.get_migration_by_prefix(app, to).name)]
    executor.migrate(targets)


def forget_types():
    """Content types are cached by process; the database may have been put back since."""
    from django.contrib.contenttypes.models import ContentType

    ContentType.objects.clear_cache()
