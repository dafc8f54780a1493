//! docs/COMMANDS.md, the command-line reference of the book: the help that each command gives.

use crate::command::cam_lucida;
use crate::common::committed::assert_committed;

fn help(path: &[&str]) -> String {
    let output = cam_lucida(path).arg("--help").output().unwrap();
    assert!(output.status.success(), "{path:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The names below `Commands:`.
fn commands(help: &str) -> impl Iterator<Item = &str> {
    let listed =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let named = listed.filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')));
    named.filter_map(|line| line.split(' ').next()).filter(|name| *name != "help")
}

/// A chapter for a command, and for those below it.
fn describe(path: &[&str], text: &mut String) {
    let help = help(path);
    let name: Vec<&str> = ["cam-lucida"].iter().chain(path).copied().collect();
    text.push_str(&format!("\n## `{}`\n\n```text\n{}\n```\n", name.join(" "), help.trim_end()));
    for command in commands(&help) {
        describe(&[path, &[command]].concat(), text);
    }
}

#[test]
fn the_reference_is_what_the_commands_say() {
    let mut generated =
        String::from("# Command line\n\nGenerated from the help of each command; do not edit.\n");
    describe(&[], &mut generated);
    assert!(generated.contains("## `cam-lucida models fetch`"), "the commands below commands are there, too");
    assert_committed("docs/COMMANDS.md", &generated, "--test command reference");
}
