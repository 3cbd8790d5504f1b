"""Writes django_functions.json: calls of SQL functions and what CPython's sqlite3 with Django's own functions answers.

Run with a Python that has Django 5.2 and tzdata:  python make_django_functions.py > django_functions.json
The Rust test `recorder_functions` makes the same calls on the recorder.
"""

import itertools
import json
import sqlite3
import sys

from django.conf import settings

settings.configure(USE_TZ=True)

from django.db.backends.sqlite3._functions import register  # noqa: E402

connection = sqlite3.connect(":memory:")
register(connection)


def wire(value):
    if isinstance(value, bytes):
        import base64

        return {"b": base64.b64encode(value).decode()}
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return {"f": {"inf": "inf", "-inf": "-inf"}.get(str(value), "nan")}
    return value


cases = []


def ask(sql, params, **extra):
    case = {"sql": sql, "params": [wire(p) for p in params], **extra}
    try:
        case["value"] = wire(connection.execute(sql, params).fetchone()[0])
    except sqlite3.Error as error:
        case["error"] = [type(error).__name__, str(error)]
    except MemoryError:
        return  # a text of petabytes: the recorder refuses it by its own limit
    cases.append(case)


def call(name, *params, **extra):
    ask(f"SELECT {name}({', '.join('?' * len(params))})", params, **extra)


DATES = ["2026-03-02", "2024-02-29", "2021-01-03", "2020-12-31", "2026-12-28", "0001-01-01", "9999-12-31"]
MOMENTS = [
    "2026-03-02 12:34:56",
    "2026-03-29 00:59:59.999999",
    "2026-03-29 01:30:00",
    "2026-10-25 00:30:00.5",
    "2026-10-25 01:30:00",
    "1999-12-31 23:59:59.000001",
    "2016-01-01 00:00:00",
    "1890-06-01 10:00:00",
    "2050-07-01 22:15:00",
]
ODD = [
    None, "", 0, 5, 1.5, "2026-13-01", "2026-02-30 10:00:00", "nonsense", "2026-03-02T10:00:00", "2026-03-02 10:00",
    "2026-03 10:00:00", "2026-03-02 10:00:00+02:00", "2026-03-02 10:00:00.123-05", "2026-03-02 10:00:00.1.2",
    "2026-03-02 25:00:00", " 2026-03-02 10:00:00 ", "2026-3-2 1:2:3", "2026-03-02 10:00:00.12345678", b"2026-03-02",
    "12:30:15", "12:30:15.5", "12:30", "1:2:3", "+2026-03-02", "20_26-03-02", "2026-03-02-08 10:00:00:99",
]
ZONES = [(None, None), ("UTC", "UTC"), ("Europe/Berlin", "UTC"), ("America/New_York", "UTC"), ("Asia/Kathmandu", "UTC")]
MORE_ZONES = [
    ("+03:00", "UTC"), ("-05:30", "UTC"), ("Europe/Berlin+02:00", "UTC"), ("Nowhere/Else", "UTC"), ("UTC", None),
    ("UTC", "Europe/Paris"), ("Europe/Paris", "Europe/Paris"), ("Africa/Abidjan", "America/Sao_Paulo"),
    ("Etc/GMT+5", "UTC"), ("Etc/GMT-10", "UTC"), ("America/Port-au-Prince", "UTC"), ("+25:00", "UTC"),
    ("europe/berlin", "UTC"), (None, "UTC"), ("UTC", ""), ("+3", "UTC"), ("Pacific/Apia", "UTC"), (5, "UTC"),
]
PARTS = ["year", "month", "day", "hour", "minute", "second", "microsecond", "week_day", "iso_week_day", "week",
         "quarter", "iso_year"]
TRUNCS = ["year", "quarter", "month", "week", "day", "hour", "minute", "second", "century"]

