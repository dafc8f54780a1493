//! The command line as tests call it; not a part of `common`, which an example needs, too, and examples know no binaries.

use assert_cmd::Command;

pub fn cam_lucida(arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("cam-lucida"));
    command.args(arguments);
    command
}
