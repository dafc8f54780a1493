//! What the commands print, in one place: no text of a file, a server or a user gives the terminal orders.

use std::io::{ErrorKind, IsTerminal, Write, stderr, stdout};

use cam_lucida::printable;

use crate::Failure;

/// Lines of an error at most.
const MAX_LINES: usize = 40;

/// Prints results, line by line. A reader may close the pipe early, as `head` does.
pub fn say(text: impl AsRef<str>) -> Result<(), Failure> {
    let mut out = stdout().lock();
    for line in text.as_ref().lines() {
        match writeln!(out, "{}", printable(line)) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            written => written.map_err(|error| format!("cannot print the results: {error}"))?,
        }
    }
    Ok(())
}

/// Prints a sentence beside the results, to the standard error. Where nothing can be printed, nobody could be told.
///
/// Its first line alone starts at the edge, so that no text passes for a sentence of the program.
pub fn tell(text: impl AsRef<str>) {
    let mut err = stderr().lock();
    for (i, line) in text.as_ref().lines().take(MAX_LINES).enumerate() {
        let edge = if i == 0 { "" } else { "  " };
        let _ = writeln!(err, "{edge}{}", printable(line));
    }
}

/// Whether a person reads what is told.
pub fn is_watched() -> bool {
    stderr().is_terminal()
}
