//! Files in and out. A file is written whole or not at all.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use cam_lucida::Input;
use cam_lucida::picture::{Decoded, Picture, Preprocessor, Window};
use cam_lucida::weights::{self, Card, Source, Weights};

use crate::Failure;
use crate::lock::FolderLock;
use crate::models;
use crate::npy;
use crate::whole_file::write_beside;

/// An error of the library, with the file or folder that it is about.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub struct FileError {
    path: PathBuf,
    source: cam_lucida::Error,
}

/// Adds the file or folder to an error.
pub fn at(path: &Path) -> impl Fn(cam_lucida::Error) -> FileError {
    move |source| FileError { path: path.into(), source }
}

/// Adds the file of a model's weights to an error of the model; that of its labels, where these do not fit.
pub fn at_model(weights: &Path, labels: Option<&Path>) -> impl Fn(cam_lucida::Error) -> FileError {
    move |error| {
        let labels = labels.filter(|_| error.code() == "label-count");
        at(labels.unwrap_or(weights))(error)
    }
}

/// A file or folder that cannot be read.
pub fn cannot_read(path: &Path, error: std::io::Error) -> Failure {
    let shown = path.display().to_string();
    if !shown.contains("://") {
        return format!("cannot read {shown}: {error}").into();
    }
    let shown = models::without_secrets(&shown);
    let fetch = format!("cam-lucida models fetch {}", cam_lucida::printable(&shown));
    format!("{shown} is an address, not a file; fetch a network by `{fetch}`").into()
}

/// A file or folder that cannot be written.
pub fn cannot_write(path: &Path, error: std::io::Error) -> Failure {
    format!("cannot write {}: {error}", path.display()).into()
}

/// The error of the library that a command failed with, if it is one.
pub fn library_error<'a>(failure: &'a (dyn std::error::Error + 'static)) -> Option<&'a cam_lucida::Error> {
    let with_file = || failure.downcast_ref().map(|FileError { source, .. }| source);
    failure.downcast_ref().or_else(with_file)
}

/// The largest text file, in bytes: a card, class names, a record.
pub use cam_lucida::weights::MAX_TEXT_BYTES;
/// The largest preprocessed input, in bytes: float32 of sixteen channels of the largest size, and a header.
const MAX_INPUT_BYTES: usize = 16 * 4 * Preprocessor::SIDES.end().pow(2) + (1 << 16);

/// Opens a file to read it. A folder, a device and a named pipe are refused before they are opened: opening a named pipe waits for
/// its other end, and a device may be endless. An anonymous pipe, such as `<(…)` or `/dev/stdin`, has its other end.
pub fn open(path: &Path) -> Result<File, Failure> {
    let failed = |error| cannot_read(path, error);
    let about = path.metadata().map_err(failed)?;
    if about.is_dir() {
        return Err(format!("{} is a folder; name a file in it", path.display()).into());
    }
    if !about.is_file() && !is_anonymous_pipe(path, &about) {
        return Err(format!(
            "{} is not a regular file, but {}; copy its content to a file, and name that",
            path.display(),
            kind(&about)
        )
        .into());
    }
    File::open(path).map_err(failed)
}

#[cfg(unix)]
fn is_anonymous_pipe(path: &Path, about: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    // The link to it leads to no name in the file system.
    about.file_type().is_fifo() && path.canonicalize().is_err()
}

#[cfg(not(unix))]
fn is_anonymous_pipe(_: &Path, _: &std::fs::Metadata) -> bool {
    false
}

/// What something is that is neither file nor folder.
fn kind(about: &std::fs::Metadata) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if about.file_type().is_fifo() {
            return "a pipe";
        }
        if about.file_type().is_socket() {
            return "a socket";
        }
    }
    let _ = about;
    "a device"
}

