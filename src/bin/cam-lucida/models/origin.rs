//! What a name stands for: a model of the zoo, a repository of the hub, or the address of a file.

use std::path::Path;

use super::zoo::{Published, Source, Zoo};
use crate::Failure;

/// Where a model comes from, and what is known of it.
pub struct Origin {
    pub source: Source,
    pub known: Option<Published>,
}

impl Origin {
    pub fn of(name: &str, zoo: Zoo) -> Result<Self, Failure> {
        if zoo.embedded.iter().any(|model| model.name == name) {
            let found = format!("{name} is a model of this project and need not be fetched");
            return Err(format!("{found}: it lies in the folder models/{name} of its sources").into());
        }
        if let Some(known) = zoo.published.iter().position(|model| model.about.name == name) {
            return Ok(Self::known(zoo, known));
        }
        let Some(source) = Source::from_address(name)? else {
            return Err(format!(
                "there is no model `{name}`. {}. Or name a repository of the hub, OWNER/REPOSITORY[@REVISION], or the \
                 http(s) address of a weight file",
                closest(name, &zoo)
            )
            .into());
        };
        Ok(match zoo.published.iter().position(|model| model.source == source) {
            Some(known) => Self::known(zoo, known),
            None => Self { source, known: None },
        })
    }

    fn known(mut zoo: Zoo, index: usize) -> Self {
        let known = zoo.published.swap_remove(index);
        Self { source: known.source.clone(), known: Some(known) }
    }

    /// The folder that it is kept in unless another is asked for.
    pub fn folder(&self) -> Result<String, Failure> {
        let name = match (&self.known, &self.source) {
            (Some(known), _) => Some(known.about.name.clone()),
            (None, Source::Hub { repository, .. }) => repository.split('/').next_back().map(String::from),
            (None, Source::File { url }) => {
                file_name(url).and_then(|name| Some(Path::new(name).file_stem()?.to_str()?.to_string()))
            }
        };
        name.ok_or_else(|| {
            format!("{} has no name for a folder in it: pass --output-dir FOLDER", self.source).into()
        })
    }
}

/// The file that an address ends in.
pub fn file_name(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let (_, name) = rest.split(['?', '#']).next()?.rsplit_once('/')?;
    Path::new(name).file_name().is_some_and(|same| same == name).then_some(name)
}

impl Source {
    /// The repository or file of an address; `None` if it is none.
    fn from_address(name: &str) -> Result<Option<Self>, Failure> {
        if name.starts_with("https://") || name.starts_with("http://") {
            return Ok(Some(Self::File { url: name.into() }));
        }
        if name.contains("://") {
            return Err(format!("{name} is not read; an address starts with https:// or http://").into());
        }
        let (repository, revision) = name.split_once('@').unwrap_or((name, "main"));
        let Some((owner, model)) = repository.split_once('/') else { return Ok(None) };
        let is_name = |part: &str| {
            let letters = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            !part.is_empty() && part.chars().all(letters) && !part.chars().all(|c| c == '.')
        };
        if ![owner, model].into_iter().chain(revision.split('/')).all(is_name) {
            let allowed = "OWNER/REPOSITORY[@REVISION] of letters, digits, `-`, `_` and `.`";
            return Err(format!("{name} is no repository of the hub, which is {allowed}").into());
        }
        Ok(Some(Self::Hub { repository: repository.into(), revision: revision.into() }))
    }
}

/// The names of the zoo that are most like `name`, as a sentence.
pub fn closest(name: &str, zoo: &Zoo) -> String {
    const SHOWN: usize = 5;
    let mut names: Vec<&str> = zoo.published.iter().map(|model| model.about.name.as_str()).collect();
    names.sort_by_key(|known| distance(name, known));
    let more = names.len().saturating_sub(SHOWN);
    names.truncate(SHOWN);
    format!("The closest are {}; `cam-lucida models list` has {more} more", names.join(", "))
}

/// How many letters must be changed, put in or left out (Levenshtein) until `typed` is the beginning of `known`, which is
/// where a name says its network.
fn distance(typed: &str, known: &str) -> usize {
    let known: Vec<char> = known.chars().collect();
    let mut row: Vec<usize> = (0..=known.len()).collect();
    for (i, letter) in typed.to_lowercase().chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, other) in known.iter().enumerate() {
            let changed = row[j] + usize::from(letter != *other);
            next.push(changed.min(row[j + 1] + 1).min(next[j] + 1));
        }
        row = next;
    }
    row.into_iter().min().unwrap_or(0)
}
