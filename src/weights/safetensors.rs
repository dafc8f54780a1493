//! Weights from a safetensors file (<https://github.com/huggingface/safetensors>) in memory.

use std::collections::HashSet;

use half::slice::HalfFloatSliceExt;
use half::{bf16, f16};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, Metadata, TensorInfo};

use super::Parameters;
use crate::{Error, Result};

const FILE_BYTES: usize = 700 << 20;

/// The tensors of one safetensors file, converted to f32 one at a time as they are taken.
pub struct Weights {
    bytes: Vec<u8>,
    /// Where the tensors' bytes start.
    data: usize,
    header: Metadata,
    taken: HashSet<String>,
}

impl Weights {
    /// Reads the header of `bytes`, a whole safetensors file of at most 700 MiB.
    ///
    /// # Errors
    /// [`is_weights`](Error::is_weights): no safetensors file, a truncated one, or one too large.
    pub fn from_safetensors(bytes: Vec<u8>) -> Result<Self> {
        if bytes.len() > FILE_BYTES {
            return Err(Error::weights(format!(
                "the weight file has {} MiB, files of up to {} MiB are read",
                bytes.len() >> 20,
                FILE_BYTES >> 20
            )));
        }
        let unreadable = |error| {
            Error::weights(format!(
                "this is no complete safetensors file ({error}; {} bytes found): copy or convert it again",
                bytes.len()
            ))
        };
        let (header_length, header) = SafeTensors::read_metadata(&bytes).map_err(unreadable)?;
        let data = 8 + header_length;
        let (declared, found) = (header.data_len(), bytes.len() - data);
        if declared != found {
            return Err(Error::weights(format!(
                "the weight file is incomplete: its header declares {declared} bytes of tensors, {found} follow; copy it again"
            )));
        }
        Ok(Self { bytes, data, header, taken: HashSet::new() })
    }

    /// Ends the reading: every tensor must have been taken.
    ///
    /// What no prediction uses may remain: BatchNorm's `num_batches_tracked` counters, and tensors whose names
    /// start as one of `training_only`, see [`Network::training_only`](crate::network::Network::training_only).
    ///
    /// # Errors
    /// [`is_weights`](Error::is_weights) naming the tensors that the network has no place for.
    pub fn finish(self, training_only: &[&str]) -> Result<()> {
        let mut extra = self.header.offset_keys();
        let unused = |name: &str| {
            name.ends_with("num_batches_tracked") || training_only.iter().any(|start| name.starts_with(start))
        };
        extra.retain(|name| !self.taken.contains(name) && !unused(name));
        match extra.as_slice() {
            [] => Ok(()),
            [first, rest @ ..] => Err(Error::weights(format!(
                "the file holds tensor `{first}`{}, which this network does not have; is it a file for another network?",
                and_more(rest.len())
            ))),
        }
    }

    fn info(&self, name: &str) -> Result<&TensorInfo> {
        self.header.info(name).ok_or_else(|| {
            let names = self.header.offset_keys();
            let sample = names
                .first()
                .map_or("none at all".into(), |first| format!("`{first}`{}", and_more(names.len() - 1)));
            Error::weights(format!(
                "tensor `{name}` is missing; the file holds {sample}. Is it a file for another network?"
            ))
        })
    }
}

impl Parameters for Weights {
    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let info = self.info(name)?;
        if info.shape != shape {
            let found = &info.shape;
            return Err(Error::weights(format!(
                "tensor `{name}` has shape {found:?}, this network wants {shape:?}"
            )));
        }
        let (start, end) = info.data_offsets;
        let bytes = &self.bytes[self.data + start..self.data + end];
        let values = to_f32(info.dtype, bytes).ok_or_else(|| {
            Error::weights(format!("tensor `{name}` is of type {:?}; F32, F16 and BF16 are read", info.dtype))
        })?;
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            return Err(Error::weights(format!(
                "tensor `{name}` holds {} at position {at}, every value must be finite",
                values[at]
            )));
        }
        self.taken.insert(name.into());
        Ok(values)
    }

    fn rows(&self, name: &str) -> Result<usize> {
        let info = self.info(name)?;
        info.shape.first().copied().filter(|&rows| rows > 0).ok_or_else(|| {
            Error::weights(format!("tensor `{name}` has shape {:?}, it needs at least one row", info.shape))
        })
    }
}

fn to_f32(dtype: Dtype, bytes: &[u8]) -> Option<Vec<f32>> {
    let pairs = || bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]]));
    Some(match dtype {
        Dtype::F32 => {
            let words = bytes.chunks_exact(4);
            words.map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
        }
        Dtype::F16 => pairs().map(f16::from_bits).collect::<Vec<_>>().to_f32_vec(),
        Dtype::BF16 => pairs().map(bf16::from_bits).collect::<Vec<_>>().to_f32_vec(),
        _ => return None,
    })
}

fn and_more(count: usize) -> String {
    match count {
        0 => String::new(),
        more => format!(" and {more} more"),
    }
}
