"""A snippet of a guide, as its reader has edited it."""
import types

from . import output, runtime
from .running import TimeIsUp

FILE = "snippet.py"


def run(channel, code, printed):
    import linecache
    import sys

    linecache.cache[FILE] = (len(code), None, code.splitlines(True), FILE)
    module = types.ModuleType("snippet")
    module.__file__ = FILE
    sys.modules["snippet"] = module
    finished = True
    try:
        exec(compile(code, FILE, "exec", dont_inherit=True), vars(module))
    except (TimeIsUp, MemoryError):
        raise
    except BaseException as error:
        finished = False
        printed.write(output.readable(error, runtime.config["project"]))
    channel.send(b"d", {"finished": finished, "output": printed.take()})
