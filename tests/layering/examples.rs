//! Every public type of the library has an example that runs, or names the item whose example shows it.

use std::collections::BTreeMap;

use proc_macro2::{Group, TokenTree};

use crate::sources::{Source, paths_among, sources};

const TYPES: [&str; 5] = ["struct", "enum", "union", "trait", "type"];
const SEE: &str = "See the example of [`";

/// A type or function that a module declares `pub`.
#[derive(Clone)]
struct Item {
    file: String,
    keyword: String,
    name: String,
    docs: String,
}

impl Item {
    fn is_type(&self) -> bool {
        TYPES.contains(&self.keyword.as_str())
    }

    /// Whether a code block of the docstring is compiled as Rust: no other language, and not ignored.
    fn has_example(&self) -> bool {
        let fences = self.docs.lines().map(str::trim).filter(|line| line.starts_with("```"));
        fences.step_by(2).any(|opening| ["```", "```no_run"].contains(&opening))
    }

    /// The item whose example shows this one, if the docstring names it.
    fn shown_by(&self) -> Option<&str> {
        let (_, rest) = self.docs.split_once(SEE)?;
        rest.split('`').next()
    }
}

/// What a module makes public.
#[derive(Default)]
struct Exports {
    items: Vec<Item>,
    modules: Vec<String>,
    /// The paths of its `pub use`.
    uses: Vec<Vec<String>>,
}

impl Exports {
    fn read(source: &Source) -> Self {
        let tokens = source.tokens();
        let (mut found, mut docs, mut at) = (Self::default(), String::new(), 0);
        while at < tokens.len() {
            match &tokens[at..] {
                [TokenTree::Punct(sign), TokenTree::Group(attribute), ..] if sign.as_char() == '#' => {
                    docs += &doc(attribute);
                    at += 2;
                }
                [TokenTree::Ident(word), rest @ ..] if word == "pub" => {
                    found.add(source, rest, std::mem::take(&mut docs));
                    at += 1;
                }
                _ => {
                    docs.clear();
                    at += 1;
                }
            }
        }
        found
    }

    /// Adds what follows `pub`. Of `pub(crate)` a group follows, which makes nothing public.
    fn add(&mut self, source: &Source, tokens: &[TokenTree], docs: String) {
        let mut words = tokens.iter().map_while(|token| match token {
            TokenTree::Ident(word) => Some(word.to_string()),
            _ => None,
        });
        let is_modifier = |word: &String| ["async", "const", "unsafe"].contains(&word.as_str());
        let Some(keyword) = words.find(|word| !is_modifier(word)) else { return };
        match (keyword.as_str(), words.next()) {
            ("use", _) => {
                let is_end =
                    |token: &TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ';');
                let end = tokens.iter().position(is_end).expect("a `use` ends");
                self.uses.extend(paths_among(&tokens[1..end]));
            }
            ("mod", Some(name)) => self.modules.push(name),
            (keyword, Some(name)) if keyword == "fn" || TYPES.contains(&keyword) => {
                self.items.push(Item { file: source.file.clone(), keyword: keyword.into(), name, docs });
            }
            _ => {}
        }
    }
}

/// One line of documentation from an attribute; of any other attribute, nothing.
fn doc(attribute: &Group) -> String {
    let inside: Vec<TokenTree> = attribute.stream().into_iter().collect();
    match &inside[..] {
        [TokenTree::Ident(name), _, TokenTree::Literal(line)] if name == "doc" => {
            line.to_string().trim_start_matches('r').trim_matches('"').to_string() + "\n"
        }
        _ => String::new(),
    }
}

/// The library's modules, each by its path.
struct Library(BTreeMap<Vec<String>, Exports>);

impl Library {
    fn read() -> Self {
        let files = sources("src").into_iter();
        let files = files.filter(|source| source.is_rust() && !source.file.starts_with("src/bin/"));
        Self(files.map(|source| (source.module(), Exports::read(&source))).collect())
    }

    /// Everything that users can reach through `module`.
    fn reachable(&self, module: &[String]) -> Vec<Item> {
        let exports = &self.0[module];
        let inner = exports.modules.iter().flat_map(|name| self.reachable(&join(module, name)));
        let used = exports.uses.iter().flat_map(|path| self.resolve(module, path));
        exports.items.iter().cloned().chain(inner).chain(used).collect()
    }

    /// What a `pub use` of `path` in `module` hands on: a module's everything, or one item; nothing of other crates.
    fn resolve(&self, module: &[String], path: &[String]) -> Vec<Item> {
        let whole = match path[0].as_str() {
            "crate" => path[1..].to_vec(),
            "self" => [module, &path[1..]].concat(),
            "super" => [&module[..module.len() - 1], &path[1..]].concat(),
            _ => [module, path].concat(),
        };
        if self.0.contains_key(&whole) {
            return self.reachable(&whole);
        }
        let (name, parent) = whole.split_last().expect("a path has a name");
        // A lone name is that of another crate.
        let Some(exports) = self.0.get(parent).filter(|_| parent != module) else { return Vec::new() };
        let own = exports.items.iter().filter(|item| item.name == *name).cloned();
        let used = exports.uses.iter().filter(|path| path.last() == Some(name));
        own.chain(used.flat_map(|path| self.resolve(parent, path))).collect()
    }
}

fn join(module: &[String], name: &str) -> Vec<String> {
    [module, &[name.to_string()]].concat()
}

#[test]
fn public_types_have_examples() {
    let items = Library::read().reachable(&[]);
    let types: Vec<&Item> = items.iter().filter(|item| item.is_type()).collect();
    assert!(types.len() > 80, "the types are where they were: {}", types.len());
    let has_example = |name: &str| items.iter().any(|item| item.name == name && item.has_example());
    let is_shown = |item: &Item| item.has_example() || item.shown_by().is_some_and(has_example);
    let wrong: Vec<String> = types
        .iter()
        .filter(|item| !is_shown(item))
        .map(|item| format!("{}: {} {}", item.file, item.keyword, item.name))
        .collect();
    assert!(
        wrong.is_empty(),
        "these need an example, or `{SEE}X`].` where the example of X uses them:\n{}",
        wrong.join("\n")
    );
}
