//! The results of all shards of a run, brought together.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::ledger::{self, Options, RESULTS, RUN, SHARDS};
use crate::Failure;
use crate::files::{self, cannot_read, cannot_write};
use crate::lock::FolderLock;
use crate::whole_file::write_beside;

/// Brings the results of all shards together, if there are any. Tells which shards are not complete.
///
/// # Errors
/// The shards are parts of several divisions, or their options differ; a file cannot be read or written.
pub fn gather(output: &Path) -> Result<Vec<String>, Failure> {
    let Some((parts, folders)) = folders(&output.join(SHARDS))? else { return Ok(Vec::new()) };
    let _lock = FolderLock::claim(output)?;
    let path = output.join(RESULTS);
    let mut whole = write_beside(&path, &[]).map_err(|error| cannot_write(&path, error))?;
    let mut options: Option<Options> = None;
    let mut missing = Vec::new();
    for number in 1..=parts {
        let begun = match folders.get(&number) {
            Some(folder) => ledger::read_options(folder)?.map(|options| (folder, options)),
            None => None,
        };
        let Some((folder, found)) = begun else {
            missing.push(format!("shard {number}/{parts} was not run"));
            continue;
        };
        match &options {
            None => options = Some(found),
            Some(first) => ledger::same_options(folder, first, &found)?,
        }
        let is_done = ledger::read_done(folder).is_some();
        if !is_done {
            missing.push(format!("shard {number}/{parts} has not come to its end"));
        }
        let results = folder.join(RESULTS);
        if !is_done && !files::is_there(&results) {
            continue;
        }
        let mut file = files::open(&results)?;
        let mut places = Vec::new();
        ledger::each_line(&mut file, |place, _| places.push(place))?;
        ledger::copy_lines(&mut file, &places, whole.as_file_mut())
            .map_err(|error| cannot_write(&path, error))?;
    }
    whole.persist(&path).map_err(|refused| cannot_write(&path, refused.error))?;
    if let Some(options) = options {
        ledger::write_whole(&output.join(RUN), &serde_json::to_vec_pretty(&options)?)?;
    }
    Ok(missing)
}

/// The folders of parts, by their numbers.
type Folders = BTreeMap<u32, PathBuf>;

/// How many parts there are, and the folders of those that were begun. `None`: there are no shards.
fn folders(shards: &Path) -> Result<Option<(u32, Folders)>, Failure> {
    let failed = |error| cannot_read(shards, error);
    let entries = match std::fs::read_dir(shards) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let mut divisions: BTreeMap<u32, Folders> = BTreeMap::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        if let Some((part, parts)) = numbers(&entry.file_name().to_string_lossy()) {
            divisions.entry(parts).or_default().insert(part, entry.path());
        }
    }
    if divisions.len() > 1 {
        return Err(format!(
            "{} holds shards of several divisions; keep those of one, and remove the others",
            shards.display()
        )
        .into());
    }
    Ok(divisions.pop_first())
}

/// The part and the number of parts that a shard's folder is named after, as by [`ledger::folder`].
fn numbers(name: &str) -> Option<(u32, u32)> {
    let (part, parts) = name.split_once("-of-")?;
    Some((part.parse().ok()?, parts.parse().ok()?))
}
