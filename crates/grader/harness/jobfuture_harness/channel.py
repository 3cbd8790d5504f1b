"""Frames over one stream: length, kind, a JSON head, a raw body."""
import json
import os
import struct
import threading

PREFIX = struct.Struct("<IcI")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_decode = json.JSONDecoder().decode

# The other side reads no more.
MAX_FRAME = 8 << 20


class TooLarge(Exception):
    """More than one frame carries."""


class Channel:
    """One conversation. A call sends a frame and waits for its answer; threads of a candidate take turns."""

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.unread = b""
        self.turn = threading.RLock()

    def send(self, kind, head, body=b""):
        head = _encode(head).encode()
        if 5 + len(head) + len(body) > MAX_FRAME:
            raise TooLarge
        data = PREFIX.pack(5 + len(head) + len(body), kind, len(head)) + head + body
        written = os.write(self.descriptor, data)
        while written < len(data):
            written += os.write(self.descriptor, memoryview(data)[written:])

    def receive(self):
        """The next frame: kind, head, body. When the other side has gone, so do we."""
        length, kind, head_length = PREFIX.unpack(self._read(PREFIX.size))
        rest = self._read(length - 5)
        return kind, _decode(rest[:head_length].decode()), rest[head_length:]

    def call(self, kind, head, body=b""):
        with self.turn:
            self.send(kind, head, body)
            return self.receive()

    def _read(self, count):
        """Exactly so many bytes. Most frames come whole with one system call, and nothing after them until we answer."""
        parts, have = [self.unread], len(self.unread)
        while have < count:
            more = os.read(self.descriptor, min(max(count - have, 1 << 16), 1 << 20))
            if not more:
                os._exit(0)
            parts.append(more)
            have += len(more)
        data = b"".join(parts)
        self.unread = data[count:]
        return data[:count]
