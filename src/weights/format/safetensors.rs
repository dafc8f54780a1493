//! Reading and writing of safetensors files (<https://github.com/huggingface/safetensors>): the length of a header in
//! eight bytes, the header as JSON `{name: {dtype, shape, data_offsets: [start, end]}}`, the tensors' bytes.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use half::f16;
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::stored::{Stored, check_form, count};
use super::{HEADER_BYTES, MOST_TENSORS};
use crate::{Error, Result};

/// The tensors of `file`, which is a whole safetensors file.
///
/// Its header is of at most 8 MiB and 20,000 tensors, which must lie one after another without gap or overlap.
pub fn read(file: &[u8]) -> Result<BTreeMap<String, Stored>> {
    let incomplete = |what: String| {
        Error::weights(format!(
            "this is no complete safetensors file ({what}; {} bytes found): copy or convert it again",
            file.len()
        ))
    };
    let Some((length, rest)) = file.split_first_chunk() else {
        return Err(incomplete("it is shorter than eight bytes".into()));
    };
    let length = u64::from_le_bytes(*length);
    if length > HEADER_BYTES as u64 {
        let most = HEADER_BYTES >> 20;
        return Err(incomplete(format!("its header would have {length} bytes, up to {most} MiB are read")));
    }
    let length = length as usize;
    if length > rest.len() {
        return Err(incomplete(format!("its header would have {length} bytes, {} follow", rest.len())));
    }
    let (header, data) = rest.split_at(length);
    let header: Header = serde_json::from_slice(header)
        .map_err(|error| incomplete(format!("its header is not understood: {error}")))?;
    placed(header.0, 8 + length, data.len())
}

/// Checks that the tensors fill `bytes`, which start at byte `start` of the file, one after another.
fn placed(entries: BTreeMap<String, Entry>, start: usize, bytes: usize) -> Result<BTreeMap<String, Stored>> {
    let mut in_order: Vec<(&String, &Entry)> = entries.iter().collect();
    in_order.sort_by_key(|(_, entry)| entry.data_offsets);
    let mut end = 0;
    for (name, entry) in in_order {
        check_form(name, &entry.shape.0)?;
        let (from, to) = entry.data_offsets;
        let needed = count(&entry.shape.0)
            .and_then(|count| count.checked_mul(entry.dtype.bitsize()))
            .filter(|bits| bits % 8 == 0)
            .map(|bits| bits / 8);
        if from != end {
            let what = if from < end { "overlaps the one before it" } else { "leaves a gap before it" };
            return Err(damaged(name, &format!("{what} (it starts at byte {from}, that one ends at {end})")));
        }
        if to < from || needed != Some(to - from) {
            let (dtype, shape) = (entry.dtype, &entry.shape.0);
            let found =
                format!("it has bytes {from} to {to}, which shape {shape:?} of {dtype} does not fill");
            return Err(damaged(name, &found));
        }
        end = to;
    }
    if end != bytes {
        return Err(Error::weights(format!(
            "the weight file is incomplete: its header declares {end} bytes of tensors, {bytes} follow; copy it again"
        )));
    }
    let stored = entries.into_iter().map(|(name, entry)| {
        let Entry { dtype, shape: Shape(shape), data_offsets: (from, _) } = entry;
        (name, Stored { dtype, shape, start: start + from, strides: None })
    });
    Ok(stored.collect())
}

fn damaged(name: &str, what: &str) -> Error {
    Error::weights(format!(
        "the header of the safetensors file is wrong about tensor `{name}`: {what}; convert it again"
    ))
}

struct Header(BTreeMap<String, Entry>);

#[derive(Deserialize)]
struct Entry {
    dtype: Dtype,
    shape: Shape,
    data_offsets: (usize, usize),
}

/// A list that is not read further than a tensor has axes.
struct Shape(Vec<usize>);

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_map(Self(BTreeMap::new()))
    }
}

impl<'de> Visitor<'de> for Header {
    type Value = Self;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("an object of tensors")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> std::result::Result<Self, A::Error> {
        use serde::de::Error;
        while let Some(name) = map.next_key::<String>()? {
            if name == "__metadata__" {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            if self.0.len() == MOST_TENSORS {
                return Err(A::Error::custom(format!("it has more than {MOST_TENSORS} tensors")));
            }
            let entry = map.next_value()?;
            if self.0.insert(name.clone(), entry).is_some() {
                return Err(A::Error::custom(format!("it names tensor `{name}` twice")));
            }
        }
        Ok(self)
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Self(Vec::new()).deserialize(deserializer)
    }
}

impl<'de> DeserializeSeed<'de> for Shape {
    type Value = Self;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Shape {
    type Value = Self;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a list of sizes")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut sides: A) -> std::result::Result<Self, A::Error> {
        while let Some(side) = sides.next_element()? {
            self.0.push(side);
            check_form("", &self.0).map_err(serde::de::Error::custom)?;
        }
        Ok(self)
    }
}

/// Shapes and values of tensors, row-major, by their names.
pub type Named = BTreeMap<String, (Vec<usize>, Vec<f32>)>;

/// The type that numbers are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// Single precision, exactly.
    F32,
    /// Half precision: half the size, eleven bits of each number.
    F16,
}

/// A safetensors file of `tensors`, with notes `about` them.
///
/// # Errors
/// [`is_weights`](Error::is_weights) when a number is beyond the range of f16.
pub fn write_safetensors(
    tensors: Named,
    precision: Precision,
    about: Option<HashMap<String, String>>,
) -> Result<Vec<u8>> {
    let failed = |error: safetensors::SafeTensorError| {
        Error::weights(format!("the tensors cannot be stored: {error}"))
    };
    let mut stored = Vec::new();
    for (name, (shape, values)) in tensors {
        let (dtype, bytes) = match precision {
            Precision::F32 => (Dtype::F32, values.iter().flat_map(|value| value.to_le_bytes()).collect()),
            Precision::F16 => (Dtype::F16, halves(&name, &values)?),
        };
        stored.push((name, dtype, shape, bytes));
    }
    let views = stored.iter().map(|(name, dtype, shape, bytes)| {
        TensorView::new(*dtype, shape.clone(), bytes).map(|tensor| (name.as_str(), tensor))
    });
    let views = views.collect::<std::result::Result<Vec<_>, _>>().map_err(failed)?;
    safetensors::serialize(views, about).map_err(failed)
}

fn halves(name: &str, values: &[f32]) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(2 * values.len());
    for &value in values {
        let half = f16::from_f32(value);
        if !half.is_finite() {
            return Err(Error::weights(format!(
                "tensor `{name}` holds {value}, which is beyond the range of f16; write f32"
            )));
        }
        bytes.extend(half.to_le_bytes());
    }
    Ok(bytes)
}
