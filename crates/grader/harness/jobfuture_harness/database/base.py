"""A database wrapper whose connection sends every statement to the recorder and decides nothing itself."""
import base64
import datetime
import decimal
import functools
import math
import re
import sqlite3

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.features import DatabaseFeatures as SQLiteFeatures
from django.db.backends.sqlite3.operations import DatabaseOperations as SQLiteOperations
from django.utils import dateparse

channel = None

_PLACEHOLDER = re.compile(r"(?<!%)%(?:\((\w+)\)s|s)")
_CONVERTERS = {
    "bool": lambda value: value in (1, "1"),
    "date": dateparse.parse_date,
    "time": dateparse.parse_time,
    "datetime": dateparse.parse_datetime,
    "timestamp": dateparse.parse_datetime,
}


def encode(value):
    """A parameter as JSON can carry it; as the sqlite3 module would adapt it."""
    kind = type(value)
    if kind is str or value is None:
        return value
    if kind is int:
        if -(2**63) <= value < 2**63:
            return value
        raise OverflowError("Python int too large to convert to SQLite INTEGER")
    if kind is float:
        return value if math.isfinite(value) else {"f": "nan" if value != value else "inf" if value > 0 else "-inf"}
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"b": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, (str, int, float)):
        return encode(kind.__mro__[-2](value) if kind.__mro__[-2] in (str, int, float) else str(value))
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    raise sqlite3.ProgrammingError(f"Error binding parameter: type '{kind.__name__}' is not supported")


def decode(value):
    if isinstance(value, dict):
        return base64.b64decode(value["b"]) if "b" in value else float(value["f"])
    return value


class Cursor:
    """As much of a DB-API cursor as Django asks for."""

    arraysize = 1

    def __init__(self, connection):
        self.connection = connection
        self.description = None
        self.rowcount = -1
        self.lastrowid = None
        self._rows = iter(())

    def execute(self, query, params=None):
        return self._run(*_bind(query, params), many=False)

    def executemany(self, query, param_list):
        sets = list(param_list)
        if not sets:
            return self
        bound = [_bind(query, params) for params in sets]
        return self._run(bound[0][0], [values for _, values in bound], many=True)

    def _run(self, sql, values, many):
        answer = self.connection.ask(sql, values, many)
        columns = answer["c"]
        self.description = tuple([(name, None, None, None, None, None, None) for name, _ in columns]) or None
        self.rowcount, self.lastrowid = answer["n"], answer["l"]
        found = [(index, _converter(kind)) for index, (_, kind) in enumerate(columns) if kind]
        converters = [(index, convert) for index, convert in found if convert]
        self._rows = iter([_row(row, converters) for row in answer["r"]])
        return self

    def fetchone(self):
        return next(self._rows, None)

    def fetchmany(self, size=1):
        return [row for _, row in zip(range(size), self._rows)]

    def fetchall(self):
        return list(self._rows)

    def __iter__(self):
        return self._rows

    def close(self):
        self._rows = iter(())


@functools.lru_cache(maxsize=256)
def _converter(kind):
    return _CONVERTERS.get(re.split(r"[ (]", kind, maxsplit=1)[0].lower())


def _row(row, converters):
    if any([type(value) is dict for value in row]):
        row = [decode(value) for value in row]
    for index, convert in converters:
        if row[index] is not None and (isinstance(row[index], str) or convert is _CONVERTERS["bool"]):
            row[index] = convert(row[index])
    return tuple(row)


def _bind(query, params):
    """SQL with `?` and the values in their order, from Django's `%s` or `%(name)s`."""
    query = str(query)
    if params is None:
        return query, []
    if isinstance(params, dict):
        names = []

        def take(match):
            names.append(match[1])
            return "?"

        sql = _PLACEHOLDER.sub(take, query).replace("%%", "%")
        return sql, [encode(params[name]) for name in names]
    return _PLACEHOLDER.sub("?", query).replace("%%", "%"), [encode(value) for value in params]


class Connection:
    """Stands for a sqlite3 connection."""

    isolation_level = None

    def __init__(self):
        self.in_transaction = False

    def ask(self, sql, values, many=False):
        kind, answer, _ = channel.call(b"Q", {"s": sql, "p": values, "m": many})
        self.in_transaction = answer["t"]
        if "e" in answer:
            name, message = answer["e"]
            raise getattr(sqlite3, name, OverflowError if name == "OverflowError" else sqlite3.DatabaseError)(message)
        return answer

    def cursor(self, factory=None):
        return Cursor(self)

    def execute(self, sql, params=()):
        cursor = Cursor(self)
        return cursor._run(sql, [encode(value) for value in params], many=False)

    def commit(self):
        if self.in_transaction:
            self.ask("COMMIT", [])

    def rollback(self):
        if self.in_transaction:
            self.ask("ROLLBACK", [])

    def close(self):
        self.rollback()

    def getlimit(self, category):
        return 32766


class DatabaseFeatures(SQLiteFeatures):
    # The recorder's SQLite has it; Django would ask with a statement.
    supports_json_field = True


class DatabaseOperations(SQLiteOperations):
    def _quote_params_for_last_executed_query(self, params):
        # Django asks SQLite to quote them, by a statement that would be counted as the candidate's.
        return tuple(_quoted(encode(value)) for value in params)


def _quoted(value):
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, dict):
        return "X'" + decode(value).hex().upper() + "'" if "b" in value else value["f"]
    return "NULL" if value is None else repr(value)


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
    transaction_mode = None

    def get_connection_params(self):
        return {}

    def get_new_connection(self, conn_params):
        # Functions, foreign keys and the like are set where the database is.
        return Connection()

    def init_connection_state(self):
        pass

    def create_cursor(self, name=None):
        return self.connection.cursor()

    def is_in_memory_db(self):
        return False

    def _set_autocommit(self, autocommit):
        # As with the sqlite3 module: leaving autocommit begins nothing until Django says BEGIN.
        pass
