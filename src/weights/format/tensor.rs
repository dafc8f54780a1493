//! Tensors as a pickle of PyTorch describes them: a view of a storage.

use std::collections::HashMap;
use std::ops::Range;

use safetensors::Dtype;

use super::global::Global;
use super::pickle::{Pickled, Value};
use super::shortened;
use super::state::Entry;
use super::stored::{Stored, check_form, count, width};
use crate::Result;
use crate::error::error;

/// How many numbers more than its storage a tensor may have, such as a bias that repeats one.
const MAX_REPEATED: usize = 1 << 16;

/// Bytes of a file that belong together, and their checksum where the file has one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Region {
    pub range: Range<u64>,
    pub crc: Option<u32>,
}

impl Region {
    /// Checks its `bytes`; `name` says what they are.
    pub fn check(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let complete = bytes.len() as u64 == self.range.end - self.range.start;
        if complete && self.crc.is_none_or(|crc| rawzip::crc32(bytes) == crc) {
            return Ok(());
        }
        Err(error!(
            Weights,
            "zip-entry-damaged",
            "`{name}` is damaged in the zip archive of this PyTorch file (its checksum differs); copy it again",
            name
        ))
    }
}

/// Gives the tensors of a pickle.
pub struct Resolver<'a> {
    pub pickled: &'a Pickled<'a>,
    /// Where the storage of a key is.
    storage: &'a dyn Fn(&str) -> Result<Region>,
    regions: HashMap<String, Region>,
}

impl<'a> Resolver<'a> {
    pub fn new(pickled: &'a Pickled<'a>, storage: &'a dyn Fn(&str) -> Result<Region>) -> Self {
        Self { pickled, storage, regions: HashMap::new() }
    }

    /// What `value` is in a tensor's place, under `name`; an error tells of a damaged file.
    pub fn entry(&mut self, name: &str, value: Value) -> Result<Entry> {
        match value {
            Value::Tensor(_) => self.tensor(name, value),
            _ => Ok(self.object(name, value)),
        }
    }

    fn object(&self, name: &str, value: Value) -> Entry {
        let class = self.pickled.class(value).unwrap_or_else(|| "an unnamed object".into());
        let is_tensor = class.starts_with("torch._");
        // The third version of what PyTorch rebuilds tensors by names their type among its last arguments.
        let arguments =
            self.pickled.parts(value).get(1).map_or(&[][..], |&arguments| self.pickled.parts(arguments));
        let mut names = arguments.iter().rev().filter_map(|&argument| self.pickled.name(argument));
        let dtype = names.find(|name| name.starts_with("torch.") && class.contains("_rebuild_tensor_v3"));
        let error = error!(
            Weights,
            "no-tensor",
            "`{name}` is no tensor that can be read, but {class}; it was not called. Save the state dict with plain tensors: torch.save(model.state_dict(), path)",
            name = shortened(name, 80),
            class = match dtype {
                Some(dtype) => format!("{class} of {dtype}"),
                None => class,
            }
        );
        if is_tensor { Entry::Unreadable(error) } else { Entry::Other(error) }
    }

