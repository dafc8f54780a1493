//! Names that must be stated once: methods, networks, errors.

use std::collections::{BTreeMap, BTreeSet};

use cam_lucida::cam::METHODS;
use cam_lucida::network::NETWORKS;
use proc_macro2::{TokenStream, TokenTree};

use crate::sources::{Source, sources};

/// Files that name methods or networks for a reason: where a path begins, which names, and why.
const NAMED: &[(&str, &[&str], &str)] = &[
    ("src/cam/methods/", &[], "here methods get their names"),
    ("src/network/families/", &[], "here networks get theirs"),
    ("src/network/names.rs", &[], "other names of networks, in ours"),
    ("src/train/recipe.rs", &[], "which networks are trained"),
    ("src/bin/findings/", &[], "which methods and networks are studied"),
    ("www/scenes/", &["gradient"], "a backdrop"),
    ("www/views/ask/", &["eigen-cam"], "what a layer responds to, whatever the answer"),
    ("www/i18n/", &[], "what they are called in other languages"),
    (
        "www/views/trust/experiments.js",
        &["grad-cam", "guided-backprop"],
        "the two that Adebayo 2018 sets beside each other while weights become random",
    ),
    ("www/views/steps/", &[], "the formula of each method that is a weighted sum, in marks and words"),
    ("src/weights/card.rs", &["mobilenet_v2"], "Hugging Face's name of a family of its own"),
    ("src/weights/config.rs", &["mobilenet_v2"], "Hugging Face's name of a family of its own"),
    ("src/weights/settings.rs", &["mobilenet_v2"], "Hugging Face's name of a family of its own"),
];

/// Page and command line ask the tables: a new method or network needs no line there.
#[test]
fn neither_page_nor_command_line_lists_methods_or_networks_of_its_own() {
    let methods: Vec<&str> = METHODS.iter().map(|method| method.name).collect();
    let networks: Vec<&str> = NETWORKS.iter().map(|network| network.name).collect();
    assert!(methods.len() > 20 && networks.len() > 20, "the tables are full");
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for source in ["src", "www"].into_iter().flat_map(sources) {
        for text in source.strings() {
            // A list within one string is a list, too.
            for name in text.split(',').map(str::trim) {
                if !methods.contains(&name) && !networks.contains(&name) {
                    continue;
                }
                let reason = NAMED.iter().find(|(file, names, _)| {
                    source.file.starts_with(file) && (names.is_empty() || names.contains(&name))
                });
                match reason {
                    Some((file, ..)) => {
                        used.insert((*file, name.to_string()));
                    }
                    None => wrong.push(format!("{}: `{name}`", source.file)),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "these stand in tables already:\n{}", wrong.join("\n"));
    for (file, names, reason) in NAMED {
        assert!(
            used.iter().any(|(used, _)| used == file),
            "{file} names none: drop the exemption ({reason})"
        );
        for name in *names {
            let is_used = used.contains(&(*file, name.to_string()));
            assert!(is_used, "{file} does not name {name}: drop the exemption ({reason})");
        }
    }
}

/// The codes that `source` gives to errors: `error!(Kind, "code", …)`, `Error::new(kind, "code", …)` and the like.
fn codes(source: &Source) -> Vec<String> {
    fn walk(tokens: &[TokenTree], found: &mut Vec<String>) {
        for (at, token) in tokens.iter().enumerate() {
            let TokenTree::Group(group) = token else { continue };
            let inside: Vec<TokenTree> = group.stream().into_iter().collect();
            let before: String =
                tokens[at.saturating_sub(4)..at].iter().map(ToString::to_string).collect::<String>();
            if ["error!", "Error::new", "Error::with_arguments"].iter().any(|maker| before.ends_with(maker)) {
                let second: Vec<TokenTree> = inside
                    .iter()
                    .skip_while(|token| token.to_string() != ",")
                    .skip(1)
                    .take_while(|token| token.to_string() != ",")
                    .cloned()
                    .collect();
                if let [TokenTree::Literal(code)] = &second[..] {
                    found.push(code.to_string().trim_matches('"').into());
                }
            }
            walk(&inside, found);
        }
    }
    let mut found = Vec::new();
    walk(&source.text.parse::<TokenStream>().unwrap().into_iter().collect::<Vec<_>>(), &mut found);
    found
}

#[test]
fn each_error_has_a_code_of_its_own() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in sources("src").into_iter().filter(Source::is_rust) {
        for code in codes(&source) {
            places.entry(code).or_default().push(source.file.clone());
        }
    }
    assert!(places.len() > 50, "the codes are where they were: {}", places.len());
    let is_kebab = |code: &str| {
        code.split('-').all(|word| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
    };
    let wrong: Vec<_> = places.iter().filter(|(code, files)| files.len() > 1 || !is_kebab(code)).collect();
    assert!(wrong.is_empty(), "codes are kebab-case, and each stands in one place: {wrong:#?}");
}