for part, value in itertools.product(["year", "month", "day", "week_day", "iso_week_day", "week", "quarter", "iso_year",
                                      "hour", "decade"], DATES):
    call("django_date_extract", part, value)
for part, value in itertools.product(["year", "week"], MOMENTS + ODD):
    call("django_date_extract", part, value)
for part, value in itertools.product(PARTS, MOMENTS):
    call("django_datetime_extract", part, value, "America/New_York", "UTC")
for value, zone in itertools.product(MOMENTS, ZONES + MORE_ZONES):
    call("django_datetime_cast_time", value, *zone)
    call("django_datetime_extract", "day", value, *zone)
for value in DATES + ODD:
    for zone in ZONES[:3]:
        call("django_datetime_extract", "hour", value, *zone)
        call("django_datetime_cast_date", value, *zone)
        call("django_datetime_cast_time", value, *zone)
        call("django_datetime_trunc", "day", value, *zone)
        call("django_date_trunc", "month", value, *zone)
        call("django_time_trunc", "minute", value, *zone)
for value, zone in itertools.product(["0001-01-01 00:00:00", "9999-12-31 23:59:59.999999"], ZONES + MORE_ZONES):
    call("django_datetime_trunc", "hour", value, *zone)
call("django_datetime_extract", None, MOMENTS[0], None, None)
for trunc in TRUNCS:
    for value in MOMENTS[:5]:
        call("django_datetime_trunc", trunc, value, "Europe/Berlin", "UTC")
        call("django_datetime_trunc", trunc, value, None, None)
        call("django_time_trunc", trunc, value, None, None)
    for value in DATES:
        call("django_date_trunc", trunc, value, None, None)
        call("django_datetime_trunc", trunc, value, None, None)
for value in MOMENTS:
    call("django_datetime_cast_date", value, "Pacific/Apia", "UTC")
for part in ["hour", "minute", "second", "microsecond", "year"]:
    for value in ["00:00:00", "23:59:59.999999", "12:30:15.5"] + ODD:
        call("django_time_extract", part, value)
for trunc in ["hour", "minute", "second", "day"]:
    for value in ["00:00:00", "23:59:59.999999", "7:8:9"]:
        call("django_time_trunc", trunc, value, None, None)
for left, right in itertools.product(["00:00:00", "23:59:59.999999", "12:30:15", None, "", "12:30", 5], repeat=2):
    call("django_time_diff", left, right)
SPANS = [MOMENTS[0], MOMENTS[5], "2026-03-02", "0001-01-01", "9999-12-31 23:59:59.999999", None, "", "junk", 5]
for left, right in itertools.product(SPANS, repeat=2):
    call("django_timestamp_diff", left, right)
DELTAS = [MOMENTS[0], MOMENTS[5], "2026-03-02", "9999-12-31", 0, 1, -1, 86_400_000_000, -90_061_000_001, 2.5, 0.0,
          None, "", "junk", 9_223_372_036_854_775_807]
for connector, left, right in itertools.product(["+", "-"], DELTAS, DELTAS):
    call("django_format_dtdelta", connector, left, right)
for connector, left, right in itertools.product([" * ", "/"], [6, -4, 2.5, 0, 0.0, None, "x", 10**18],
                                                [3, 0, -0.5, None, "y", 10**17]):
    call("django_format_dtdelta", connector, left, right)
call("django_format_dtdelta", None, 1, 2)

TEXTS = [None, "", "hello", "héllo wörld", "日本語", "12", 12, -3, 2.5, 1e16, 1e-5, 1e22, 123456.789, b"raw'\x00\n", "a\nb", "end\n"]
PATTERNS = [None, "", "l+", "^h", "o$", "d$", "(?i)HÉ", r"\d", r"\w{3,}", r"^\d+$", "[", "(a|b", r"b'raw", r"[a-c&]", "[]x]",
            r"a\Z", r"end\Z", "x{,2}", "a{", "{", r"\.", "(?m)a$", "[[]", r"h(?P<x>.)l", "(?:hello|12)", r"\bw", r"end$", 12, b"l"]