/// The bytes of a file, at most `max`. What says how large it is may lie.
pub fn read(path: &Path, max: usize) -> Result<Vec<u8>, Failure> {
    let failed = |error| cannot_read(path, error);
    let too_large = || {
        Failure::from(format!(
            "{} has more than {} MiB, the most for such a file; name another, or a smaller one",
            path.display(),
            max >> 20
        ))
    };
    let file = open(path)?;
    let about = file.metadata().map_err(failed)?;
    if about.len() > max as u64 {
        return Err(too_large());
    }
    // So that it does not grow by doubling.
    let mut bytes = Vec::with_capacity(about.len() as usize + 1);
    file.take(max as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > max { Err(too_large()) } else { Ok(bytes) }
}

/// The picture of a file.
pub fn read_picture(path: &Path) -> Result<Picture, Failure> {
    Ok(decode_picture(path, &read(path, Picture::MAX_FILE_BYTES)?, None)?.picture)
}

/// The picture of a file that was read, with its notes.
pub fn decode_picture(path: &Path, bytes: &[u8], window: Option<Window>) -> Result<Decoded, Failure> {
    Ok(Picture::decode_with(bytes, window).map_err(at(path))?)
}

/// The tensors of a weight file's own network.
pub fn read_weights(path: &Path) -> Result<Weights, Failure> {
    Ok(Weights::read_from(&FileSource::open(path)?, None).map_err(at(path))?)
}

/// Whether something has this name, even a link that leads nowhere.
pub fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// A weight file on disk, read piece by piece.
pub struct FileSource {
    file: File,
    bytes: u64,
}

impl FileSource {
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let file = open(path)?;
        let about = file.metadata().map_err(|error| cannot_read(path, error))?;
        if !about.is_file() {
            // It cannot be read at any position.
            return Err(
                format!("{} is a pipe; copy the weights to a file, and name that", path.display()).into()
            );
        }
        Ok(Self { file, bytes: about.len() })
    }
}

impl Source for FileSource {
    fn len(&self) -> u64 {
        self.bytes
    }

    fn read_at(&self, at: u64, buffer: &mut [u8]) -> std::io::Result<()> {
        (&self.file).seek(SeekFrom::Start(at))?;
        (&self.file).read_exact(buffer)
    }
}

/// The text of a file.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read(path, MAX_TEXT_BYTES)?)
        .map_err(|_| format!("{} is not UTF-8 text; save it as such", path.display()).into())
}

/// The class names of a file.
pub fn read_labels(path: &Path) -> Result<Vec<String>, Failure> {
    Ok(weights::labels(&read_text(path)?).map_err(at(path))?)
}

/// The card of a model's folder.
pub fn read_card(folder: &Path) -> Result<Card, Failure> {
    let config = read_text(&folder.join(models::CONFIG))?;
    let preprocessor = folder.join(models::PREPROCESSOR);
    let preprocessor = is_there(&preprocessor).then(|| read_text(&preprocessor)).transpose()?;
    Ok(Card::read(&config, preprocessor.as_deref()).map_err(at(folder))?)
}

/// A preprocessed input from an NPY file, see [`npy::read`].
pub fn read_input(path: &Path) -> Result<Input, Failure> {
    Ok(npy::read(&path.display().to_string(), &read(path, MAX_INPUT_BYTES)?)?)
}

/// Files that are written together, after all of them have been computed.
pub struct Output {
    folder: PathBuf,
    files: Vec<(String, Vec<u8>)>,
}

impl Output {
    /// Files for `folder`, which is created if it is not there.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, files: Vec::new() }
    }

    /// Adds a file.
    pub fn add(&mut self, name: String, bytes: Vec<u8>) {
        self.files.push((name, bytes));
    }

    /// The names so far.
    pub fn names(&self) -> Vec<&str> {
        self.files.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// Writes all files, then gives them their names: if one cannot be written, none appears. Another run that writes into the
    /// folder comes before or after.
    pub fn write(self) -> Result<Vec<PathBuf>, Failure> {
        let lock = FolderLock::wait(&self.folder)?;
        self.write_locked(&lock, false)
    }

    /// The same in a folder that is locked already. With `synced`, all files are on the disk before any of them has its name, so that
    /// a full disk is noticed in time.
    pub fn write_locked(self, _: &FolderLock, synced: bool) -> Result<Vec<PathBuf>, Failure> {
        self.write_parts(synced)
    }

    /// The same where no other run gives files these names.
    pub fn write_own(self) -> Result<Vec<PathBuf>, Failure> {
        for (name, _) in &self.files {
            let path = self.folder.join(name);
            let folder = path.parent().unwrap_or(&self.folder);
            std::fs::create_dir_all(folder).map_err(|error| cannot_write(folder, error))?;
        }
        self.write_parts(false)
    }

    fn write_parts(self, synced: bool) -> Result<Vec<PathBuf>, Failure> {
        let folder = self.folder;
        let mut parts = Vec::new();
        for (name, bytes) in self.files {
            let path = folder.join(name);
            if path.is_dir() {
                return Err(format!("cannot write {}: a folder has this name", path.display()).into());
            }
            let part = write_beside(&path, &bytes).map_err(|error| cannot_write(&path, error))?;
            if synced {
                part.as_file().sync_all().map_err(|error| cannot_write(&path, error))?;
            }
            parts.push((part, path));
        }
        let mut written = Vec::new();
        for (part, path) in parts {
            part.persist(&path).map_err(|refused| cannot_write(&path, refused.error))?;
            written.push(path);
        }
        Ok(written)
    }
}
