//! State dicts as PyTorch writes them (`torch.save`), in both of its formats: a zip archive (from 1.6 on) of a pickle
//! `data.pkl` and a file `data/KEY` for each storage, and before that a row of pickles with the storages after them.
//! Source: PyTorch, `torch/serialization.py`.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use safetensors::Dtype;

use super::global::Global;
use super::pickle::{Pickled, Value};
use super::stored::{Stored, check_form, count, width};
use super::{MAX_HEADER_BYTES, MAX_TENSORS, shortened};
use crate::Result;
use crate::error::error;

/// The most files of an archive.
const MAX_ENTRIES: usize = 10_000;
/// Where training scripts put a state dict that they save with more beside it.
const WRAPPERS: [&str; 7] =
    ["state_dict", "model_state_dict", "model", "state_dict_ema", "model_ema", "network", "net"];

/// Whether `file` starts as a zip archive does.
pub fn is_archive(file: &[u8]) -> bool {
    file.starts_with(b"PK\x03\x04")
}

/// Whether `file` starts as a pickle does, and not as a safetensors file with a header of such a length.
pub fn is_pickle(file: &[u8]) -> bool {
    matches!(file, [0x80, 2..=5, ..]) && file.get(8) != Some(&b'{')
}

/// The tensors of a zip archive.
pub fn read_archive(file: &[u8]) -> Result<BTreeMap<String, Stored>> {
    let damaged = |cause: rawzip::Error| {
        error!(
            Weights,
            "zip-damaged", "the zip archive of this PyTorch file is damaged ({cause}); copy it again", cause
        )
        .with_source(cause)
    };
    let archive = rawzip::ZipArchive::from_slice(file).map_err(damaged)?;
    let mut files = HashMap::new();
    let mut ranges = Vec::new();
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry().map_err(damaged)? {
        if ranges.len() == MAX_ENTRIES {
            return Err(error!(
                Weights,
                "zip-entries",
                "the zip archive of this PyTorch file has more than {max} files; save the state dict alone",
                max = MAX_ENTRIES
            ));
        }
        let found = archive.get_entry(entry.wayfinder()).map_err(damaged)?;
        let (start, end) = found.compressed_data_range();
        let range = start as usize..end as usize;
        let claim = found.claim_verifier();
        let stored = entry.compression_method() == rawzip::CompressionMethod::STORE
            && claim.uncompressed_size == range.len() as u64;
        ranges.push((start, end));
        // The archive's own name leads each path.
        let path = std::str::from_utf8(entry.file_path().as_bytes()).ok();
        if let Some((_, name)) = path.and_then(|path| path.split_once('/')) {
            files.insert(name, Entry { range, crc: claim.crc, stored });
        }
    }
    ranges.sort_unstable();
    if ranges.windows(2).any(|pair| pair[0].1 > pair[1].0) {
        return Err(error!(
            Weights,
            "zip-overlap",
            "files overlap in the zip archive of this PyTorch file; save it again with torch.save"
        ));
    }
    if files.contains_key("constants.pkl") || files.keys().any(|name| name.starts_with("code/")) {
        return Err(error!(
            Weights,
            "torchscript",
            "this is a TorchScript program, not a state dict; save model.state_dict() with torch.save"
        ));
    }
    let whole = |name: &str| -> Result<Range<usize>> {
        let entry = files.get(name).ok_or_else(|| {
            error!(
                Weights,
                "zip-entry-missing",
                "the zip archive of this PyTorch file lacks `{name}`; copy it again",
                name = shortened(name, 80)
            )
        })?;
        if !entry.stored {
            return Err(error!(
                Weights,
                "zip-entry-compressed",
                "`{name}` is compressed in the zip archive of this PyTorch file, which PyTorch never does; save it again with torch.save",
                name
            ));
        }
        if rawzip::crc32(&file[entry.range.clone()]) != entry.crc {
            return Err(error!(
                Weights,
                "zip-entry-damaged",
                "`{name}` is damaged in the zip archive of this PyTorch file (its checksum differs); copy it again",
                name
            ));
        }
        Ok(entry.range.clone())
    };
    if files.contains_key("byteorder") && file[whole("byteorder")?] != *b"little" {
        return Err(error!(
            Weights,
            "big-endian",
            "the numbers of this PyTorch file are big-endian; save it as safetensors, which is little-endian"
        ));
    }
    let pickle = whole("data.pkl")?;
    if pickle.len() > MAX_HEADER_BYTES {
        return Err(error!(
            Weights,
            "pickle-length",
            "data.pkl of this PyTorch file has {bytes} bytes; up to {max} MiB are allowed",
            bytes = pickle.len(),
            max = MAX_HEADER_BYTES >> 20
        ));
    }
    let pickled = Pickled::read(&file[pickle], 0)?;
    tensors(&pickled, |key| whole(&format!("data/{key}")))
}

