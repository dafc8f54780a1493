//! What sources say: Rust by its tokens, so that comments and strings are not mistaken for code; scripts by their lines.

use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// A source file.
pub struct Source {
    /// Where it is, from the root on.
    pub file: String,
    pub text: String,
}

/// Every Rust source or script below `folder`, or the one file.
pub fn sources(folder: &str) -> Vec<Source> {
    fn walk(path: &Path, found: &mut Vec<Source>) {
        if path.is_dir() {
            let mut entries: Vec<_> =
                std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
            entries.sort();
            entries.iter().for_each(|entry| walk(entry, found));
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "js") {
            let file = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
            found.push(Source { text: read(&file), file });
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} holds no sources");
    found
}

impl Source {
    pub fn is_rust(&self) -> bool {
        self.file.ends_with(".rs")
    }

    pub fn tokens(&self) -> Vec<TokenTree> {
        let tokens: TokenStream = self.text.parse().unwrap_or_else(|error| panic!("{}: {error}", self.file));
        tokens.into_iter().collect()
    }

    /// Every path in the code, by its segments. `use a::{b, c::{self, d}}` is `a::b`, `a::c` and `a::c::d`; a lone
    /// name is a path of one segment.
    pub fn paths(&self) -> Vec<Vec<String>> {
        paths_among(&self.tokens())
    }

    /// The paths of [`paths`](Self::paths) that lead into this crate, from its root on: `super` and `self` are resolved.
    pub fn crate_paths(&self) -> Vec<Vec<String>> {
        let module = self.module();
        let resolve = |path: Vec<String>| match path[0].as_str() {
            "crate" => Some(path[1..].to_vec()),
            "super" => {
                let ups = path.iter().take_while(|segment| *segment == "super").count();
                Some([&module[..module.len().checked_sub(ups)?], &path[ups..]].concat())
            }
            _ => None,
        };
        self.paths().into_iter().filter_map(resolve).filter(|path| !path.is_empty()).collect()
    }

    /// The module's own path: `src/cam/methods/mod.rs` is `cam::methods`.
    pub fn module(&self) -> Vec<String> {
        let path = self.file.strip_prefix("src/").unwrap().strip_suffix(".rs").unwrap();
        let segments = path.split('/').filter(|segment| !["mod", "lib"].contains(segment));
        segments.map(String::from).collect()
    }

    /// Every string in the code: literals of Rust, quoted words of a script.
    pub fn strings(&self) -> Vec<String> {
        let mut found = Vec::new();
        if self.is_rust() {
            strings(&self.tokens(), &mut found);
        } else {
            for quote in ['\'', '"', '`'] {
                found.extend(
                    self.text.lines().flat_map(|line| line.split(quote).skip(1).step_by(2)).map(String::from),
                );
            }
        }
        found
    }
}

fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

/// Every path among `tokens`, as [`Source::paths`].
pub fn paths_among(tokens: &[TokenTree]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    paths(tokens, &[], &mut found);
    found
}

/// Paths among `tokens`, each after `prefix`.
fn paths(tokens: &[TokenTree], prefix: &[String], found: &mut Vec<Vec<String>>) {
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Ident(_) => at = path(tokens, at, prefix, found),
            TokenTree::Group(group) => {
                paths(&group.stream().into_iter().collect::<Vec<_>>(), &[], found);
                at += 1;
            }
            TokenTree::Punct(punct) if punct.as_char() == '*' && !prefix.is_empty() => {
                found.push(prefix.to_vec());
                at += 1;
            }
            _ => at += 1,
        }
    }
}

/// The path, or the tree of a `use`, that begins at `start`; returns where it ends.
fn path(tokens: &[TokenTree], start: usize, prefix: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut segments = prefix.to_vec();
    let mut at = start;
    while let Some(TokenTree::Ident(name)) = tokens.get(at) {
        let name = name.to_string();
        if name != "self" || segments.is_empty() {
            segments.push(name);
        }
        at += 1;
        if !(is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':')) {
            break;
        }
        match tokens.get(at + 2) {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                paths(&group.stream().into_iter().collect::<Vec<_>>(), &segments, found);
                return at + 3;
            }
            Some(TokenTree::Ident(_)) => at += 2,
            _ => break,
        }
    }
    found.push(segments);
    at
}

fn strings(tokens: &[TokenTree], found: &mut Vec<String>) {
    for (at, token) in tokens.iter().enumerate() {
        match token {
            // What a comment of documentation says is no string of the code.
            TokenTree::Group(group) if is_punct(at.checked_sub(1).and_then(|at| tokens.get(at)), '#') => {
                let inside: Vec<_> = group.stream().into_iter().collect();
                if !matches!(inside.first(), Some(TokenTree::Ident(name)) if name == "doc") {
                    strings(&inside, found);
                }
            }
            TokenTree::Group(group) => strings(&group.stream().into_iter().collect::<Vec<_>>(), found),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                found
                    .extend(text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).map(String::from));
            }
            _ => {}
        }
    }
}
