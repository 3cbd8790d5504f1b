//! What an instance may say on its one stream, and that we stand it.

use crate::kit::{Walls, answer, ask, kit, kit_with};
use jobfuture_sandbox::{ChannelEnd, Frame, Instance, MAX_FRAME};
use std::time::{Duration, Instant};

/// Runs code that talks out of turn, and answers what is received then.
fn said_out_of_turn(code: &str) -> Result<Frame, ChannelEnd> {
    let template = kit().run();
    let mut good = template.instance().unwrap();
    let mut instance = template.instance().unwrap();
    instance.channel().set_deadline(Instant::now() + Duration::from_millis(500));
    instance.channel().send(&Frame::new(b'c', code)).unwrap();
    let received = instance.channel().receive();
    assert_eq!(ask(&mut good, "answer = 6 * 7"), "42");
    received
}

#[test]
fn garbage_is_told_from_frames() {
    for (name, code) in [
        ("noise", r"os.write(3, b'\xff' * 100)"),
        ("too large", r"os.write(3, (9 << 20).to_bytes(4, 'little') + b'a' + bytes(4))"),
        ("too small", r"os.write(3, bytes(9))"),
        ("a head larger than the frame", r"os.write(3, b'\x06\0\0\0a\xff\0\0\0x')"),
        ("a head as large as can be said", r"os.write(3, b'\x06\0\0\0a\xff\xff\xff\xffx')"),
    ] {
        let received = said_out_of_turn(code);
        assert!(matches!(received, Err(ChannelEnd::Garbage(_))), "{name}: {received:?}");
    }
}

#[test]
fn a_frame_that_never_ends_is_late() {
    let half = "import struct, time; os.write(3, struct.pack('<IcI', 1000, b'a', 0)); time.sleep(60)";
    assert!(matches!(said_out_of_turn(half), Err(ChannelEnd::Late)));
    let drop_by_drop = "
import struct, time
os.write(3, struct.pack('<IcI', 1000, b'a', 0))
while True: os.write(3, b'x'); time.sleep(0.01)";
    let begun = Instant::now();
    assert!(matches!(said_out_of_turn(drop_by_drop), Err(ChannelEnd::Late)));
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[test]
fn frames_that_never_end_are_late() {
    let template = kit().run();
    let mut instance = template.instance().unwrap();
    instance.channel().set_deadline(Instant::now() + Duration::from_millis(300));
    let code = "import struct\nwhile True: os.write(3, struct.pack('<IcI', 5, b'q', 0) * 5000)";
    instance.channel().send(&Frame::new(b'c', code)).unwrap();
    let begun = Instant::now();
    let end = loop {
        match instance.channel().receive() {
            Ok(frame) => assert_eq!(frame.kind, b'q'),
            Err(end) => break end,
        }
    };
    assert!(matches!(end, ChannelEnd::Late), "{end}");
    assert!(begun.elapsed() < Duration::from_millis(1500));
}

#[test]
fn the_largest_frame_passes_and_a_larger_one_does_not() {
    let template = kit().run();
    let mut instance = template.instance().unwrap();
    let code = format!("answer = 'x' * {}", MAX_FRAME - 5);
    assert_eq!(ask(&mut instance, &code).len(), MAX_FRAME - 5);
    let code = format!("answer = 'x' * {}", MAX_FRAME - 4);
    assert!(matches!(answer(&mut instance, &code), Err(ChannelEnd::Garbage(_))));
}

/// One that does not read, and one that reads a little now and then.
#[test]
fn a_reader_that_stops_is_late() {
    for code in ["import time; time.sleep(60)", "import time\nwhile True: stream.recv(1000); time.sleep(0.02)"] {
        let template = kit().run();
        let mut instance = template.instance().unwrap();
        instance.channel().send(&Frame::new(b'c', code)).unwrap();
        instance.channel().set_deadline(Instant::now() + Duration::from_millis(300));
        let begun = Instant::now();
        let sent = instance.channel().send(&Frame { kind: b'c', head: vec![], body: vec![0; MAX_FRAME - 5] });
        assert!(matches!(sent, Err(ChannelEnd::Late)), "{sent:?}");
        assert!(begun.elapsed() < Duration::from_millis(1500));
    }
}

/// What an instance wrote before it died is read; then comes its end.
#[test]
fn an_end_in_the_middle_of_a_frame_is_an_end() {
    for walls in [Walls::Full, Walls::Reduced] {
        let template = kit_with(walls).run();
        let mut instance: Instance = template.instance().unwrap();
        let code = r"os.write(3, b'\x05\0\0\0a\0\0\0\0' + b'\x99\0\0\0a'); os._exit(1)";
        assert_eq!(answer(&mut instance, code).unwrap(), "");
        assert!(matches!(instance.channel().receive(), Err(ChannelEnd::Closed)));
    }
}
