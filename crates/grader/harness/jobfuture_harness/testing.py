"""The candidate's own tests, against an application that is not in this process.

Requests of the test client are carried to the other side, which asks the variant under test; rows are read and written in
the same database. Each test begins with that database as it was.
"""
import base64
import sys
import unittest
from http.cookies import SimpleCookie

from . import output, runtime
from .running import TimeIsUp

_channel = None


def run(channel, files, printed):
    global _channel
    _channel = channel
    _carry_requests()
    _begin_each_test_afresh()
    results = Results(printed)
    # One failure is enough, and what follows is the same whichever variant is tested.
    results.failfast = True
    suite = unittest.TestSuite()
    for file in files:
        if file.startswith("tests/") and file.rpartition("/")[2].startswith("test") and file.endswith(".py"):
            name = file[:-3].replace("/", ".")
            __import__(name)
            suite.addTests(unittest.defaultTestLoader.loadTestsFromModule(sys.modules[name]))
    channel.send(b"r", {"output": printed.take()})
    suite.run(results)
    channel.send(b"t", {"results": results.told, "output": printed.take()})


class Results(unittest.TestResult):
    """Test id, what became of it, and the beginning of why."""

    def __init__(self, printed):
        super().__init__()
        self.told = []
        self.printed = printed
        # As Django's runner does: the application's database has tests' own reset.
        self._mirrorOutput = False

    def addSuccess(self, test):
        self.told.append([test.id(), "passed", ""])

    @unittest.result.failfast
    def addFailure(self, test, error):
        self._add(test, "failed", error)

    @unittest.result.failfast
    def addError(self, test, error):
        self._add(test, "error", error)

    def addSkip(self, test, reason):
        self.told.append([test.id(), "skipped", str(reason)[:300]])

    def addExpectedFailure(self, test, error):
        self.told.append([test.id(), "passed", ""])

    def addUnexpectedSuccess(self, test):
        self.told.append([test.id(), "failed", "unexpected success"])

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self._add(subtest, "failed", error)
            if self.failfast:
                self.stop()

    def _add(self, test, outcome, error):
        if isinstance(error[1], TimeIsUp):
            raise error[1]
        why = output.readable(error[1], runtime.config["project"])
        self.told.append([test.id(), outcome, why[-1500:]])


def _carry_requests():
    from django.http import HttpResponse
    from django.test import client

    class Carrier(client.ClientHandler):
        def load_middleware(self, is_async=False):
            self._middleware_chain = True

        def __call__(self, environ):
            request = client.WSGIRequest(environ)
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            headers = [[key[5:].replace("_", "-"), value] for key, value in environ.items() if key.startswith("HTTP_")]
            if environ.get("CONTENT_TYPE"):
                headers.append(["Content-Type", environ["CONTENT_TYPE"]])
            path = environ["PATH_INFO"]
            query = environ.get("QUERY_STRING", "")
            kind, head, content = _channel.call(
                b"C",
                {
                    "method": environ["REQUEST_METHOD"],
                    "path": request.path + ("?" + query if query else ""),
                    "headers": headers,
                    "csrf": self.enforce_csrf_checks,
                },
                body,
            )
            response = HttpResponse(content, status=head["status"])
            for name, value in head["headers"]:
                if name.lower() == "set-cookie":
                    response.cookies.load(value)
                else:
                    response.headers[name] = value
            response.wsgi_request = request
            return response

    client.ClientHandler = Carrier
    from rest_framework import test as rest_test

    class CarrierOfAPIClient(Carrier):
        """`force_authenticate` sets an attribute in this process, which the application never sees."""

        def __init__(self, *arguments, **keywords):
            self._force_user = None
            self._force_token = None
            super().__init__(*arguments, **keywords)

        def __call__(self, environ):
            if self._force_user is not None:
                raise AssertionError("The application runs in another process: use force_login, not force_authenticate.")
            return super().__call__(environ)

    rest_test.ForceAuthClientHandler = CarrierOfAPIClient


def _begin_each_test_afresh():
    from django.test import testcases

    def set_up(cls):
        _channel.call(b"B", {"test": cls.__qualname__})
        from .migrating import forget_types

        forget_types()
        if hasattr(cls, "setUpTestData"):
            cls.setUpTestData()

    def nothing(*arguments, **keywords):
        pass

    case = testcases.TransactionTestCase
    case._fixture_setup = classmethod(set_up)
    case._fixture_teardown = nothing
    testcases.TestCase._fixture_setup = classmethod(set_up)
    testcases.TestCase._fixture_teardown = nothing
    testcases.TestCase.setUpClass = classmethod(lambda cls: testcases.SimpleTestCase.setUpClass.__func__(cls))
    testcases.TestCase.tearDownClass = classmethod(lambda cls: testcases.SimpleTestCase.tearDownClass.__func__(cls))
