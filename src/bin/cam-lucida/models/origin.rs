//! What a name means: a model of the zoo, a repository of the hub, or the address of a file.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
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
        let hub: Hub = serde_json::from_str(HUB)?;
        let page = hub.page(name)?;
        if page.is_some() || name.contains("://") {
            check_path(name)?;
            let source = match page {
                Some(page) => hub.source(&page)?,
                None => Self::File { url: hub.github.file(web::address("the model", name)?)? },
            };
            hub.check_ending(&source)?;
            return Ok(Some(source));
        }
        let (repository, revision) = name.split_once('@').unwrap_or((name, "main"));
        let Some((owner, model)) = repository.split_once('/') else { return Ok(None) };
        hub.check_owner(owner, name)?;
        if ![owner, model].into_iter().chain(revision.split('/')).all(is_name) {
            return Err(format!("{name} is not a repository of the hub; {NAMES}").into());
        }
        Ok(Some(Self::Hub { repository: repository.into(), revision: revision.into(), file: None }))
    }
}

const HUB: &str = include_str!("hub.json");

/// Hugging Face's addresses. The page reads the same file.
#[derive(Deserialize)]
struct Hub {
    hosts: Vec<String>,
    /// How pages begin that are about no network.
    sections: Vec<String>,
    github: GitHub,
    /// How the names of files end that hold no weights which are read here, by what they are.
    foreign: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct GitHub {
    hosts: Vec<String>,
    /// The server of the files themselves.
    files: String,
}

impl GitHub {
    /// The address of the file that a page is about; any other address as it is.
    fn file(&self, url: Url) -> Result<Url, Failure> {
        let is_page = url.host_str().is_some_and(|host| self.hosts.iter().any(|known| known == host));
        let parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
        match parts[..] {
            _ if !is_page => Ok(url),
            // What a release has is a file itself.
            [_, _, "releases", "download", _, _, ..] => Ok(url),
            [owner, name, "blob" | "raw", ref file @ ..] if file.len() > 1 => {
                web::address("the model", &format!("{}/{owner}/{name}/{}", self.files, file.join("/")))
            }
            _ => Err(format!(
                "{url} is a page of GitHub that is about no file; give the address of the weight file's page, …/blob/BRANCH/FILE, \
                 or of its download"
            )
            .into()),
        }
    }
}

/// Checks that an address leads to where it says: a reader takes `..` for the folder above.
fn check_path(address: &str) -> Result<(), Failure> {
    let path = address.split(['?', '#']).next().unwrap_or(address).to_lowercase();
    if path.split('/').any(|part| part.replace("%2e", ".") == "..") {
        let shown = web::without_secrets(address);
        return Err(format!(
            "{shown} has `..` in its path, which leads to another place; write that place out"
        )
        .into());
    }
    Ok(())
}

impl Hub {
    /// The address of a page there, which may lack its scheme.
    fn page(&self, name: &str) -> Result<Option<Url>, Failure> {
        let is_host = |host: &str| self.hosts.iter().any(|known| known.eq_ignore_ascii_case(host));
        if is_host(name.split(['/', '?', '#']).next().unwrap_or(name)) {
            return web::address("the model", &format!("https://{name}")).map(Some);
        }
        let url = Url::parse(name).ok().filter(|url| url.host_str().is_some_and(is_host));
        url.map(|_| web::address("the model", name)).transpose()
    }

    /// What a page is about: a repository, or one of its files.
    fn source(&self, url: &Url) -> Result<Source, Failure> {
        let parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
        let [owner, name, ref page @ ..] = parts[..] else {
            return Err(format!("{url} names no repository; {WANTED}").into());
        };
        self.check_owner(owner, url.as_str())?;
        // Another address in the place of an owner would lead to another server.
        if ![owner, name].into_iter().all(is_name) {
            return Err(
                format!("{url} names no repository: {owner}/{name} is none of the hub; {NAMES}").into()
            );
        }
        let (revision, path) = match *page {
            // The names of those that others propose have slashes.
            [kind, "refs", of, number, ref path @ ..] if PAGES_OF_REVISION.contains(&kind) => {
                (format!("refs/{of}/{number}"), path)
            }
            [kind, revision, ref path @ ..] if PAGES_OF_REVISION.contains(&kind) => {
                (revision.replace("%2F", "/").replace("%2f", "/"), path)
            }
            _ => ("main".into(), &[][..]),
        };
        let is_text = |file: &&str| [".json", ".md", ".txt"].iter().any(|end| file.ends_with(end));
        if page.first() == Some(&"tree") && !path.is_empty() {
            return Err(format!(
                "{url} names a folder of a repository; give the address of the weight file in it"
            )
            .into());
        }
        let file = path.last().filter(|file| !is_text(file)).map(|_| path.join("/"));
        Ok(Source::Hub { repository: format!("{owner}/{name}"), revision, file })
    }