struct Entry {
    range: Range<usize>,
    crc: u32,
    /// Whether it is not compressed.
    stored: bool,
}

/// The tensors of a file in the format before PyTorch 1.6.
pub fn read_pickles(file: &[u8]) -> Result<BTreeMap<String, Stored>> {
    let magic = Pickled::read(file, 0)?;
    if magic.value != Value::Magic {
        return Err(error!(
            Weights,
            "not-torch-save",
            "this file is a pickle, but torch.save did not write it; save it again with torch.save(model.state_dict(), path)"
        ));
    }
    let version = Pickled::read(file, magic.end)?;
    if version.value != Value::Int(1001) {
        let found = match version.value {
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
    let system = Pickled::read(file, version.end)?;
    let saved = Pickled::read(file, system.end)?;
    let keys = Pickled::read(file, saved.end)?;
    // The widths of storages are with the tensors that lie in them.
    let mut widths = HashMap::new();
    for &id in saved.persistent() {
        let storage = Storage::read(&saved, id)?;
        widths.insert(storage.key, width(storage.dtype));
    }
    let mut storages = HashMap::new();
    let mut at = keys.end;
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
        let (numbers, _) = file[at..].split_first_chunk().ok_or_else(cut)?;
        let width = widths.get(key).ok_or_else(|| {
            error!(
                Weights,
                "storage-unused",
                "storage `{key}` of this PyTorch file belongs to no tensor; save it again with torch.save",
                key = shown
            )
        })?;
        let bytes = usize::try_from(u64::from_le_bytes(*numbers))
            .ok()
            .and_then(|numbers| numbers.checked_mul(*width));
        let start = at + 8;
        let end = bytes.and_then(|bytes| start.checked_add(bytes)).filter(|&end| end <= file.len());
        at = end.ok_or_else(cut)?;
        if storages.insert(key, start..at).is_some() {
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
    tensors(&saved, |key| {
        storages.get(key).cloned().ok_or_else(|| {
            error!(
                Weights,
                "storage-missing",
                "this PyTorch file lacks storage `{key}`; copy it again",
                key = shortened(key, 80)
            )
        })
    })
}

/// Every tensor of the state dict, where `range` gives a storage's bytes by its key.
fn tensors(
    pickled: &Pickled,
    range: impl Fn(&str) -> Result<Range<usize>>,
) -> Result<BTreeMap<String, Stored>> {
    let state = state_dict(pickled)?;
    let mut ranges: HashMap<String, Range<usize>> = HashMap::new();
    let mut tensors = BTreeMap::new();
    for (name, value) in pickled.entries(state) {
        let Value::Tensor(_) = value else { continue };
        if tensors.len() == MAX_TENSORS {
            return Err(error!(
                Weights,
                "tensor-count",
                "this PyTorch file has more than {max} tensors; save the state dict of one network",
                max = MAX_TENSORS
            ));
        }
        let (storage, offset, shape, strides) = rebuilt(pickled, name, value)?;
        let storage = Storage::read(pickled, storage)?;
        let range = match ranges.get(storage.key) {
            Some(range) => range.clone(),
            None => {
                let found = range(storage.key)?;
                ranges.insert(storage.key.into(), found.clone());
                found
            }
        };
        let width = width(storage.dtype);
        if storage.numbers.checked_mul(width) != Some(range.len()) {
            return Err(error!(
                Weights,
                "storage-size",
                "storage `{key}` of this PyTorch file has {bytes} bytes, which are not {numbers} numbers of {dtype}; copy it again",
                key = shortened(storage.key, 80),
                bytes = range.len(),
                numbers = storage.numbers,
                dtype = storage.dtype
            ));
        }
        // The place of the last number, if there is one.
        let last = shape.iter().zip(&strides).try_fold(offset, |last, (&side, &stride)| {
            side.saturating_sub(1).checked_mul(stride).and_then(|more| last.checked_add(more))
        });
        let fits =
            count(&shape).is_some_and(|count| count == 0 || last.is_some_and(|last| last < storage.numbers));
        if !fits || offset > storage.numbers {
            return Err(error!(
                Weights,
                "tensor-beyond-storage",
                "tensor `{name}` of shape {shape}, strides {strides} and offset {offset} goes beyond its storage of {numbers} numbers; copy the file again",
                name,
                shape = format!("{shape:?}"),
                strides = format!("{strides:?}"),
                offset,
                numbers = storage.numbers
            ));
        }
        let start = range.start + offset * width;
        let strides = (!in_rows(&shape, &strides)).then(|| shape.iter().copied().zip(strides).collect());
        tensors.insert(name.to_string(), Stored { dtype: storage.dtype, shape, start, strides });
    }
    Ok(tensors)
}

/// The dict whose values are tensors: the file's value, or what it holds under one of [`WRAPPERS`].
fn state_dict(pickled: &Pickled) -> Result<Value> {
    let holds_tensors =
        |value: Value| pickled.entries(value).any(|(_, value)| matches!(value, Value::Tensor(_)));
    let mut value = pickled.value;
    // It may be wrapped twice.
    for _ in 0..3 {
        if holds_tensors(value) {
            return Ok(value);
        }
        let within = |key: &&str| {
            let entry =
                pickled.entries(value).find(|(name, value)| name == key && matches!(value, Value::Dict(_)));
            entry.map(|(_, value)| value)
        };
        let Some(inner) = WRAPPERS.iter().find_map(within) else { break };
        value = inner;
    }
    let keys = pickled.entries(pickled.value).map(|(key, _)| shortened(key, 40));
    let keys: Vec<String> = keys.take(8).collect();
    let found: String = match (pickled.value, keys.as_slice()) {
        (Value::Dict(_), []) => "an empty dict".into(),
        (Value::Dict(_), keys) => format!("a dict of {}", keys.join(", ")),
        _ => "something other than a dict".into(),
    };
    Err(error!(
        Weights,
        "no-state-dict",
        "this PyTorch file holds {found} but no state dict, neither at the top level nor under one of the keys {keys}; save it with torch.save(model.state_dict(), path)",
        found,
        keys = WRAPPERS.join(", ")
    ))
}

/// The storage, offset, shape and strides of a tensor, in numbers.
fn rebuilt(pickled: &Pickled, name: &str, tensor: Value) -> Result<(Value, usize, Vec<usize>, Vec<usize>)> {
    let wrong = || {
        error!(
            Weights,
            "tensor-form",
            "tensor `{name}` is not built as PyTorch builds tensors; save the state dict again",
            name = shortened(name, 80)
        )
    };
    let size = |value: Value| match value {
        Value::Int(number) => usize::try_from(number).map_err(|_| wrong()),
        _ => Err(wrong()),
    };
    let &[storage, offset, shape @ Value::Tuple(_), strides @ Value::Tuple(_), ref rest @ ..] =
        pickled.parts(tensor)
    else {
        return Err(wrong());
    };
    // The attributes follow `requires_grad` and the hooks; they change the numbers, such as `neg`.
    if let Some((attribute, _)) = rest.get(2).and_then(|&attributes| pickled.entries(attributes).next()) {
        return Err(error!(
            Weights,
            "tensor-attribute",
            "tensor `{name}` is stored with the attribute `{attribute}`, which the reader does not know; save a plain tensor",
            name = shortened(name, 80),
            attribute = shortened(attribute, 80)
        ));
    }
    let sizes =
        |value: Value| pickled.parts(value).iter().map(|&side| size(side)).collect::<Result<Vec<_>>>();
    let (shape, strides) = (sizes(shape)?, sizes(strides)?);
    check_form(name, &shape)?;
    if shape.len() != strides.len() {
        return Err(wrong());
    }
    Ok((storage, size(offset)?, shape, strides))
}

/// Whether tensors of these strides lie in their storage row-major, number after number.
fn in_rows(shape: &[usize], strides: &[usize]) -> bool {
    let mut expected = 1_usize;
    shape.iter().zip(strides).rev().all(|(&side, &stride)| {
        let fits = side == 1 || stride == expected;
        // The sides of an empty tensor may have any length.
        expected = usize::wrapping_mul(expected, side);
        fits
    })
}

/// What a persistent id says: `('storage', type, key, location, numbers, …)`.
struct Storage<'a> {
    dtype: Dtype,
    key: &'a str,
    numbers: usize,
}

impl<'a> Storage<'a> {
    fn read(pickled: &Pickled<'a>, id: Value) -> Result<Self> {
        let wrong = || {
            error!(
                Weights,
                "storage-form",
                "a storage of this PyTorch file is not named as PyTorch names storages; save it again with torch.save"
            )
        };
        let Value::Persistent(_) = id else { return Err(wrong()) };
        let &[kind, Value::Global(Global::Storage(dtype)), key, _, Value::Int(numbers), ref rest @ ..] =
            pickled.parts(id)
        else {
            return Err(wrong());
        };
        // Only versions of which no file is known wrote views of other storages.
        if pickled.text(kind) != Some("storage") || !matches!(rest, [] | [Value::None]) {
            return Err(wrong());
        }
        let key = pickled.text(key).ok_or_else(wrong)?;
        let numbers = usize::try_from(numbers).map_err(|_| wrong())?;
        Ok(Self { dtype, key, numbers })
    }
}
