//! SHA-256 of a file, and the digits of it that a file's name holds.

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::Failure;
use crate::files::{cannot_read, open};

/// All 64 digits.
pub fn sha256(bytes: &[u8]) -> String {
    digits(&Sha256::digest(bytes))
}

/// The same of a file of any length.
pub fn sha256_of(path: &Path) -> Result<String, Failure> {
    let failed = |error| cannot_read(path, error);
    let mut hash = Sha256::new();
    std::io::copy(&mut open(path)?, &mut hash).map_err(failed)?;
    Ok(digits(&hash.finalize()))
}

fn digits(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first digits of the SHA-256 in a file's name. PyTorch publishes files so: `resnet18-f37072fd.pth`.
///
/// Digits without a letter do not count: they may be a date.
pub fn in_name(file_name: &str) -> Option<&str> {
    let (stem, _) = file_name.rsplit_once('.')?;
    let (_, digits) = stem.rsplit_once('-')?;
    let is_hash = (8..=64).contains(&digits.len())
        && digits.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
        && digits.contains(|c: char| c.is_ascii_alphabetic());
    is_hash.then_some(digits)
}
