"""Prints, as JSON, the files that this interpreter uses with the modules that are named as arguments:
those that it must have, and those that it may lack, each joined by commas."""
import importlib
import json
import os
import platform
import sys

for module in filter(None, sys.argv[1].split(",")):
    try:
        importlib.import_module(module)
    except ImportError as error:
        sys.exit(f"the module {module} is missing: {error}")
for module in filter(None, sys.argv[2].split(",")):
    try:
        importlib.import_module(module)
    except ImportError:
        pass

library = os.path.dirname(os.path.realpath(os.__file__))
base = os.path.realpath(sys.base_prefix)
files = {os.path.realpath(sys.executable), library}
# An interpreter with a prefix of its own is shown whole; one of the system (/usr) only by its library.
if base not in ("/usr", "/usr/local", "/"):
    files.add(base)
links = {}


def real_folder(path):
    return os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))


def show(path):
    """A shared object, and the names by which the loader looks for it."""
    path = real_folder(path)
    files.add(os.path.realpath(path))
    folder = os.path.dirname(os.path.realpath(path))
    stem = os.path.basename(path).split(".so")[0]
    for name in os.listdir(folder):
        other = os.path.join(folder, name)
        if name.startswith(stem) and os.path.islink(other) and os.path.realpath(other) == os.path.realpath(path):
            links[other] = os.path.realpath(path)


with open("/proc/self/maps") as maps:
    for line in maps:
        parts = line.split(maxsplit=5)
        path = parts[5].strip() if len(parts) > 5 else ""
        if path.startswith("/") and ".so" in path:
            show(path)

# The loader is named in the program by a fixed path.
for loader in ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-x86_64.so.1"):
    if os.path.exists(loader):
        here = real_folder(loader)
        files.add(os.path.realpath(loader))
        if here != os.path.realpath(loader):
            links[here] = os.path.realpath(loader)
for folder in ("/lib", "/lib64"):
    if os.path.islink(folder):
        links[folder] = os.readlink(folder)

json.dump(
    {
        "program": os.path.realpath(sys.executable),
        "version": platform.python_version(),
        "files": sorted(files),
        "links": sorted(links.items()),
    },
    sys.stdout,
)
