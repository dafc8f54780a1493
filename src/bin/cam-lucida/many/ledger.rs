//! What a run has done: `run.json`, the options that its results depend on; `results.jsonl`, a line for each picture; and
//! `done.json` once all of them were tried. Runs that are interrupted go on from there.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::pictures::{PictureId, Shard, is_below};
use crate::Failure;
use crate::files::{self, cannot_write};
use crate::lock::FolderLock;
use crate::whole_file::write_beside;

pub const RUN: &str = "run.json";
pub const RESULTS: &str = "results.jsonl";
/// The option that says what had to be assumed of the network.
pub const NOTES: &str = "notes";
const DONE: &str = "done.json";
/// The folder of the shards' folders.
pub const SHARDS: &str = "shards";

/// The options that results depend on, by name.
pub type Options = Map<String, Value>;

/// What a run has done so far, and what it does next. It keeps other runs out of its folder.
pub struct Ledger {
    folder: PathBuf,
    file: File,
    /// Where the newest line of each picture is.
    places: HashMap<PictureId, Place>,
    end: u64,
    _lock: FolderLock,
}

/// Where a line is: its first byte, and its bytes without the end of the line.
#[derive(Clone, Copy)]
pub struct Place {
    at: u64,
    length: usize,
}

/// What a line says of its picture.
#[derive(Deserialize)]
pub struct Known {
    id: String,
    sha256: Option<String>,
    #[serde(default)]
    files: Vec<String>,
    error: Option<serde::de::IgnoredAny>,
}

/// `done.json`.
#[derive(Serialize, Deserialize)]
pub struct Done {
    pub pictures: usize,
    pub failed: usize,
}

/// The folder of a run's ledger.
pub fn folder(output: &Path, shard: Option<Shard>) -> PathBuf {
    match shard {
        None => output.into(),
        Some(Shard { part, parts }) => {
            let digits = parts.to_string().len();
            output.join(SHARDS).join(format!("{part:0digits$}-of-{parts}"))
        }
    }
}

impl Ledger {
    /// Opens the ledger of a run, or begins one. Results of other options are refused; with `restart`, they are removed.
    ///
    /// # Errors
    /// Another run is at it, the options have changed, or the folder cannot be written.
    pub fn open(
        output: &Path,
        shard: Option<Shard>,
        options: &Options,
        restart: bool,
    ) -> Result<Self, Failure> {
        let folder = folder(output, shard);
        let lock = FolderLock::claim(&folder)?;
        if restart {
            remove(output, &folder)?;
        }
        let written = serde_json::to_vec_pretty(options)?;
        match read_options(&folder)? {
            // Both as they are read: a number's last digit may change on the way.
            Some(found) => same_options(&folder, &found, &serde_json::from_slice(&written)?)?,
            None if folder.join(RESULTS).exists() => {
                return Err(format!(
                    "{} has {RESULTS} without {RUN}, so nobody knows how its results were made; choose another --output-dir, or pass --restart to do all pictures again",
                    folder.display()
                )
                .into());
            }
            None => write_whole(&folder.join(RUN), &written)?,
        }
        remove_file(&folder.join(DONE))?;
        let path = folder.join(RESULTS);
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(&path)
            .map_err(|error| cannot_write(&path, error))?;
        let mut places: HashMap<PictureId, Place> = HashMap::new();
        let end = each_line(&mut file, |place, line| {
            if let Some(id) = Known::read(line).and_then(|known| known.id.parse().ok()) {
                places.insert(id, place);
            }
        })?;
        // What a run that was killed has left of its last line.
        file.set_len(end).map_err(|error| cannot_write(&path, error))?;
        Ok(Self { folder, file, places, end, _lock: lock })
    }

    /// Pictures that have a line.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn place(&self, id: PictureId) -> Option<Place> {
        self.places.get(&id).copied()
    }

    /// A handle of one's own to read lines by.
    pub fn reader(&self) -> Result<File, Failure> {
        let path = self.folder.join(RESULTS);
        files::open(&path)
    }

    /// Adds a line, whole or not at all.
    pub fn add(&mut self, id: PictureId, record: &Value) -> Result<(), Failure> {
        let mut line = serde_json::to_vec(record)?;
        let place = Place { at: self.end, length: line.len() };
        line.push(b'\n');
        let path = self.folder.join(RESULTS);
        self.file.write_all(&line).map_err(|error| cannot_write(&path, error))?;
        self.end += line.len() as u64;
        self.places.insert(id, place);
        Ok(())
    }

    /// Says that all pictures were tried. Brings the lines into the order of `ids`, one for each picture; those of other
    /// pictures, from an earlier call, follow.
    pub fn finish(mut self, ids: &[PictureId], failed: usize) -> Result<PathBuf, Failure> {
        let path = self.folder.join(RESULTS);
        let known = |id: &PictureId| self.places.remove(id);
        let mut order: Vec<Place> = ids.iter().filter_map(known).collect();
        let mut others: Vec<Place> = self.places.into_values().collect();
        others.sort_by_key(|place| place.at);
        order.extend(others);
        let mut part = write_beside(&path, &[]).map_err(|error| cannot_write(&path, error))?;
        copy_lines(&mut self.file, &order, part.as_file_mut()).map_err(|error| cannot_write(&path, error))?;
        part.persist(&path).map_err(|refused| cannot_write(&path, refused.error))?;
        let done = serde_json::to_vec(&Done { pictures: ids.len(), failed })?;
        write_whole(&self.folder.join(DONE), &done)?;
        Ok(path)
    }
}

