//! A signal has no place for a score.
use jobfuture_disclosure::SignalBody;

fn boast(mut body: SignalBody) {
    body.says.score = 0.87;
}

fn main() {}
