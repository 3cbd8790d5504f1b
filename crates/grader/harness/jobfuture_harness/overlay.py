"""The files of a run, laid over the project without touching any disk.

Modules come from memory; a module that is not in the overlay comes from the project as always.
"""
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import os
import pkgutil
import sys

from . import runtime


class Overlay(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    def __init__(self, project, files, hidden=()):
        self.project = project
        self.files = files
        self.hidden = {module_name(file) for file in hidden if file.endswith(".py")}

    def find_spec(self, name, path=None, target=None):
        if name in self.hidden:
            raise ImportError(
                f"{name} cannot be imported by tests: the application runs in another process, in several variants. "
                "Ask it by self.client and by path, '/api/…'; reverse() would import it too.",
                name=name,
            )
        stem = name.replace(".", "/")
        for file, is_package in ((stem + "/__init__.py", True), (stem + ".py", False)):
            if file in self.files:
                spec = importlib.machinery.ModuleSpec(name, self, origin=file, is_package=is_package)
                spec.has_location = True
                if is_package:
                    spec.submodule_search_locations = [os.path.join(self.project, stem)]
                return spec
        return None

    def get_source(self, name):
        return importlib.util.decode_source(self.files[self.find_spec(name).origin])

    def is_package(self, name):
        return self.find_spec(name).submodule_search_locations is not None

    def get_code(self, name):
        file = self.find_spec(name).origin
        return compile(self.files[file], file, "exec", dont_inherit=True)

    def install(self):
        sys.meta_path.insert(0, self)
        replaced = {module_name(file) for file in self.files if file.endswith(".py")}
        # Modules of the project that were loaded before and that this run replaces are loaded anew.
        for name in self.hidden | replaced:
            forget(name)
        Kept.forget_what_needs(self.hidden | replaced)
        for file in self.files:
            if file.endswith(".py"):
                text = self.files[file].decode("utf-8", "replace")
                linecache.cache[file] = (len(text), None, text.splitlines(True), file)
        listed = pkgutil.iter_modules

        def iter_modules(path=None, prefix=""):
            """Also the modules that exist only in memory: how migrations are found."""
            seen = set()
            for folder in path or ():
                inside = os.path.relpath(folder, self.project)
                for file in self.files:
                    parent, name = os.path.split(file)
                    if parent == inside and name.endswith(".py") and name != "__init__.py":
                        seen.add(name[:-3])
                        yield pkgutil.ModuleInfo(self, prefix + name[:-3], False)
            yield from (info for info in listed(path, prefix) if info.name[len(prefix):] not in seen)

        pkgutil.iter_modules = iter_modules


class Kept(importlib.machinery.SourceFileLoader):
    """Loads a module of the project from code that a rehearsal has read already: no file is looked for or opened."""

    code = {}
    # Modules that are loaded in the template, each with all that importing it alone has loaded. Runs that replace none of
    # these find it loaded.
    loaded = {}

    def get_code(self, name):
        return self.code[name]

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name not in cls.code:
            return None
        loader = cls(name, cls.code[name].co_filename)
        package = loader.path.endswith("/__init__.py")
        spec = importlib.machinery.ModuleSpec(name, loader, origin=loader.path, is_package=package)
        spec.has_location = True
        if package:
            spec.submodule_search_locations = [os.path.dirname(loader.path)]
        return spec

    @classmethod
    def keep(cls, module, project):
        """Remembers the code of a module that lies on the project's read-only disk."""
        loader = getattr(module.__spec__, "loader", None)
        if type(loader) is importlib.machinery.SourceFileLoader and loader.path.startswith(project + "/"):
            cls.code[loader.name] = loader.get_code(loader.name)

    @classmethod
    def load(cls):
        """In the template, when all that a rehearsal has loaded is forgotten: loads what the next run is likely to need."""
        names, loaded = list(cls.code), {}
        for name in names:
            new, is_sound = newly_loaded(name)
            names += [other for other in new if other not in names]
            if is_sound:
                loaded[name] = new
            for other in new:
                cls.keep(sys.modules[other], runtime.config["project"])
                forget(other)
        for name in loaded:
            new, is_sound = newly_loaded(name)
            if not is_sound or not new <= loaded.keys():
                # It goes only with some others loaded before it. Each run loads all of them for itself.
                for other in new | loaded.keys():
                    forget(other)
                return
        cls.loaded = loaded

    @classmethod
    def forget_what_needs(cls, replaced):
        """Also what was loaded with another module in the place of a replaced one is loaded anew."""
        # What takes the place of a module that was there before all of these, or of none, may be needed by any of them.
        known = set().union(*cls.loaded.values())
        for name, needed in cls.loaded.items():
            if not replaced <= known or needed & replaced:
                forget(name)

    @classmethod
    def forget_all(cls):
        for name in cls.loaded:
            forget(name)
        cls.loaded = {}


def newly_loaded(name):
    """Imports a module: which modules of the project that has loaded, and whether a run may find them loaded."""
    from django.dispatch import Signal

    before, connected, connect = set(sys.modules), [], Signal.connect

    def connect_and_tell(*arguments, **named):
        connected.append(arguments)
        return connect(*arguments, **named)

    Signal.connect = connect_and_tell
    try:
        importlib.import_module(name)
    except BaseException:
        # It wants the database, perhaps, which is not there now.
        is_sound = False
    else:
        # A receiver would stay connected when its module is forgotten, beside the one that is loaded in its place.
        is_sound = not connected
    finally:
        Signal.connect = connect
    return {new for new in sys.modules.keys() - before if runtime.belongs_to_project(new)}, is_sound


def module_name(file):
    return file[:-3].removesuffix("/__init__").replace("/", ".")


def forget(name):
    """Makes the next import of a module load it again."""
    if sys.modules.pop(name, None) is not None and "." in name:
        parent, _, child = name.rpartition(".")
        vars(sys.modules.get(parent, object)).get(child) and delattr(sys.modules[parent], child)
