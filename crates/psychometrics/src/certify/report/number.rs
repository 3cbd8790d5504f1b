//! Numbers in words.

/// A share as a percentage with so many digits after the point.
pub(super) fn percent(share: f64, digits: usize) -> String {
    format!("{:.digits$} %", share * 100.0)
}

/// A level, with a proper minus sign and without a needless point.
pub(super) fn signed(level: f64) -> String {
    let digits = if (level - level.round()).abs() < 1e-9 { 0 } else { 1 };
    let size = format!("{:.digits$}", level.abs());
    if level < -1e-9 { format!("−{size}") } else { size }
}

/// Text of others, safe inside HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A whole number with thin spaces between thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}
