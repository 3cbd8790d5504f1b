"""One run in a fresh child: take the files, load them, do what is asked, end."""
import ctypes
import gc
import os
import resource
import signal
import sys

from . import output, runtime
from .channel import Channel, TooLarge
from .overlay import Overlay

PR_SET_DUMPABLE = 4


class TimeIsUp(BaseException):
    """The processor time of this run is used up."""


def _time_is_up(number, frame):
    raise TimeIsUp


def serve(descriptor):
    """In a confined child. The first frame after the greeting holds everything that the run needs."""
    channel = Channel(descriptor)
    channel.send(b"h", {})
    kind, head, body = channel.receive()
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    _limit(head["limits"])
    printed = output.capture(head["limits"]["output_bytes"])
    try:
        _run(channel, head, body, printed)
    except TimeIsUp as error:
        _tell(channel, "cpu", error, printed)
    except MemoryError as error:
        _tell(channel, "memory", error, printed)
    except TooLarge as error:
        _tell(channel, "size", error, printed)
    except BaseException as error:
        _tell(channel, "error", error, printed)
    os._exit(0)


def _limit(limits):
    signal.signal(signal.SIGXCPU, _time_is_up)
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + limits["cpu_seconds"]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    _, memory = resource.getrlimit(resource.RLIMIT_AS)
    if memory != resource.RLIM_INFINITY:
        memory -= limits["memory_less"]
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _tell(channel, why, error, printed):
    try:
        text = printed.take() + output.readable(error, runtime.config["project"])
    except MemoryError:
        text = "MemoryError\n"
    channel.send(b"x", {"why": why, "output": text, "error": type(error).__name__})


def _run(channel, head, body, printed):
    from . import migrating, preparing, snippet, testing
    from .database import base

    base.channel = channel
    files, position = {}, 0
    for path, length in head["files"]:
        files[path] = body[position:position + length]
        position += length
    Overlay(runtime.config["project"], files, head.get("hidden", ())).install()
    mode = head["mode"]
    if mode == "serve":
        # A run of some dozen requests leaves little garbage: look for cycles seldom.
        gc.set_threshold(20_000, 20, 20)
        runtime.finish_loading()
        _load_urls()
        channel.send(b"r", {"output": printed.take()})
        _serve_requests(channel, printed)
    elif mode == "migrate":
        migrating.run(channel, printed)
    elif mode == "snippet":
        runtime.finish_loading()
        snippet.run(channel, head["code"], printed)
    elif mode == "tests":
        runtime.finish_loading()
        testing.run(channel, sorted(files), printed)
    elif mode == "prepare":
        preparing.run(channel, head, printed)


def _load_urls():
    """Imports what requests will need, so that a fault in it is told as a fault of loading."""
    from django.urls import get_resolver

    get_resolver().url_patterns


def _serve_requests(channel, printed):
    from .serving import answer

    while True:
        kind, head, body = channel.receive()
        if kind != b"R":
            return
        channel.send(b"H", *answer(head, body, printed))


def warm(descriptor):
    """A rehearsal in the template: trusted files only. Afterwards all of the project is forgotten again."""
    import pkgutil

    from .database import base
    from .overlay import Kept

    Kept.forget_all()
    # What was frozen and is forgotten goes, and with it what it is still registered for.
    gc.unfreeze()
    gc.collect()
    before, path, listed = set(sys.modules), list(sys.meta_path), pkgutil.iter_modules
    streams = sys.stdout, sys.stderr
    channel = Channel(descriptor)
    kind, head, body = channel.receive()
    printed = output.capture(1 << 16)
    try:
        _run(channel, head, body, printed)
    finally:
        sys.meta_path[:] = path
        pkgutil.iter_modules = listed
        base.channel = None
        runtime.forget_project(before)
        sys.stdout, sys.stderr = streams
