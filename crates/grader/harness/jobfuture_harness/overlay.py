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
        for name in self.hidden:
            forget(name)
        # Modules of the project that were loaded before and that this run replaces are loaded anew.
        for file in self.files:
            if file.endswith(".py"):
                forget(module_name(file))
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


def module_name(file):
    return file[:-3].removesuffix("/__init__").replace("/", ".")


def forget(name):
    """Makes the next import of a module load it again."""
    if sys.modules.pop(name, None) is not None and "." in name:
        parent, _, child = name.rpartition(".")
        vars(sys.modules.get(parent, object)).get(child) and delattr(sys.modules[parent], child)
