//! What a name means: a model of the zoo, a repository of the hub, or the address of a file.

use std::path::Path;

use url::Url;

use super::web;
use super::zoo::{Published, Source, Zoo};
use crate::Failure;

/// Where a model comes from, and what the zoo knows about it.
pub struct Origin {
    pub source: Source,
    pub known: Option<Published>,
}

impl Origin {
    pub fn from_name(name: &str, zoo: Zoo) -> Result<Self, Failure> {
        if zoo.embedded.iter().any(|model| model.name == name) {
            let found = format!("{name} is a model of this project and need not be fetched");
            return Err(format!("{found}: its sources hold it in the folder models/{name}").into());
        }
        if let Some(known) = zoo.published.iter().position(|model| model.summary.name == name) {
            return Ok(Self::known(zoo, known));
        }
        let Some(source) = Source::from_address(name)? else {
            return Err(format!(
                "unknown model `{name}`. {}. Or name a repository of the hub, OWNER/REPOSITORY[@REVISION], or the http(s) \
                 address of a weight file",
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

    /// The default name of the model's folder.
    pub fn folder(&self) -> Result<String, Failure> {
        let name = match (&self.known, &self.source) {
            (Some(known), _) => Some(known.summary.name.clone()),
            (None, Source::Hub { file: Some(file), .. }) => stem(file.rsplit('/').next().unwrap_or(file)),
            (None, Source::Hub { repository, .. }) => repository.split('/').next_back().map(String::from),
            (None, Source::File { url }) => file_name(url).and_then(|name| stem(&name)),
        };
        name.ok_or_else(|| {
            format!("{} does not end in a name for the folder: pass --output-dir FOLDER", self.source).into()
        })
    }
}

/// A file's name without its ending.
fn stem(name: &str) -> Option<String> {
    Some(Path::new(name).file_stem()?.to_str()?.to_string())
}

/// The name of the file that an address ends in, if it can be one on the disk.
pub fn file_name(url: &Url) -> Option<String> {
    let name = url.path_segments()?.next_back()?;
    Path::new(name).file_name().is_some_and(|same| same == name).then(|| name.into())
}

impl Source {
    /// The repository or file that `name` addresses; `None` when it is a plain name.
    fn from_address(name: &str) -> Result<Option<Self>, Failure> {
        if name.contains("://") {
            let url = web::address("the model", name)?;
            return Ok(Some(Self::from_page(&url).unwrap_or(Self::File { url })));
        }
        let (repository, revision) = name.split_once('@').unwrap_or((name, "main"));
        let Some((owner, model)) = repository.split_once('/') else { return Ok(None) };
        let is_name = |part: &str| {
            let letters = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            !part.is_empty() && part.chars().all(letters) && !part.chars().all(|c| c == '.')
        };
        if ![owner, model].into_iter().chain(revision.split('/')).all(is_name) {
            let allowed = "OWNER/REPOSITORY[@REVISION] of letters, digits, `-`, `_` and `.`";
            return Err(format!("{name} is not a repository of the hub; name one as {allowed}").into());
        }
        Ok(Some(Self::Hub { repository: repository.into(), revision: revision.into(), file: None }))
    }

    /// What a page of Hugging Face is about: a repository, or one of its weight files.
    fn from_page(url: &Url) -> Option<Self> {
        if url.host_str() != Some("huggingface.co") {
            return None;
        }
        let parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
        let (owner, name, revision, file) = match parts[..] {
            [owner, name] => (owner, name, "main", None),
            [owner, name, "tree", revision, ..] => (owner, name, revision, None),
            [owner, name, "blob" | "resolve" | "raw", revision, ref file @ ..] if !file.is_empty() => {
                (owner, name, revision, Some(file.join("/")))
            }
            _ => return None,
        };
        let is_text = |file: &String| [".json", ".md", ".txt"].iter().any(|end| file.ends_with(end));
        Some(Self::Hub {
            repository: format!("{owner}/{name}"),
            revision: revision.into(),
            file: file.filter(|file| !is_text(file)),
        })
    }
}

/// A sentence with the zoo's names that are most like `name`.
pub fn closest(name: &str, zoo: &Zoo) -> String {
    const SHOWN: usize = 5;
    let mut names: Vec<&str> = zoo.published.iter().map(|model| model.summary.name.as_str()).collect();
    let name = name.to_lowercase();
    let likeness = |known: &str| strsim::jaro_winkler(&name, known);
    names.sort_by(|a, b| likeness(b).total_cmp(&likeness(a)));
    let more = names.len().saturating_sub(SHOWN);
    names.truncate(SHOWN);
    format!("The closest are {}; `cam-lucida models list` has {more} more", names.join(", "))
}
