//! PyTorch's files before 1.6: a row of pickles, then the storages.

use std::collections::HashMap;

use super::beside::beside;
use super::pickle::{Pickled, Value};
use super::source::{Source, piece};
use super::tensor::{Region, Resolver, Storage};
use super::{Contents, MAX_HEADER_BYTES, MAX_PICKLE_BYTES, search, shortened};
use crate::Result;
use crate::error::error;

/// The most bytes of each pickle before that of the tensors.
const SMALL: usize = 1 << 16;

/// The states of a file in the format before PyTorch 1.6.
pub fn read(file: &dyn Source) -> Result<Contents> {
    let bytes = |at: u64, most: usize| piece(file, at..at.saturating_add(most as u64));
    let mut at = 0;
    let mut next = |expected: Value| {
        let bytes = bytes(at, SMALL)?;
        let pickled = Pickled::read(&bytes)?;
        at += pickled.end as u64;
        Ok::<_, crate::Error>((pickled.value == expected, pickled.value))
    };
    // What another library wrote may have any length.
    if !next(Value::Magic).is_ok_and(|(is_magic, _)| is_magic) {
        return Err(error!(
            Weights,
            "not-torch-save",
            "this file is a pickle, but torch.save did not write it; save it again with torch.save(model.state_dict(), path)"
        ));
    }
    if let (false, version) = next(Value::Int(1001))? {
        let found = match version {
            Value::Int(number) => number.to_string(),
            _ => "no number".into(),
        };
        return Err(error!(
            Weights,
            "torch-protocol",
            "the protocol of this PyTorch file is {found}, not 1001; save it again with torch.save",
            found
        ));
    }
    // What the system was that wrote it.
    next(Value::None)?;
    let start = bytes(at, MAX_PICKLE_BYTES)?;
    let saved = Pickled::read(&start)?;
    let after = at + saved.end as u64;
    let keys_bytes = bytes(after, MAX_HEADER_BYTES)?;
    let keys = Pickled::read(&keys_bytes)?;
    let storages = storages(file, &saved, &keys, after + keys.end as u64)?;
    let storage = |key: &str| {
        storages.get(key).cloned().ok_or_else(|| {
            error!(
                Weights,
                "storage-missing",
                "this PyTorch file lacks storage `{key}`; copy it again",
                key = shortened(key, 80)
            )
        })
    };
    let states = search::states(&mut Resolver::new(&saved, &storage), &|_| None)?;
    Ok(Contents { states, beside: beside(&saved) })
}

/// Where each storage lies; they start at byte `at`.
fn storages(
    file: &dyn Source,
    saved: &Pickled,
    keys: &Pickled,
    mut at: u64,
) -> Result<HashMap<String, Region>> {
    // The widths of storages are with the tensors that lie in them. Modules have persistent ids, too.
    let mut widths = HashMap::new();
    for &id in saved.persistent() {
        if saved.parts(id).first().and_then(|&kind| saved.text(kind)) == Some("module") {
            continue;
        }
        let storage = Storage::read(saved, id)?;
        widths.insert(storage.key, storage.kind.width());
    }
    let mut storages = HashMap::new();
    for &key in keys.parts(keys.value) {
        let key = keys.text(key).ok_or_else(|| {
            error!(
                Weights,
                "storage-key",
                "the key of a storage of this PyTorch file is not text; save it again with torch.save"
            )
        })?;
        let shown = shortened(key, 80);
        let cut = || {
            error!(
                Weights,
                "storage-cut",
                "this PyTorch file ends within storage `{key}`; copy it again",
                key = shown
            )
        };
        let numbers = piece(file, at..at.saturating_add(8))?;
        let numbers = u64::from_le_bytes(*numbers.first_chunk().ok_or_else(cut)?);
        let width = widths.get(key).ok_or_else(|| {
            error!(
                Weights,
                "storage-unused",
                "storage `{key}` of this PyTorch file belongs to no tensor; save it again with torch.save",
                key = shown
            )
        })?;
        let start = at + 8;
        let end = numbers.checked_mul(*width as u64).and_then(|bytes| start.checked_add(bytes));
        at = end.filter(|&end| end <= file.len()).ok_or_else(cut)?;
        if storages.insert(key.to_string(), Region { range: start..at, crc: None }).is_some() {
            return Err(error!(
                Weights,
                "storage-twice",
                "this PyTorch file has storage `{key}` twice; save it again with torch.save",
                key = shown
            ));
        }
    }
    if at != file.len() {
        return Err(error!(
            Weights,
            "bytes-after-end",
            "{count} bytes follow the last storage of this PyTorch file; copy it again",
            count = file.len() - at
        ));
    }
    Ok(storages)
}
