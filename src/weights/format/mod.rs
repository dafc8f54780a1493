//! What weight files say: where each tensor lies in their bytes, and which shape and type it has. No network is known here.

mod archive;
mod beside;
mod global;
mod legacy;
mod machine;
pub mod names;
mod pickle;
mod safetensors;
mod script;
mod search;
mod source;
mod state;
mod stored;
mod tensor;

pub use self::beside::Beside;
pub use self::safetensors::{Named, Precision, write_safetensors};
pub use self::source::{Source, append, piece, reserve};
pub use self::state::{Entry, SavedModule, State};
pub use self::stored::Stored;
pub use self::tensor::Region;

use crate::error::error;
use crate::{Error, Result};

/// The longest header, in bytes: what says where a file's tensors are.
const MAX_HEADER_BYTES: usize = 8 << 20;
/// The longest pickle, in bytes. Training scripts keep arrays of numbers in theirs, such as predictions.
const MAX_PICKLE_BYTES: usize = 64 << 20;
/// The most tensors of a state.
const MAX_TENSORS: usize = 20_000;
/// As many bytes as it takes to tell what a file is.
const START_BYTES: u64 = 512;

/// What a weight file holds.
pub struct Contents {
    /// Those with the most tensors first.
    pub states: Vec<State>,
    /// What it says beside them.
    pub beside: Vec<Beside>,
}

/// What `file` holds.
///
/// # Errors
/// [`is_weights`](Error::is_weights): another kind of file, or a damaged or truncated one.
pub fn read(file: &dyn Source) -> Result<Contents> {
    let start = piece(file, 0..START_BYTES)?;
    if start.starts_with(b"PK\x03\x04") {
        archive::read(file)
    } else if is_pickle(&start) {
        legacy::read(file)
    } else if let Some(other) = other_kind(&start) {
        Err(other)
    } else {
        Ok(Contents { states: vec![safetensors::read(file)?], beside: Vec::new() })
    }
}

/// Whether `file` starts as a pickle does, and not as a safetensors file with a header of such a length.
fn is_pickle(file: &[u8]) -> bool {
    matches!(file, [0x80, 2..=5, ..]) && file.get(8) != Some(&b'{')
}

/// The error for a file that often comes in place of weights, told by how it starts.
fn other_kind(bytes: &[u8]) -> Option<Error> {
    let start = bytes.trim_ascii_start();
    let starts = |with: &[u8]| start.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    if starts(b"<!doctype") || starts(b"<html") || starts(b"<?xml") {
        Some(error!(
            Weights,
            "web-page",
            "this is a web page, not a weight file: the download may need a log-in, or the address is that of a page about the file"
        ))
    } else if starts(b"version https://git-lfs") {
        Some(error!(
            Weights,
            "git-lfs-pointer",
            "this is a Git LFS pointer, not a weight file: download the file itself, or run `git lfs pull`"
        ))
    } else if bytes.starts_with(b"\x1f\x8b") {
        Some(error!(Weights, "gzip-archive", "this is a gzip archive, not a weight file: unpack it first"))
    } else if bytes.get(257..262) == Some(b"ustar") {
        Some(error!(
            Weights,
            "tar-archive",
            "this is a tar archive, as PyTorch wrote before version 0.1.10: unpack it, or save it again with torch.save(model.state_dict(), path)"
        ))
    } else if bytes.starts_with(b"\x89HDF\r\n\x1a\n") {
        Some(error!(
            Weights,
            "hdf5-file",
            "this is an HDF5 file, as Keras writes: choose PyTorch weights, as safetensors or a state dict"
        ))
    } else if is_onnx(bytes) {
        Some(error!(
            Weights,
            "onnx-file",
            "this is an ONNX file, a network as a graph of operations, which is not read: choose the PyTorch weights that it was made of, as safetensors or a state dict, torch.save(model.state_dict(), path)"
        ))
    } else if bytes.starts_with(b"\x93NUMPY") {
        Some(error!(
            Weights,
            "npy-file",
            "this is an array of NumPy (.npy), not a weight file: choose PyTorch weights, as safetensors or a state dict"
        ))
    } else if bytes.starts_with(b"GGUF") || bytes.get(4..8) == Some(b"TFL3") {
        Some(error!(
            Weights,
            "other-framework",
            "this is a file of another framework, {framework}: choose PyTorch weights, as safetensors or a state dict",
            framework = if bytes.starts_with(b"GGUF") { "GGUF" } else { "TensorFlow Lite" }
        ))
    } else if is_picture(bytes) {
        Some(error!(
            Weights,
            "picture-as-weights",
            "this is a picture, not a weight file: pass it as the picture, and a safetensors file or a state dict of PyTorch as the weights"
        ))
    } else if bytes.is_empty() {
        Some(error!(Weights, "empty-file", "this is an empty file: download or copy it again"))
    } else {
        None
    }
}

/// Whether bytes start as a model of ONNX does: the version of its format, then who wrote it (fields 1 and 2 of `ModelProto`), or at
/// once its graph or operators (7 and 8).
fn is_onnx(bytes: &[u8]) -> bool {
    match bytes {
        // A safetensors file has its header there.
        [_, _, _, _, _, _, _, _, b'{', ..] => false,
        [0x08, 3..=31, 0x12, length, name @ ..] => {
            let name = name.get(..usize::from(*length)).unwrap_or_default();
            !name.is_empty() && name.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ')
        }
        [0x08, 3..=31, 0x3a | 0x42, ..] => true,
        _ => false,
    }
}

/// Whether bytes start as those of a PNG, JPEG, GIF or WebP file.
fn is_picture(bytes: &[u8]) -> bool {
    let starts = [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff", b"GIF8"];
    starts.iter().any(|start| bytes.starts_with(start))
        || bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP")
}

/// The full name of `name` within `scope`. `network` has the same for its modules, which this folder does not know.
pub fn join(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.into() } else { format!("{scope}.{name}") }
}

/// A text from a file, for a sentence: one of megabytes ends after `max` characters, with `…`.
fn shortened(text: &str, max: usize) -> String {
    let mut rest = text.chars();
    let start: String = rest.by_ref().take(max).collect();
    if rest.next().is_some() { start + "…" } else { start }
}
