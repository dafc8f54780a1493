//! What weight files say: where each tensor lies in their bytes, and of which shape and type it is. No network is known here.

mod global;
mod names;
mod pickle;
mod safetensors;
mod stored;
mod torch;

pub use self::safetensors::{Named, Precision, write_safetensors};
pub use self::stored::Stored;

use std::collections::BTreeMap;

use crate::{Error, Result};

/// Most bytes of what says where a file's tensors are.
const HEADER_BYTES: usize = 8 << 20;
/// Most tensors of a file.
const MOST_TENSORS: usize = 20_000;

/// The tensors of `file`, under torchvision's names.
///
/// # Errors
/// [`is_weights`](Error::is_weights): another kind of file, or a damaged or truncated one.
pub fn read(file: &[u8]) -> Result<BTreeMap<String, Stored>> {
    let tensors = if torch::is_archive(file) {
        torch::read_archive(file)?
    } else if torch::is_pickle(file) {
        torch::read_pickles(file)?
    } else if let Some(other) = other_kind(file) {
        return Err(Error::weights(format!("this is no weight file, but {other}")));
    } else {
        safetensors::read(file)?
    };
    names::to_torchvision(tensors)
}

/// Files that come in place of weights, by how they start.
fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    let start = bytes.trim_ascii_start();
    let starts = |with: &[u8]| start.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    if starts(b"<!doctype") || starts(b"<html") || starts(b"<?xml") {
        Some(
            "a web page: the download may have needed a log-in, or the address was that of a page about the file",
        )
    } else if starts(b"version https://git-lfs") {
        Some("a Git LFS pointer: download the file itself, or run `git lfs pull`")
    } else if bytes.starts_with(b"\x1f\x8b") {
        Some("a gzip archive: unpack it first")
    } else if bytes.get(257..262) == Some(b"ustar") {
        Some(
            "a tar archive, as PyTorch wrote before 0.1.10: unpack it, or save it anew with torch.save(model.state_dict(), path)",
        )
    } else if bytes.starts_with(b"\x89HDF\r\n\x1a\n") {
        Some("an HDF5 file, as Keras writes: weights of PyTorch are read")
    } else if bytes.is_empty() {
        Some("an empty file: download or copy it again")
    } else {
        None
    }
}
