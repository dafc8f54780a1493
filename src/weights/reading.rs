//! A weight file that is read piece by piece.

use std::collections::BTreeMap;

use super::choice::{self, Chosen};
use super::file::{Weights, regions};
use super::format::{self, Entry, Region, Source, append, reserve};
use crate::Result;

/// A weight file whose network is known, and whose tensors are read a piece at a time: between two of them one can stop.
///
/// ```
/// use cam_lucida::weights::Reading;
///
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/models/resnet-scenes/model.safetensors");
/// let file = std::fs::read(path)?;
/// let mut reading = Reading::begin(&file, None)?;
/// while reading.read(1 << 20)? {
///     println!("{} of {} bytes", reading.done(), reading.total());
/// }
/// assert_eq!(reading.finish()?.recognise()?.name, "resnet_small");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Reading<'a> {
    source: &'a dyn Source,
    chosen: Chosen,
    /// What is yet to be read, the last one first, each with the name of a tensor there.
    left: Vec<(String, Region)>,
    /// How many bytes of the next one are read.
    begun: u64,
    bytes: Vec<u8>,
    total: u64,
    /// Where in `bytes` what starts at a byte of the file is.
    moved: BTreeMap<u64, u64>,
}

impl<'a> Reading<'a> {
    /// Finds the network of a file, as [`Weights::read_from`] does, and makes room for its tensors.
    ///
    /// # Errors
    /// As there.
    pub fn begin(source: &'a dyn Source, state: Option<&str>) -> Result<Self> {
        let chosen = choice::choose(format::read(source)?, state)?;
        let regions = regions(&chosen.candidate)?.into_iter().rev();
        let left: Vec<(String, Region)> = regions.map(|(name, region)| (name.into(), region)).collect();
        let total = left.iter().map(|(_, region)| region.range.end - region.range.start).sum();
        let mut bytes = Vec::new();
        reserve(&mut bytes, total)?;
        Ok(Self { source, chosen, left, begun: 0, bytes, total, moved: BTreeMap::new() })
    }

    /// Reads up to `most` bytes more, at least one; `false` when all is read.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights) when the source cannot be read, or the checksum of a tensor is another.
    pub fn read(&mut self, most: u64) -> Result<bool> {
        let mut room = most.max(1);
        while let Some((name, region)) = self.left.last()
            && room > 0
        {
            let start = region.range.start + self.begun;
            let end = region.range.end.min(start.saturating_add(room));
            append(self.source, start..end, &mut self.bytes)?;
            self.begun += end - start;
            room -= end - start;
            if end == region.range.end {
                let first = self.bytes.len() - self.begun as usize;
                region.check(name, &self.bytes[first..])?;
                self.moved.insert(region.range.start, first as u64);
                self.left.pop();
                self.begun = 0;
            }
        }
        Ok(!self.left.is_empty())
    }

    /// How many bytes are read.
    pub fn done(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// How many bytes are to be read: those of the network's tensors.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The tensors; what is not read yet is read first.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn finish(mut self) -> Result<Weights> {
        self.read(u64::MAX)?;
        let Self { mut chosen, bytes, moved, .. } = self;
        for entry in chosen.candidate.tensors.values_mut() {
            if let Entry::Stored(stored) = entry {
                stored.shift(&|start| moved[&start]);
            }
        }
        Ok(Weights::new(bytes, chosen))
    }
}
