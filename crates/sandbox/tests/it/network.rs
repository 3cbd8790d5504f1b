//! Attacks on the network, and on the one socket that an instance has.

use crate::attack::{Attack, REFUSED, Seen, all_are_held, attack};

#[rustfmt::skip]
const NETWORK: &[Attack] = &[
    attack("inet", "import socket; answer = tried(socket.socket, socket.AF_INET, socket.SOCK_STREAM)", REFUSED),
    attack("inet6", "import socket; answer = tried(socket.socket, socket.AF_INET6, socket.SOCK_DGRAM)", REFUSED),
    attack("unix", "import socket; answer = tried(socket.socket, socket.AF_UNIX, socket.SOCK_STREAM)", REFUSED),
    attack("vsock", "answer = called('socket', 40, 1, 0)", REFUSED),
    attack("netlink", "answer = called('socket', 16, 3, 0)", REFUSED),
    attack("packet", "answer = called('socket', 17, 3, 0x300)", REFUSED),
    attack("crypto", "answer = called('socket', 38, 5, 0)", REFUSED),
    attack("every family", "answer = repr({called('socket', family, kind, 0) for family in range(50) for kind in (1, 2, 3, 5)})",
        Seen::Says(&["{'EPERM'}"])),
    attack("a pair", "import socket; answer = tried(socket.socketpair)", REFUSED),
    attack("a look-up", "import socket; answer = tried(socket.getaddrinfo, 'localhost', 80)",
        Seen::Says(&["Servname not supported for ai_socktype", "Temporary failure in name resolution",
            "Name or service not known", "System error", "EPERM", "[Errno -3] Temporary failure in name resolution",
            "[Errno -2] Name or service not known", "[Errno -11] System error"])),
];

#[rustfmt::skip]
const THE_STREAM: &[Attack] = &[
    attack("send a descriptor", "import array, socket; fds = array.array('i', [0]).tobytes()
answer = tried(stream.sendmsg, [b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])", REFUSED),
    attack("send out of band", "answer = called('sendto', 3, b'x', 1, 1)", REFUSED),
    attack("receive out of band", "answer = called('recvfrom', 3, bytes(1), 1, 1)", REFUSED),
    attack("who is there", "answer = called('getsockopt', 3, 1, 17, bytes(12), bytes(4))", REFUSED),
    attack("a handle on who is there", "answer = called('getsockopt', 3, 1, 77, bytes(4), bytes(4))", REFUSED),
    attack("a larger buffer", "import socket; answer = tried(stream.setsockopt, socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)", REFUSED),
    attack("another address", "answer = tried(stream.connect, '/x') + tried(stream.bind, '/x')", Seen::Says(&["EPERMEPERM"])),
    attack("a copy", "copy = os.dup(3); os.close(3); os.dup2(copy, 3); answer = 'the same stream'", Seen::Says(&["the same stream"])),
    attack("close it", "os.close(3)", Seen::Ends),
    attack("shut it down", "import socket; stream.shutdown(socket.SHUT_WR)", Seen::Ends),
];

#[test]
fn no_network() {
    all_are_held(NETWORK);
}

#[test]
fn the_stream_is_only_a_stream() {
    all_are_held(THE_STREAM);
}