    /// Checks, as far as its name tells, that a file may hold weights.
    fn check_ending(&self, source: &Source) -> Result<(), Failure> {
        let path = match source {
            Source::Hub { file: Some(file), .. } => file.to_lowercase(),
            Source::Hub { file: None, .. } => return Ok(()),
            Source::File { url } => url.path().to_lowercase(),
        };
        if let Source::File { url } = source
            && path.ends_with('/')
            && url.query().is_none()
        {
            return Err(format!("{url} names a folder; give the address of the weight file in it").into());
        }
        let mut foreign = self.foreign.iter();
        let Some((what, _)) = foreign.find(|(_, ends)| ends.iter().any(|end| path.ends_with(end.as_str())))
        else {
            return Ok(());
        };
        let what = match what.as_str() {
            "text" => "a text file",
            "picture" => "a picture",
            "gguf" => "a GGUF file, as llama.cpp reads",
            "onnx" => "an ONNX file",
            "keras" => "an HDF5 file, as Keras writes",
            "tensorflow" => "a file of TensorFlow",
            "flax" => "a file of Flax",
            _ => "a file of Core ML",
        };
        Err(format!(
            "{source} is {what} by its name, not a weight file that can be read; give the address of a safetensors file or a PyTorch \
             checkpoint, or {WANTED}"
        )
        .into())
    }

    fn check_owner(&self, owner: &str, found: &str) -> Result<(), Failure> {
        if !self.sections.iter().any(|section| section == owner) {
            return Ok(());
        }
        let what = match owner {
            "datasets" => "is a data set of Hugging Face, not a network",
            "spaces" => {
                "is an application (a Space) of Hugging Face, not a network; its page names the networks that it uses"
            }
            _ => "is a page of Hugging Face that is about no network",
        };
        Err(format!("{found} {what}; {WANTED}").into())
    }
}

/// Whether the hub's owners, repositories and revisions may have such a name.
fn is_name(part: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !part.is_empty() && part.chars().all(letters) && !part.chars().all(|c| c == '.')
}

const NAMES: &str = "name one as OWNER/REPOSITORY[@REVISION] of letters, digits, `-`, `_` and `.`";

const WANTED: &str = "name the repository of a network, OWNER/REPOSITORY[@REVISION]";

/// The hub's pages about a revision of a repository, or a file of it.
const PAGES_OF_REVISION: [&str; 6] = ["tree", "blob", "resolve", "raw", "commit", "commits"];

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_within_one_of_the_hub_leads_to_no_other_server() {
        for address in [
            "https://huggingface.co/http:/evil",
            "https://huggingface.co/http:/evil/resolve/main/model.safetensors",
            "hf.co/https://evil/model",
            "https://huggingface.co/a:b/model/resolve/main/model.pth",
            "https://huggingface.co/owner/data:,x/resolve/main/model.pth",
            "http:/evil",
            "https:/evil/model",
            "http:evil/model",
        ] {
            let error = Source::from_address(address).err().unwrap_or_else(|| panic!("{address} was taken"));
            assert!(error.to_string().contains("name one as OWNER/REPOSITORY"), "{address}: {error}");
        }
        // Behind a repository it is the path of a file there.
        let file = "https://huggingface.co/owner/model/resolve/main/https://evil/model.pth";
        let Ok(Some(Source::Hub { repository, file: Some(file), .. })) = Source::from_address(file) else {
            panic!("{file} is no file of the hub");
        };
        let hub = Url::parse("https://huggingface.co/").unwrap();
        let joined = hub.join(&format!("{repository}/resolve/main/{file}")).unwrap();
        assert_eq!(joined.host_str(), Some("huggingface.co"));
    }

    #[test]
    fn a_page_of_github_stands_for_its_file() {
        let table: serde_json::Value =
            serde_json::from_str(include_str!("../../../../tests/fixtures/addresses.json")).unwrap();
        let rows = table.as_array().unwrap().iter();
        let rows: Vec<_> =
            rows.filter_map(|row| Some((row["address"].as_str()?, row["url"].as_str()?))).collect();
        assert!(rows.len() >= 4);
        for (address, wanted) in rows {
            match Source::from_address(address).unwrap() {
                Some(Source::File { url }) => assert_eq!(url.as_str(), wanted, "{address}"),
                _ => panic!("{address} is no file"),
            }
        }
    }
}
