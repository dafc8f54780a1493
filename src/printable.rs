//! Text from files, servers and users, made fit to be printed.

use std::fmt::Write;

/// The most characters of one piece of such a text: a parser may quote megabytes.
const MAX: usize = 2000;

/// `text` with all that a terminal, or a reader's eye, would obey instead of show written out: control characters (C0, DEL and
/// C1), ends of lines and marks that turn the direction of writing. What goes beyond 2000 characters is cut.
///
/// ```
/// use cam_lucida::printable;
///
/// assert_eq!(printable("layer\u{1b}[2J\u{9b}1A\n"), r"layer\u{1b}[2J\u{9b}1A\n");
/// assert_eq!(printable("gpj.\u{202e}exe"), r"gpj.\u{202e}exe");
/// assert_eq!(printable("Häuser 猫 👩‍🚀"), "Häuser 猫 👩‍🚀");
/// assert!(printable("a".repeat(9000)).ends_with("a … (7000 more characters)"));
/// ```
pub fn printable(text: impl AsRef<str>) -> String {
    let text = text.as_ref();
    let mut shown = String::with_capacity(text.len().min(MAX));
    for c in text.chars().take(MAX) {
        if is_obeyed(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    let more = text.chars().skip(MAX).count();
    if more > 0 {
        // Writing to a text cannot fail.
        let _ = write!(shown, " … ({more} more characters)");
    }
    shown
}

fn is_obeyed(c: char) -> bool {
    // Unicode's marks of direction (UAX 9), and its own ends of lines and paragraphs.
    const MARKS: [std::ops::RangeInclusive<char>; 4] =
        ['\u{200e}'..='\u{200f}', '\u{2028}'..='\u{202e}', '\u{2066}'..='\u{2069}', '\u{61c}'..='\u{61c}'];
    c.is_control() || MARKS.iter().any(|marks| marks.contains(&c))
}
