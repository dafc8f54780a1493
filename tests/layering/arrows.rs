//! The arrows between the modules of the library: what ARCHITECTURE.md says against what the sources do.

use std::collections::{BTreeMap, BTreeSet};

use crate::sources::{Source, read, sources};

/// The rows of the table in ARCHITECTURE.md, from the top: a module and the modules that it knows.
fn stated() -> Vec<(String, BTreeSet<String>)> {
    const HEAD: &str = "| module | knows |";
    let text = read("ARCHITECTURE.md");
    let (_, table) = text.split_once(HEAD).expect("ARCHITECTURE.md has the table of modules");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let mut names = row.split('`').skip(1).step_by(2).map(String::from);
        (names.next().expect("a row names a module"), names.collect())
    })
    .collect()
}

/// What each module of the library knows, read from its sources.
fn found() -> BTreeMap<String, BTreeSet<String>> {
    let library = Source { file: "src/lib.rs".into(), text: read("src/lib.rs") };
    // `crate::Device` is `crate::device::Device`: the root only hands it on.
    let handed_on: BTreeMap<String, String> = library
        .paths()
        .into_iter()
        .filter(|path| path.len() > 1)
        .map(|path| (path.last().unwrap().clone(), path[0].clone()))
        .collect();
    let files: Vec<Source> = sources("src").into_iter().filter(|source| source.is_of_the_library()).collect();
    let modules: BTreeSet<String> = files.iter().map(|source| source.module()[0].clone()).collect();
    let mut knows: BTreeMap<String, BTreeSet<String>> =
        modules.iter().map(|module| (module.clone(), BTreeSet::new())).collect();
    for source in files {
        let own = &source.module()[0];
        for path in source.crate_paths() {
            let module = if modules.contains(&path[0]) { Some(&path[0]) } else { handed_on.get(&path[0]) };
            if let Some(module) = module.filter(|module| *module != own && modules.contains(*module)) {
                knows.get_mut(own).unwrap().insert(module.clone());
            }
        }
    }
    knows
}

impl Source {
    fn is_of_the_library(&self) -> bool {
        self.is_rust() && !self.file.starts_with("src/bin/") && self.file != "src/lib.rs"
    }
}

#[test]
fn modules_know_what_architecture_says_and_nothing_else() {
    let row = |module: &str, knows: &BTreeSet<String>| {
        let names: Vec<String> = knows.iter().map(|name| format!("`{name}`")).collect();
        format!("| `{module}` | {} |", names.join(", "))
    };
    let stated: BTreeMap<_, _> = stated().into_iter().collect();
    let found = found();
    let wrong: Vec<String> = found
        .iter()
        .filter(|(module, knows)| stated.get(*module) != Some(*knows))
        .map(|(module, knows)| row(module, knows))
        .collect();
    assert!(wrong.is_empty(), "ARCHITECTURE.md does not say what the sources do:\n{}", wrong.join("\n"));
    assert_eq!(stated.len(), found.len(), "ARCHITECTURE.md names a module that does not exist");
}

/// So there is no cycle.
#[test]
fn modules_know_only_what_stands_above_them_in_architecture() {
    let mut above = BTreeSet::new();
    for (module, knows) in stated() {
        for name in &knows {
            assert!(above.contains(name), "`{module}` knows `{name}`, which does not stand above it");
        }
        assert!(above.insert(module.clone()), "`{module}` stands there twice");
    }
}
