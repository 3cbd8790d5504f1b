"""Requests from the other side, answered by the project's views."""
import io
import os
import sys
from urllib.parse import unquote_to_bytes

from django.core import signals
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.db import reset_queries

from . import output, runtime


class Handler(BaseHandler):
    """Django's own request handling, without a server around it."""

    def __call__(self, environ, enforce_csrf):
        signals.request_started.send(sender=self.__class__, environ=environ)
        request = WSGIRequest(environ)
        request._dont_enforce_csrf_checks = not enforce_csrf
        return self.get_response(request)


_errors = []


def _remember(sender, **kwargs):
    _errors.append(sys.exc_info()[1])


def environ(head, body):
    path, _, query = head["path"].partition("?")
    values = {
        "REQUEST_METHOD": head["method"],
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(body)),
    }
    for name, value in head["headers"]:
        key = name.upper().replace("-", "_")
        values[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + key] = value
    return values


def answer(head, body, printed):
    """One request: the head and body of the answering frame."""
    _errors.clear()
    signals.got_request_exception.connect(_remember, dispatch_uid="harness")
    response = runtime.handler(environ(head, body), head.get("csrf", True))
    content = b"".join(response.streaming_content) if response.streaming else response.content
    headers = [[name, value] for name, value in response.items()]
    headers += [["Set-Cookie", morsel.OutputString()] for morsel in response.cookies.values()]
    response.close()
    for error in _errors:
        printed.write(output.readable(error, runtime.config["project"]))
    return {
        "turn": head["turn"],
        "status": response.status_code,
        "headers": headers,
        "output": printed.take(),
    }, content
