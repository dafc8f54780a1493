//! Reading and writing of safetensors files (<https://github.com/huggingface/safetensors>): the length of a header in
//! eight bytes, the header as JSON `{name: {dtype, shape, data_offsets: [start, end]}}`, the tensors' bytes.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use half::f16;
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::names::natural_order;
use super::source::{Source, piece};
use super::state::State;
use super::stored::{MAX_AXES, Stored, check_form, count};
use super::tensor::Region;
use super::{MAX_HEADER_BYTES, MAX_TENSORS, shortened};
use crate::Result;
use crate::error::error;

/// The tensors of `file`, which is a whole safetensors file.
///
/// Its header has at most 8 MiB and 20,000 tensors, which must lie one after another without gap or overlap.
pub fn read(file: &dyn Source) -> Result<State> {
    let bytes = file.len();
    let start = piece(file, 0..8)?;
    let Some(length) = start.first_chunk() else {
        return Err(error!(
            Weights,
            "safetensors-length",
            "this is not a complete safetensors file ({bytes} bytes found): its first eight bytes should be the length of its header; copy or convert it again",
            bytes
        ));
    };
    let length = u64::from_le_bytes(*length);
    if length > MAX_HEADER_BYTES as u64 {
        return Err(error!(
            Weights,
            "safetensors-header-length",
            "this is not a complete safetensors file ({bytes} bytes found): its header would have {length} bytes, but headers of up to {max} MiB are allowed; copy or convert it again",
            bytes,
            length,
            max = MAX_HEADER_BYTES >> 20
        ));
    }
    if length > bytes - 8 {
        return Err(error!(
            Weights,
            "safetensors-header-cut",
            "this is not a complete safetensors file ({bytes} bytes found): its header should have {length} bytes, but only {follow} follow; copy or convert it again",
            bytes,
            length,
            follow = bytes - 8
        ));
    }
    let header = piece(file, 8..8 + length)?;
    let header: Header = serde_json::from_slice(&header).map_err(|cause| {
        error!(
            Weights,
            "safetensors-header",
            "this is not a complete safetensors file ({bytes} bytes found): its header is not understood ({cause}); copy or convert it again",
            bytes,
            cause = shortened(&cause.to_string(), 200)
        )
        .with_source(cause)
    })?;
    placed(header.0, 8 + length, bytes - 8 - length)
}

/// Checks that the tensors fill `bytes`, which start at byte `start` of the file, one after another.
fn placed(entries: BTreeMap<String, Entry>, start: u64, bytes: u64) -> Result<State> {
    let mut in_order: Vec<(&String, &Entry)> = entries.iter().collect();
    in_order.sort_by_key(|(_, entry)| entry.data_offsets);
    let mut end = 0;
    for (name, entry) in in_order {
        check_form(name, &entry.shape.0)?;
        let (from, to) = entry.data_offsets;
        if from < end {
            return Err(error!(
                Weights,
                "tensor-overlap",
                "the header of the safetensors file is wrong about tensor `{name}`: it starts at byte {from}, which overlaps the tensor before it, which ends at byte {end}; convert the file again",
                name,
                from,
                end
            ));
        }
        if from > end {
            return Err(error!(
                Weights,
                "tensor-gap",
                "the header of the safetensors file is wrong about tensor `{name}`: it starts at byte {from}, which leaves a gap after byte {end}, where the tensors before it end; convert the file again",
                name,
                from,
                end
            ));
        }
        let needed = count(&entry.shape.0)
            .and_then(|count| count.checked_mul(entry.dtype.bitsize()))
            .filter(|bits| bits % 8 == 0)
            .map(|bits| bits / 8);
        if to < from || needed != Some(to - from) {
            return Err(error!(
                Weights,
                "tensor-bytes",
                "the header of the safetensors file is wrong about tensor `{name}`: it has bytes {from} to {to}, which shape {shape} of {dtype} does not fill; convert the file again",
                name,
                from,
                to,
                shape = format!("{:?}", entry.shape.0),
                dtype = entry.dtype
            ));
        }
        end = to;
    }
    let end = end as u64;
    if end < bytes {
        return Err(error!(
            Weights,
            "safetensors-data-left",
            "the weight file is too long: its header declares {declared} bytes of tensors, but {found} follow; copy it again",
            declared = end,
            found = bytes
        ));
    }
    if end > bytes {
        return Err(error!(
            Weights,
            "safetensors-data-length",
            "the weight file is incomplete: its header declares {declared} bytes of tensors, but {found} follow; copy it again",
            declared = end,
            found = bytes
        ));
    }
    let mut entries: Vec<(String, Entry)> = entries.into_iter().collect();
    entries.sort_by(|(a, _), (b, _)| natural_order(a, b));
    let tensors = entries.into_iter().map(|(name, entry)| {
        let Entry { dtype, shape: Shape(shape), data_offsets: (from, to) } = entry;
        let range = start + from as u64..start + to as u64;
        let (start, region) = (range.start, Region { range, crc: None });
        (name, super::Entry::Stored(Stored { dtype, shape, start, strides: None, region, scale: None }))
    });
    let tensors = tensors.collect();
    Ok(State {
        path: String::new(),
        tensors,
        class: None,
        modules: Vec::new(),
        ordered: false,
        joined: false,
        damaged: None,
    })
}

