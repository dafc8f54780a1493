//! SHA-256 of a file, and the digits of it that a file's name holds.

use sha2::{Digest, Sha256};

/// All 64 digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
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