    fn tensor(&mut self, name: &str, value: Value) -> Result<Entry> {
        let pickled = self.pickled;
        let (storage, offset, shape, strides, attribute) = rebuilt(pickled, name, value)?;
        if let Some(attribute) = attribute {
            return Ok(Entry::Unreadable(error!(
                Weights,
                "tensor-attribute",
                "tensor `{name}` is stored with the attribute `{attribute}`, which the reader does not know; save a plain tensor",
                name = shortened(name, 80),
                attribute
            )));
        }
        let storage = Storage::read(pickled, storage)?;
        let Kind::Known(dtype) = storage.kind else {
            return Ok(Entry::Unreadable(error!(
                Weights,
                "storage-type",
                "tensor `{name}` is stored as numbers of a type that cannot be read, of {width} bytes each, such as complex or quantized ones; save it as float32",
                name = shortened(name, 80),
                width = storage.kind.width()
            )));
        };
        let region = match self.regions.get(storage.key) {
            Some(region) => region.clone(),
            None => {
                let found = (self.storage)(storage.key)?;
                self.regions.insert(storage.key.into(), found.clone());
                found
            }
        };
        let bytes = region.range.end - region.range.start;
        let width = width(dtype);
        if (storage.numbers as u64).checked_mul(width as u64) != Some(bytes) {
            return Err(error!(
                Weights,
                "storage-size",
                "storage `{key}` of this PyTorch file has {bytes} bytes, which are not {numbers} numbers of {dtype}; copy it again",
                key = shortened(storage.key, 80),
                bytes,
                numbers = storage.numbers,
                dtype
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
        let numbers = count(&shape).unwrap_or(usize::MAX);
        if numbers > storage.numbers.saturating_add(MAX_REPEATED) {
            return Err(error!(
                Weights,
                "tensor-repeats",
                "tensor `{name}` of shape {shape} has {numbers} numbers, but its storage holds {held}, which it repeats; save a plain copy of it (tensor.clone())",
                name = shortened(name, 80),
                shape = format!("{shape:?}"),
                numbers,
                held = storage.numbers
            ));
        }
        let start = region.range.start + (offset * width) as u64;
        let strides = (!in_rows(&shape, &strides)).then(|| shape.iter().copied().zip(strides).collect());
        Ok(Entry::Stored(Stored { dtype, shape, start, strides, region, scale: None }))
    }
}

/// Storage, offset, shape and strides of a tensor, and the first of the attributes that change its numbers.
type Rebuilt = (Value, usize, Vec<usize>, Vec<usize>, Option<String>);

fn rebuilt(pickled: &Pickled, name: &str, tensor: Value) -> Result<Rebuilt> {
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
    let attribute = rest.get(2).and_then(|&attributes| pickled.entries(attributes).next());
    let attribute = attribute.map(|(attribute, _)| shortened(&attribute, 80));
    let sizes =
        |value: Value| pickled.parts(value).iter().map(|&side| size(side)).collect::<Result<Vec<_>>>();
    let (shape, strides) = (sizes(shape)?, sizes(strides)?);
    check_form(name, &shape)?;
    if shape.len() != strides.len() {
        return Err(wrong());
    }
    Ok((storage, size(offset)?, shape, strides, attribute))
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

/// The type of a storage's numbers.
#[derive(Clone, Copy)]
pub enum Kind {
    Known(Dtype),
    /// Another, with the bytes of one.
    Other(u8),
}

impl Kind {
    /// Bytes of one number.
    pub fn width(self) -> usize {
        match self {
            Self::Known(dtype) => width(dtype),
            Self::Other(width) => width.into(),
        }
    }
}

/// What a persistent id says: `('storage', type, key, location, numbers, …)`.
pub struct Storage<'a> {
    pub kind: Kind,
    pub key: &'a str,
    numbers: usize,
}

impl<'a> Storage<'a> {
    pub fn read(pickled: &Pickled<'a>, id: Value) -> Result<Self> {
        let wrong = || {
            error!(
                Weights,
                "storage-form",
                "a storage of this PyTorch file is not named as PyTorch names storages; save it again with torch.save"
            )
        };
        let Value::Persistent(_) = id else { return Err(wrong()) };
        let &[kind, Value::Global(class), key, _, Value::Int(numbers), ref rest @ ..] = pickled.parts(id)
        else {
            return Err(wrong());
        };
        let numbers_are = match class {
            Global::Storage(dtype) => Kind::Known(dtype),
            Global::OtherStorage(width) => Kind::Other(width),
            _ => return Err(wrong()),
        };
        // Only versions of which no file is known wrote views of other storages.
        if pickled.text(kind) != Some("storage") || !matches!(rest, [] | [Value::None]) {
            return Err(wrong());
        }
        let key = pickled.text(key).ok_or_else(wrong)?;
        let numbers = usize::try_from(numbers).map_err(|_| wrong())?;
        Ok(Self { kind: numbers_are, key, numbers })
    }
}
