"""What the candidate's code prints, and its tracebacks: kept up to a limit, sent with the next answer."""
import io
import os
import re
import sys
import traceback
import unittest


class Printed(io.TextIOBase):
    """Stands for stdout and stderr."""

    encoding = "utf-8"

    def __init__(self, limit):
        self.limit = limit
        self.left = limit
        self.parts = []

    def writable(self):
        return True

    def write(self, text):
        text = str(text)
        if self.left > 0:
            self.parts.append(text[: self.left])
            self.left -= len(text)
            if self.left <= 0:
                self.parts.append(f"\n[output cut after {self.limit // 1024} KiB]\n")
        return len(text)

    def take(self):
        text, self.parts = "".join(self.parts), []
        return text.encode("utf-8", "replace").decode()


def capture(limit):
    printed = Printed(limit)
    sys.stdout = sys.stderr = printed
    return printed


def readable(error, project):
    """A traceback as the candidate would see it at home: their files and the project's, libraries by name only."""
    summary = traceback.TracebackException.from_exception(error, limit=-40, lookup_lines=True)
    # What runs the code is nothing that its author can mend.
    harness, tests = os.path.dirname(__file__), os.path.dirname(unittest.__file__)
    seen = error
    while seen is not None:
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    for part in _chain(summary):
        part.stack[:] = [frame for frame in part.stack if not frame.filename.startswith((harness, tests))]
        part.stack[:] = [_renamed(frame, project) for frame in part.stack if "importlib" not in frame.filename]
    text = "".join(summary.format(chain=True))
    # Messages name files too.
    for folder in (project, *(path for path in sys.path if len(path) > 1), os.path.dirname(os.__file__)):
        text = text.replace(folder + "/", "")
    text = without_places(text)
    return text if len(text) < 12_000 else text[:6_000] + "\n[…]\n" + text[-6_000:]


def without_places(text):
    """Where an object lies in memory is different each time and tells nothing."""
    return re.sub(r" at 0x[0-9a-f]+", "", text)


def _chain(summary):
    seen = []
    while summary is not None and summary not in seen:
        seen.append(summary)
        summary = summary.__cause__ or summary.__context__
    return seen


def _renamed(frame, project):
    name = frame.filename
    if name.startswith(project):
        name = os.path.relpath(name, project)
    elif "site-packages/" in name:
        name = name.split("site-packages/", 1)[1]
    elif "/lib/python3" in name:
        name = name.split("/lib/python3", 1)[1].partition("/")[2]
    return traceback.FrameSummary(name, frame.lineno, frame.name, lookup_line=False, line=frame.line)
