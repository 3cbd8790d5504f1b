"""Frames over one stream: length, kind, a JSON head, a raw body."""
import json
import os
import struct
import threading

PREFIX = struct.Struct("<IcI")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode

# The other side reads no more.
MAX_FRAME = 8 << 20


class TooLarge(Exception):
    """More than one frame carries."""


class Channel:
    """One conversation. A call sends a frame and waits for its answer; threads of a candidate take turns."""

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.turn = threading.RLock()

    def send(self, kind, head, body=b""):
        head = _encode(head).encode()
        if 5 + len(head) + len(body) > MAX_FRAME:
            raise TooLarge
        data = PREFIX.pack(5 + len(head) + len(body), kind, len(head)) + head + body
        view = memoryview(data)
        while view:
            view = view[os.write(self.descriptor, view):]

    def receive(self):
        """The next frame: kind, head, body. When the other side has gone, so do we."""
        length, kind, head_length = PREFIX.unpack(self._read(PREFIX.size))
        rest = self._read(length - 5)
        return kind, json.loads(rest[:head_length]), rest[head_length:]

    def call(self, kind, head, body=b""):
        with self.turn:
            self.send(kind, head, body)
            return self.receive()

    def _read(self, count):
        data = os.read(self.descriptor, count)
        if len(data) == count:
            return data
        parts = [data]
        missing = count - len(data)
        while missing:
            if not data:
                os._exit(0)
            data = os.read(self.descriptor, min(missing, 1 << 20))
            parts.append(data)
            missing -= len(data)
        return b"".join(parts)