for pattern, text in itertools.product(PATTERNS, TEXTS):
    call("regexp", pattern, text)
ask("SELECT 'Django' REGEXP '^[A-Z]'", [])
ask("SELECT 'Django' REGEXP '(?i)' || 'DJANGO'", [])

for name in ["LPAD", "RPAD"]:
    for text, length, fill in itertools.product([None, "", "abc", "日本語", 5, b"xz"], [None, -1, 0, 2, 3, 7, 2.5], [None, "", "xy", "é", 4, b"\x00\x01"]):
        call(name, text, length, fill)
for text, count in itertools.product([None, "", "ab", 3, 2.5, b"z"], [None, -1, 0, 3, 2.5, "q"]):
    call("REPEAT", text, count)
for text in TEXTS:
    for name in ["REVERSE", "MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "SIGN"]:
        call(name, text)
for value in [0, -0.0, 7, -7, 0.5, -0.5, 2**62]:
    call("SIGN", value)
for left, right in itertools.product([None, 0, 5, -9, 2**40, 1.5, "5"], repeat=2):
    call("BITXOR", left, right)
NUMBERS = [None, 0, 1, -1, 2, 10, 0.5, -0.5, 2.7, -2.7, 1e300, "4", " 0.25 ", "x", "inf", b"1", 9007199254740993]
for name in ["ACOS", "ASIN", "ATAN", "ACOSH", "ASINH", "ATANH", "CEIL", "CEILING", "COS", "COSH", "COT", "DEGREES", "EXP",
             "FLOOR", "LN", "LOG", "LOG10", "LOG2", "RADIANS", "SIN", "SINH", "SQRT", "TAN", "TANH", "TRUNC"]:
    for value in NUMBERS:
        call(name, value, close=True)
for name in ["ATAN2", "LOG", "MOD", "POWER", "POW"]:
    for left, right in itertools.product([None, 0, 2, -3, 0.5, 10, "8", "x", 1e200], repeat=2):
        call(name, left, right, close=True)
call("PI")

GROUPS = [[], [5], [1, 2, 3, 4, 5], [1, 2], [2, 4, 4, 4, 5, 5, 7, 9], [1.5, 2.5, 4.0], [0.1, 0.2, 0.3, 0.4], [1, 2.5],
          [1, None, 3], ["1", "2"], [10**15, 10**15 + 1, 10**15 + 7], [1e-8, 3e9, 7.25], [3, 3, 3], [2.0, 2.0], [12.34, 56.78, 9.1, 44.0, 0.03],
          [10**18, -(10**18), 5], [19.99, 24.5, 7.95, 12.0, 30.25, 18.75]]
for group in GROUPS:
    values = " UNION ALL ".join(["SELECT ? AS v"] * len(group)) or "SELECT 1 AS v WHERE 0"
    for name in ["STDDEV_POP", "STDDEV_SAMP", "VAR_POP", "VAR_SAMP"]:
        ask(f"SELECT {name}(v) FROM ({values})", group)

# Those of SQLite's own that the recorder replaces.
for hay, needle in itertools.product([None, "", "hello", "日本語x", 12345, b"abc\xff", b""], [None, "", "l", "語", 34, b"\xff", b"", "zz"]):
    call("instr", hay, needle)
for whole, old, new in itertools.product([None, "", "hello", "日本語日", 12345], [None, "", "l", "日", 34], [None, "", "LL", 9]):
    call("replace", whole, old, new)
for name in ["trim", "ltrim", "rtrim"]:
    for whole, letters in itertools.product([None, "", "  xx hello xx ", "日本日", 1221], [None, "", " x", "日", 1]):
        call(name, whole, letters)
    call(name, "  a b  ")

print("[")
print(",\n".join(json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in cases))
print("]")
print(len(cases), "cases", file=sys.stderr)
