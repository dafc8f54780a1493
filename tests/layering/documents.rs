//! What documents and scripts say of the sources: files and commands that they name exist.

use serde_json::Value;

use crate::sources::{read, root};

const DOCUMENTS: [&str; 3] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];
const FOLDERS: [&str; 10] =
    ["src/", "tests/", "www/", "models/", "scripts/", "docs/", "benches/", "examples/", "fuzz/", ".ci/"];

/// What stands between backticks, code blocks aside.
fn quoted(text: &str) -> Vec<&str> {
    let prose = text.split("```").step_by(2);
    prose.flat_map(|text| text.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn files_that_documents_name_exist() {
    for document in DOCUMENTS {
        let text = read(document);
        let links = text.split("](").skip(1).map(|rest| rest.split([')', '#']).next().unwrap());
        let links = links.filter(|link| !link.is_empty() && !link.contains("://"));
        let files =
            quoted(&text).into_iter().filter(|word| FOLDERS.iter().any(|folder| word.starts_with(folder)));
        for file in links.chain(files) {
            let file = file.split([' ', ':']).next().unwrap();
            assert!(root().join(file).exists(), "{document} names {file}, which does not exist");
        }
    }
}

#[test]
fn targets_that_documents_name_are_in_the_makefile() {
    let makefile = read("Makefile");
    for document in DOCUMENTS {
        let text = read(document);
        let commands = quoted(&text).into_iter().chain(text.lines());
        for target in commands.filter_map(|command| command.strip_prefix("make ")) {
            let target = target.split_whitespace().next().unwrap();
            assert!(makefile.contains(&format!("\n{target}:")), "{document} names `make {target}`");
        }
    }
}

/// A fault that nobody can make any more finds nothing: `scripts/faults.mjs` replaces strings of the sources.
#[test]
fn each_fault_can_be_made_in_one_place() {
    let faults: Vec<Value> = serde_json::from_str(&read("scripts/faults.json")).unwrap();
    assert!(faults.len() >= 28, "{} faults", faults.len());
    for fault in faults {
        let [what, file, from, to] =
            ["fault", "file", "from", "to"].map(|key| fault[key].as_str().expect(key));
        let places = read(file).matches(from).count();
        assert_eq!(places, 1, "{what}: {file} holds `{from}` {places} times");
        assert_ne!(from, to, "{what}");
    }
}
