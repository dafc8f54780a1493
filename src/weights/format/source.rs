//! Where the bytes of a weight file are.

use std::borrow::Cow;
use std::ops::Range;

use crate::Result;
use crate::error::error;

/// The bytes of a weight file: in memory, or somewhere else, to be read piece by piece.
///
/// ```
/// use cam_lucida::weights::{Source, Weights};
///
/// struct File(std::fs::File);
///
/// impl Source for File {
///     fn len(&self) -> u64 {
///         self.0.metadata().map_or(0, |metadata| metadata.len())
///     }
///
///     fn read_at(&self, at: u64, buffer: &mut [u8]) -> std::io::Result<()> {
///         use std::io::{Read, Seek, SeekFrom};
///         (&self.0).seek(SeekFrom::Start(at))?;
///         (&self.0).read_exact(buffer)
///     }
/// }
///
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/models/resnet-scenes/model.safetensors");
/// let weights = Weights::read_from(&File(std::fs::File::open(path)?), None)?;
/// assert_eq!(weights.recognise()?.name, "resnet_small");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Source {
    /// How many bytes there are.
    fn len(&self) -> u64;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `buffer` with the bytes from byte `at` on.
    ///
    /// # Errors
    /// When there are not as many, or they cannot be read.
    fn read_at(&self, at: u64, buffer: &mut [u8]) -> std::io::Result<()>;

    /// All of them, where they are in memory.
    fn whole(&self) -> Option<&[u8]> {
        None
    }
}

impl Source for Vec<u8> {
    fn len(&self) -> u64 {
        Vec::len(self) as u64
    }

    fn read_at(&self, at: u64, buffer: &mut [u8]) -> std::io::Result<()> {
        let found = usize::try_from(at).ok().and_then(|at| self.get(at..)?.get(..buffer.len()));
        buffer.copy_from_slice(found.ok_or(std::io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn whole(&self) -> Option<&[u8]> {
        Some(self)
    }
}

/// The bytes of `range`, cut where the source ends.
pub fn piece(source: &dyn Source, range: Range<u64>) -> Result<Cow<'_, [u8]>> {
    let Range { start, end } = within(source, &range);
    if let Some(whole) = source.whole() {
        return Ok(whole[start as usize..end as usize].into());
    }
    let mut bytes = Vec::new();
    append(source, range, &mut bytes)?;
    Ok(bytes.into())
}

/// Puts the same behind `bytes`.
pub fn append(source: &dyn Source, range: Range<u64>, bytes: &mut Vec<u8>) -> Result<()> {
    let Range { start, end } = within(source, &range);
    let before = bytes.len();
    bytes.resize(before + (end - start) as usize, 0);
    source.read_at(start, &mut bytes[before..]).map_err(unreadable)
}

fn within(source: &dyn Source, range: &Range<u64>) -> Range<u64> {
    let end = range.end.min(source.len());
    range.start.min(end)..end
}

/// The error of a source that fails.
pub fn unreadable(cause: std::io::Error) -> crate::Error {
    error!(Weights, "weight-file-unreadable", "the weight file cannot be read: {cause}", cause)
        .with_source(cause)
}
