//! `origin.json` in a fetched model's folder: where its files came from, with their sizes and checksums.

use std::collections::BTreeMap;
use std::path::Path;

use cam_lucida::weights::Weights;
use serde::{Deserialize, Serialize};

use super::checksum::sha256;
use super::folder::{CONFIG, WEIGHTS};
use super::zoo::Source;
use crate::{Failure, files};

/// Sizes and checksums of files, as in an index of models.
pub type Listing = BTreeMap<String, Digest>;

#[derive(Serialize, Deserialize)]
pub struct Record {
    /// As [`Source`] displays.
    pub source: String,
    pub files: Listing,
}

#[derive(Serialize, Deserialize)]
pub struct Digest {
    bytes: u64,
    sha256: String,
}

impl Record {
    pub const FILE: &str = "origin.json";

    pub fn new(source: &Source) -> Self {
        Self { source: source.to_string(), files: BTreeMap::new() }
    }

    /// The record of `folder`, if it has one.
    pub fn read(folder: &Path) -> Result<Option<Self>, Failure> {
        let path = folder.join(Self::FILE);
        if !files::is_there(&path) {
            return Ok(None);
        }
        let read = serde_json::from_str(&files::read_text(&path)?);
        Ok(Some(
            read.map_err(|error| format!("{} is not a record of a fetched model: {error}", path.display()))?,
        ))
    }

    pub fn add(&mut self, name: &str, bytes: &[u8]) {
        self.files.insert(name.into(), Digest::new(bytes));
    }
}

impl Digest {
    pub fn new(bytes: &[u8]) -> Self {
        Self { bytes: bytes.len() as u64, sha256: sha256(bytes) }
    }
}

/// Checks that a whole model is listed: its card and its weights.
pub fn check_whole(listed: &Listing) -> Result<(), Failure> {
    match [CONFIG, WEIGHTS].iter().find(|name| !listed.contains_key(**name)) {
        None => Ok(()),
        Some(missing) => Err(format!("{missing} is not listed in {}", Record::FILE).into()),
    }
}

/// Checks that the files of `folder` are as listed.
pub fn check(folder: &Path, listed: &Listing) -> Result<(), Failure> {
    for (name, Digest { bytes, sha256 }) in listed {
        // A record comes with the folder, perhaps from others: it names no file elsewhere.
        if Path::new(name).file_name().is_none_or(|own| own != name.as_str()) {
            return Err(format!(
                "`{name}` is listed, which is not the name of a file in {}",
                folder.display()
            )
            .into());
        }
        let path = folder.join(name);
        let found = Digest::new(&files::read(&path, Weights::MAX_FETCHED_BYTES)?);
        let shown = path.display();
        if found.bytes != *bytes {
            return Err(format!("{shown} has {} bytes, {bytes} are listed", found.bytes).into());
        }
        if found.sha256 != *sha256 {
            return Err(format!("{shown} has SHA-256 {}, {sha256} is listed", found.sha256).into());
        }
    }
    Ok(())
}
