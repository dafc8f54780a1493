//! State dicts as PyTorch writes them (`torch.save`), in both of its formats: a zip archive (from 1.6 on) of a pickle
//! `data.pkl` and a file `data/KEY` for each storage, and before that a row of pickles with the storages after them.
//! Source: PyTorch, `torch/serialization.py`.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use safetensors::Dtype;

use super::global::Global;
use super::pickle::{Pickled, Value};
use super::stored::{Stored, check_form, count, width};
use super::{HEADER_BYTES, MOST_TENSORS};
use crate::{Error, Result};

/// Most files of an archive.
const ENTRIES: usize = 10_000;
/// What a state dict is wrapped in by whoever saved more beside it.
const WRAPPERS: [&str; 7] =
    ["state_dict", "model_state_dict", "model", "state_dict_ema", "model_ema", "network", "net"];

fn unreadable(what: impl std::fmt::Display) -> Error {
    Error::weights(format!("this PyTorch file cannot be read: {what}"))
}

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
    let damaged =
        |error: rawzip::Error| unreadable(format!("its zip archive is damaged ({error}); copy it again"));
    let archive = rawzip::ZipArchive::from_slice(file).map_err(damaged)?;
    let mut files = HashMap::new();
    let mut ranges = Vec::new();
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry().map_err(damaged)? {
        if ranges.len() == ENTRIES {
            return Err(unreadable(format!("its zip archive has more than {ENTRIES} files")));
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
        return Err(unreadable("files of its zip archive overlap"));
    }
    if files.contains_key("constants.pkl") || files.keys().any(|name| name.starts_with("code/")) {
        return Err(unreadable(
            "it is a TorchScript program, not a state dict; save model.state_dict() with torch.save",
        ));
    }
    let whole = |name: &str| -> Result<Range<usize>> {
        let entry = files.get(name).ok_or_else(|| unreadable(format!("its zip archive lacks `{name}`")))?;
        if !entry.stored {
            return Err(unreadable(format!(
                "`{name}` of its zip archive is compressed, which PyTorch never does; save it anew"
            )));
        }
        if rawzip::crc32(&file[entry.range.clone()]) != entry.crc {
            return Err(unreadable(format!(
                "`{name}` of its zip archive is damaged (its checksum differs); copy it again"
            )));
        }
        Ok(entry.range.clone())
    };
    if files.contains_key("byteorder") && file[whole("byteorder")?] != *b"little" {
        return Err(unreadable("its numbers are big-endian"));
    }
    let pickle = whole("data.pkl")?;
    if pickle.len() > HEADER_BYTES {
        return Err(unreadable(format!(
            "its data.pkl has {} bytes, up to {} MiB are read",
            pickle.len(),
            HEADER_BYTES >> 20
        )));
    }
    let pickled = Pickled::read(&file[pickle], 0)?;
    tensors(&pickled, |key| whole(&format!("data/{key}")))
}

struct Entry {
    range: Range<usize>,
    crc: u32,
    /// Whether it is there as it is, uncompressed.
    stored: bool,
}