impl Known {
    fn read(line: &[u8]) -> Option<Self> {
        serde_json::from_slice(line).ok()
    }

    /// Reads the line at a place.
    pub fn at(file: &mut File, place: Place) -> Option<Self> {
        Self::read(&line(file, place).ok()?)
    }

    /// Removes its files, but those of these names.
    pub fn remove_files(&self, output: &Path, but: &[&str]) {
        let others = self.files.iter().filter(|name| !but.contains(&name.as_str()));
        for name in others.map(Path::new).filter(|name| is_below(name)) {
            // One that is gone already needs no removal.
            let _ = std::fs::remove_file(output.join(name));
        }
    }

    /// Whether the picture, whose file has this hash, need not be done again: it has not changed, nothing failed, and all files are
    /// there.
    pub fn stands(&self, sha256: &str, output: &Path) -> bool {
        let is_there = |name: &String| is_below(Path::new(name)) && output.join(name).is_file();
        self.error.is_none()
            && self.sha256.as_deref() == Some(sha256)
            && !self.files.is_empty()
            && self.files.iter().all(is_there)
    }
}

/// The options of the run whose ledger is in `folder`, if there is one.
pub fn read_options(folder: &Path) -> Result<Option<Options>, Failure> {
    let path = folder.join(RUN);
    if !path.exists() {
        return Ok(None);
    }
    let options = serde_json::from_str(&files::read_text(&path)?);
    options.map(Some).map_err(|error| format!("{} is no run's: {error}", path.display()).into())
}

/// What a run's end said, if it came to one.
pub fn read_done(folder: &Path) -> Option<Done> {
    serde_json::from_str(&files::read_text(&folder.join(DONE)).ok()?).ok()
}

/// Checks that results go on as they began.
pub fn same_options(folder: &Path, found: &Options, wanted: &Options) -> Result<(), Failure> {
    let names = found.keys().chain(wanted.keys().filter(|name| !found.contains_key(*name)));
    let changed = names.filter(|name| found.get(*name) != wanted.get(*name)).map(|name| {
        let said = |options: &Options| options.get(name).map_or("nothing".into(), Value::to_string);
        format!("{name} was {}, and is {}", said(found), said(wanted))
    });
    let changed: Vec<String> = changed.collect();
    if changed.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{} holds results of other options: {}. Choose another --output-dir, or pass --restart to do all pictures again",
        folder.display(),
        changed.join("; ")
    )
    .into())
}

/// Removes what the ledger in `folder` tells of, and then the ledger.
fn remove(output: &Path, folder: &Path) -> Result<(), Failure> {
    let results = folder.join(RESULTS);
    if let Ok(mut file) = files::open(&results) {
        each_line(&mut file, |_, line| {
            Known::read(line).iter().for_each(|known| known.remove_files(output, &[]));
        })?;
    }
    for name in [RESULTS, RUN, DONE] {
        remove_file(&folder.join(name))?;
    }
    Ok(())
}

/// Removes a file, if it is there.
fn remove_file(path: &Path) -> Result<(), Failure> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(cannot_write(path, error)),
        _ => Ok(()),
    }
}

/// Calls `take` with each whole line, and tells where the last of them ends.
pub fn each_line(file: &mut File, mut take: impl FnMut(Place, &[u8])) -> Result<u64, Failure> {
    let failed = |error| format!("cannot read {RESULTS}: {error}");
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    let mut reader = BufReader::new(file);
    let (mut at, mut line) = (0, Vec::new());
    while reader.read_until(b'\n', &mut line).map_err(failed)? > 0 && line.ends_with(b"\n") {
        take(Place { at, length: line.len() - 1 }, &line[..line.len() - 1]);
        at += line.len() as u64;
        line.clear();
    }
    Ok(at)
}

/// The line at a place.
pub fn line(file: &mut File, place: Place) -> std::io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(place.at))?;
    let mut line = vec![0; place.length];
    file.read_exact(&mut line)?;
    Ok(line)
}

/// Copies lines to another file.
pub fn copy_lines(from: &mut File, places: &[Place], to: &mut File) -> std::io::Result<()> {
    let mut to = BufWriter::new(to);
    for &place in places {
        to.write_all(&line(from, place)?)?;
        to.write_all(b"\n")?;
    }
    to.flush()
}

pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let part = write_beside(path, bytes).map_err(|error| cannot_write(path, error))?;
    part.persist(path).map_err(|refused| cannot_write(path, refused.error))?;
    Ok(())
}
