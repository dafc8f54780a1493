//! Where the bytes of a weight file are.

use std::borrow::Cow;
use std::ops::Range;

use crate::error::error;
use crate::{Error, Result};

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
    let places = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    if let Some((whole, (start, end))) = source.whole().zip(places) {
        let found = whole.get(start..end);
        return found.map(Cow::from).ok_or_else(|| unreadable(std::io::ErrorKind::UnexpectedEof.into()));
    }
    let mut bytes = Vec::new();
    append(source, range, &mut bytes)?;
    Ok(bytes.into())
}

/// Puts the same behind `bytes`; an error where memory has no room for it.
pub fn append(source: &dyn Source, range: Range<u64>, bytes: &mut Vec<u8>) -> Result<()> {
    let Range { start, end } = within(source, &range);
    let before = bytes.len();
    reserve(bytes, end - start)?;
    bytes.resize(before + (end - start) as usize, 0); // as many as were reserved
    source.read_at(start, &mut bytes[before..]).map_err(unreadable)
}

/// Makes room for exactly so many bytes more.
pub fn reserve(bytes: &mut Vec<u8>, more: u64) -> Result<()> {
    let room = usize::try_from(more).is_ok_and(|more| bytes.try_reserve_exact(more).is_ok());
    if room { Ok(()) } else { Err(out_of_memory(more)) }
}

fn within(source: &dyn Source, range: &Range<u64>) -> Range<u64> {
    let end = range.end.min(source.len());
    range.start.min(end)..end
}

/// The error of a source that fails.
pub fn unreadable(cause: std::io::Error) -> Error {
    error!(Weights, "weight-file-unreadable", "the weight file cannot be read: {cause}", cause)
        .with_source(cause)
}

fn out_of_memory(bytes: u64) -> Error {
    error!(
        Device,
        "out-of-memory",
        "there is not enough memory for tensors of {mebibytes} MiB; close other programs or tabs, or choose a smaller network",
        mebibytes = bytes.div_ceil(1 << 20)
    )
}

#[cfg(test)]
mod tests {
    use super::{Source, append, piece};

    /// A source that says more of itself than it has.
    struct Endless(Option<Vec<u8>>);

    impl Source for Endless {
        fn len(&self) -> u64 {
            u64::MAX
        }

        fn read_at(&self, _: u64, _: &mut [u8]) -> std::io::Result<()> {
            Err(std::io::ErrorKind::UnexpectedEof.into())
        }

        fn whole(&self) -> Option<&[u8]> {
            self.0.as_deref()
        }
    }

    #[test]
    fn more_bytes_than_memory_holds_are_an_error_and_the_bytes_before_stay() {
        for range in [0..u64::MAX, 7..1 << 62, u64::MAX - 1..u64::MAX] {
            let mut bytes = vec![1, 2];
            let code = append(&Endless(None), range.clone(), &mut bytes).unwrap_err();
            let expected =
                if range.end - range.start > 1 { "out-of-memory" } else { "weight-file-unreadable" };
            assert_eq!(code.code(), expected, "{range:?}");
            assert_eq!(bytes[..2], [1, 2]);
        }
    }

    #[test]
    fn a_source_in_memory_that_is_shorter_than_it_says_is_an_error() {
        assert_eq!(*piece(&Endless(Some(vec![3; 9])), 2..5).unwrap(), [3; 3]);
        let error = piece(&Endless(Some(vec![3; 9])), 2..50).unwrap_err();
        assert_eq!(error.code(), "weight-file-unreadable");
    }

    #[test]
    fn a_range_is_cut_where_the_source_ends() {
        let source = vec![1, 2, 3];
        let mut bytes = vec![0];
        append(&source, 2..u64::MAX, &mut bytes).unwrap();
        append(&source, u64::MAX - 1..u64::MAX, &mut bytes).unwrap();
        assert_eq!(bytes, [0, 3]);
        assert!(piece(&source, 5..9).unwrap().is_empty());
    }
}