/// The tensors of a file in the format before PyTorch 1.6.
pub fn read_pickles(file: &[u8]) -> Result<BTreeMap<String, Stored>> {
    let magic = Pickled::read(file, 0)?;
    if magic.value != Value::Magic {
        return Err(unreadable("it is a pickle, but none that torch.save wrote"));
    }
    let version = Pickled::read(file, magic.end)?;
    if version.value != Value::Int(1001) {
        return Err(unreadable(format!("its protocol is {:?}, not 1001", version.value)));
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
        let key = keys.text(key).ok_or_else(|| unreadable("a key of its storages is no text"))?;
        let short = || unreadable(format!("it ends within storage `{key}`; copy it again"));
        let (numbers, _) = file[at..].split_first_chunk().ok_or_else(short)?;
        let width = widths.get(key).ok_or_else(|| unreadable(format!("storage `{key}` is of no tensor")))?;
        let bytes = usize::try_from(u64::from_le_bytes(*numbers))
            .ok()
            .and_then(|numbers| numbers.checked_mul(*width));
        let start = at + 8;
        let end = bytes.and_then(|bytes| start.checked_add(bytes)).filter(|&end| end <= file.len());
        at = end.ok_or_else(short)?;
        if storages.insert(key, start..at).is_some() {
            return Err(unreadable(format!("it has storage `{key}` twice")));
        }
    }
    if at != file.len() {
        return Err(unreadable(format!("{} bytes follow its last storage; copy it again", file.len() - at)));
    }
    tensors(&saved, |key| {
        storages.get(key).cloned().ok_or_else(|| unreadable(format!("it lacks storage `{key}`")))
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
        if tensors.len() == MOST_TENSORS {
            return Err(unreadable(format!("it has more than {MOST_TENSORS} tensors")));
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
            return Err(unreadable(format!(
                "storage `{}` has {} bytes, which are not {} numbers of {}",
                storage.key,
                range.len(),
                storage.numbers,
                storage.dtype
            )));
        }
        // The place of the last number, if there is one.
        let last = shape.iter().zip(&strides).try_fold(offset, |last, (&side, &stride)| {
            side.saturating_sub(1).checked_mul(stride).and_then(|more| last.checked_add(more))
        });
        let fits =
            count(&shape).is_some_and(|count| count == 0 || last.is_some_and(|last| last < storage.numbers));
        if !fits || offset > storage.numbers {
            return Err(unreadable(format!(
                "tensor `{name}` of shape {shape:?}, strides {strides:?} and offset {offset} goes beyond its storage of {} numbers",
                storage.numbers
            )));
        }
        let start = range.start + offset * width;
        let strides = (!in_rows(&shape, &strides)).then(|| shape.iter().copied().zip(strides).collect());
        tensors.insert(name.to_string(), Stored { dtype: storage.dtype, shape, start, strides });
    }
    Ok(tensors)
}

/// The dict whose values are tensors: the file's value, or what it holds under a usual name.
fn state_dict(pickled: &Pickled) -> Result<Value> {
    let holds_tensors =
        |value: Value| pickled.entries(value).any(|(_, value)| matches!(value, Value::Tensor(_)));
    let mut value = pickled.value;
    // What is wrapped may be so twice.
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
    let keys = pickled.entries(pickled.value).map(|(key, _)| key.chars().take(40).collect());
    let keys: Vec<String> = keys.take(8).collect();
    let found = match (pickled.value, keys.as_slice()) {
        (Value::Dict(_), []) => "an empty dict".into(),
        (Value::Dict(_), keys) => format!("a dict of {}", keys.join(", ")),
        _ => "something other than a dict".into(),
    };
    let names = WRAPPERS.join(", ");
    Err(unreadable(format!(
        "it holds {found}, and no state dict, neither by itself nor as one of {names}; save it with torch.save(model.state_dict(), path)"
    )))
}

/// The storage, offset, shape and strides of a tensor, in numbers.
fn rebuilt(pickled: &Pickled, name: &str, tensor: Value) -> Result<(Value, usize, Vec<usize>, Vec<usize>)> {
    let wrong = || unreadable(format!("tensor `{name}` is not put together as PyTorch does it"));
    let size = |value: Value| match value {
        Value::Int(number) => usize::try_from(number).map_err(|_| wrong()),
        _ => Err(wrong()),
    };
    let &[storage, offset, shape @ Value::Tuple(_), strides @ Value::Tuple(_), ref rest @ ..] =
        pickled.parts(tensor)
    else {
        return Err(wrong());
    };
    // After whether it wants gradients, and its hooks: what changes its numbers, such as `neg`.
    if let Some((attribute, _)) = rest.get(2).and_then(|&attributes| pickled.entries(attributes).next()) {
        return Err(unreadable(format!(
            "tensor `{name}` is stored with the attribute `{attribute}`, which is not read"
        )));
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

/// Whether numbers of these strides lie one after another, row-major.
fn in_rows(shape: &[usize], strides: &[usize]) -> bool {
    let mut expected = 1_usize;
    shape.iter().zip(strides).rev().all(|(&side, &stride)| {
        let fits = side == 1 || stride == expected;
        // Of an empty tensor sides may be of any size.
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
        let wrong = || unreadable("a storage is not named as PyTorch does it");
        let Value::Persistent(_) = id else { return Err(wrong()) };
        let &[kind, Value::Global(Global::Storage(dtype)), key, _, Value::Int(numbers), ref rest @ ..] =
            pickled.parts(id)
        else {
            return Err(wrong());
        };
        // A view of another storage was written by versions that no file is known of.
        if pickled.text(kind) != Some("storage") || !matches!(rest, [] | [Value::None]) {
            return Err(wrong());
        }
        let key = pickled.text(key).ok_or_else(wrong)?;
        let numbers = usize::try_from(numbers).map_err(|_| wrong())?;
        Ok(Self { dtype, key, numbers })
    }
}
