//! Codes of errors, read from the sources: each names one fault, for a front end that speaks another language.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The code of each `error!` below `folder`, with its file.
fn codes(folder: &Path, found: &mut Vec<(String, PathBuf)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            let code = code.join("\n");
            // After the kind, an identifier, the code is the first literal.
            let calls = code.split("error!(").skip(1).filter_map(|call| {
                let (kind, rest) = call.split_once(',')?;
                kind.trim().chars().all(char::is_alphanumeric).then_some(rest.trim_start())
            });
            let codes = calls.filter_map(|rest| rest.strip_prefix('"')?.split_once('"'));
            found.extend(codes.map(|(code, _)| (code.to_string(), path.clone())));
        }
    }
}

#[test]
fn each_code_is_in_kebab_case_and_names_one_fault() {
    let mut found = Vec::new();
    codes(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 100, "{} codes", found.len());
    let mut sites: BTreeMap<&str, &Path> = BTreeMap::new();
    for (code, path) in &found {
        let kebab = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(code.bytes().all(kebab) && !code.is_empty(), "{}: `{code}`", path.display());
        if let Some(other) = sites.insert(code, path) {
            panic!("`{code}` is a code in {} and in {}", other.display(), path.display());
        }
    }
}
