"""The candidate's side of grading: Django, with its database and its requests at the end of one stream.

Nothing here is trusted. It holds no checks and no data; whatever it says is an answer to be judged, never a verdict. The
other side is `crates/grader`; the frames are described in `docs/harness.md`.
"""
from . import running, runtime


def preload(config):
    runtime.preload(config)


def serve(descriptor):
    running.serve(descriptor)


def warm(descriptor):
    running.warm(descriptor)