struct Header(BTreeMap<String, Entry>);

#[derive(Deserialize)]
struct Entry {
    dtype: Dtype,
    shape: Shape,
    data_offsets: (usize, usize),
}

/// A list that is read no further than a tensor may have axes.
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
            if self.0.len() == MAX_TENSORS {
                return Err(A::Error::custom(format!("it has more than {MAX_TENSORS} tensors")));
            }
            let entry = map.next_value()?;
            if self.0.insert(name.clone(), entry).is_some() {
                return Err(A::Error::custom(format!("it names tensor `{}` twice", shortened(&name, 80))));
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
            if self.0.len() == MAX_AXES {
                return Err(serde::de::Error::custom(format!("a tensor may have up to {MAX_AXES} axes")));
            }
            self.0.push(side);
        }
        Ok(self)
    }
}

/// Shapes and values of tensors, row-major, by their names.
///
/// See the example of [`write_safetensors`].
pub type Named = BTreeMap<String, (Vec<usize>, Vec<f32>)>;

/// The type that numbers are written as.
///
/// See the example of [`write_safetensors`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// Single precision, exactly.
    F32,
    /// Half precision: half the size, eleven bits of each number.
    F16,
}

/// A safetensors file of `tensors`, with the notes `metadata`.
///
/// # Errors
/// [`is_weights`](crate::Error::is_weights) when a number is beyond the range of f16.
///
/// ```
/// use cam_lucida::weights::{Named, Precision, Weights, write_safetensors};
///
/// let tensors = Named::from([("fc.bias".into(), (vec![2], vec![0.5, -1.0]))]);
/// let file = write_safetensors(tensors, Precision::F16, None)?;
/// let weights = Weights::read(file)?;
/// assert_eq!(weights.tensors().collect::<Vec<_>>(), [("fc.bias", &[2][..])]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub fn write_safetensors(
    tensors: Named,
    precision: Precision,
    metadata: Option<HashMap<String, String>>,
) -> Result<Vec<u8>> {
    let failed = |cause: safetensors::SafeTensorError| {
        error!(Weights, "tensors-unwritable", "the tensors cannot be written: {cause}", cause)
            .with_source(cause)
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
    safetensors::serialize(views, metadata).map_err(failed)
}

fn halves(name: &str, values: &[f32]) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(2 * values.len());
    for &value in values {
        let half = f16::from_f32(value);
        if !half.is_finite() {
            return Err(error!(
                Weights,
                "beyond-f16",
                "tensor `{name}` holds {value}, which is beyond the range of f16; write f32 instead",
                name,
                value
            ));
        }
        bytes.extend(half.to_le_bytes());
    }
    Ok(bytes)
}
