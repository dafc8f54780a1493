//! One tensor among the bytes of a weight file.

use half::slice::HalfFloatSliceExt;
use half::{bf16, f16};
use safetensors::Dtype;

use super::tensor::Region;
use crate::Result;
use crate::error::error;

/// The most axes of a tensor.
pub const MAX_AXES: usize = 8;
/// The longest name of a tensor, in bytes.
const MAX_NAME_BYTES: usize = 512;

/// Where a tensor lies in its file, and how its numbers are to be read.
#[derive(Debug, Clone)]
pub struct Stored {
    pub dtype: Dtype,
    /// Rows, columns, …: what the network sees.
    pub shape: Vec<usize>,
    /// The byte of the file where its first number starts.
    pub start: u64,
    /// The length and stride of each axis, in numbers, unless the numbers lie one after another.
    pub strides: Option<Vec<(usize, usize)>>,
    /// The bytes that it is a part of.
    pub region: Region,
    /// What its numbers are multiplied by: one, or one for each row. Only with it are they 8-bit integers.
    pub scale: Option<Box<Self>>,
}

/// How many numbers a tensor of `shape` has; `None` when a `usize` cannot hold the count.
pub fn count(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1_usize, |count, &side| count.checked_mul(side))
}

/// Checks the length of a tensor's name and the number of its axes.
pub fn check_form(name: &str, shape: &[usize]) -> Result<()> {
    if name.len() > MAX_NAME_BYTES {
        return Err(error!(
            Weights,
            "tensor-name-length",
            "the name of tensor `{start}…` has {bytes} bytes; up to {max} are allowed",
            start = name.chars().take(40).collect::<String>(),
            bytes = name.len(),
            max = MAX_NAME_BYTES
        ));
    }
    if shape.len() > MAX_AXES {
        return Err(error!(
            Weights,
            "tensor-axes",
            "tensor `{name}` has {axes} axes; up to {max} are allowed",
            name,
            axes = shape.len(),
            max = MAX_AXES
        ));
    }
    Ok(())
}

impl Stored {
    /// Its numbers, row-major, from the bytes of the file; `None` unless their type is F64, F32, F16 or BF16, or I8 with a scale.
    pub fn values(&self, file: &[u8]) -> Option<Vec<f32>> {
        let Some(scale) = &self.scale else {
            return self.unscaled(file).filter(|_| self.dtype != Dtype::I8);
        };
        let (mut values, scale) = (self.unscaled(file)?, scale.values(file)?);
        let row = (values.len() / scale.len().max(1)).max(1);
        for (row, scale) in values.chunks_mut(row).zip(scale) {
            row.iter_mut().for_each(|value| *value *= scale);
        }
        Some(values)
    }

    /// Whether `scale` has a number for the whole tensor, or one for each row: `[rows]`, or `[rows, 1, …]`.
    pub fn is_scaled_by(&self, scale: &Self) -> bool {
        let by_rows = scale.shape.first() == self.shape.first() && scale.shape.first() == Some(&scale.len());
        let float = !matches!(scale.dtype, Dtype::I8) && scale.scale.is_none();
        self.dtype == Dtype::I8 && float && (scale.len() == 1 || by_rows)
    }

    /// Whether it is one whole number, or says yes or no: no weight.
    pub fn is_counter(&self) -> bool {
        self.len() == 1 && matches!(self.dtype, Dtype::I64 | Dtype::I32 | Dtype::BOOL)
    }

    /// It and its scale.
    pub fn parts(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(self.scale.as_deref())
    }

    /// Moves it and its scale to where `to` says that their regions start.
    pub fn shift(&mut self, to: &impl Fn(u64) -> u64) {
        self.start = self.start - self.region.range.start + to(self.region.range.start);
        if let Some(scale) = &mut self.scale {
            scale.shift(to);
        }
    }

    fn unscaled(&self, file: &[u8]) -> Option<Vec<f32>> {
        let bytes = &file[self.start as usize..];
        let Some(strides) = &self.strides else {
            return read(self.dtype, &bytes[..self.len() * width(self.dtype)]);
        };
        // Strided: reads all numbers from the first to the last, then picks those of the tensor.
        let last: usize = strides.iter().map(|&(side, stride)| side.saturating_sub(1) * stride).sum();
        let held = if self.len() == 0 { 0 } else { last + 1 };
        let held = read(self.dtype, &bytes[..held * width(self.dtype)])?;
        let place = |mut i: usize| {
            strides.iter().rev().fold(0, |place, &(side, stride)| {
                let at = i % side;
                i /= side;
                place + at * stride
            })
        };
        Some((0..self.len()).map(|i| held[place(i)]).collect())
    }

    /// How many numbers its region holds.
    pub fn region_numbers(&self) -> u64 {
        (self.region.range.end - self.region.range.start) / width(self.dtype) as u64
    }

    /// How many numbers it has.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }
}

/// Bytes of one number.
pub fn width(dtype: Dtype) -> usize {
    dtype.bitsize().div_ceil(8)
}

fn read(dtype: Dtype, bytes: &[u8]) -> Option<Vec<f32>> {
    let pairs = || bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]]));
    Some(match dtype {
        Dtype::F64 => bytes.as_chunks().0.iter().map(|b| f64::from_le_bytes(*b) as f32).collect(),
        Dtype::F32 => {
            let words = bytes.chunks_exact(4);
            words.map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
        }
        Dtype::I8 => bytes.iter().map(|&byte| f32::from(byte as i8)).collect(),
        Dtype::F16 => pairs().map(f16::from_bits).collect::<Vec<_>>().to_f32_vec(),
        Dtype::BF16 => pairs().map(bf16::from_bits).collect::<Vec<_>>().to_f32_vec(),
        _ => return None,
    })
}
