//! A weight file in memory, in any format that is read.

use std::collections::{BTreeMap, HashSet};

use super::format::{self, Stored};
use crate::network::Parameters;
use crate::network::{Architecture, Blueprint, NETWORKS, OTHERS};
use crate::{Error, Result};

const FILE_BYTES: usize = 700 << 20;
/// Most numbers of a network: those of the largest file, of two bytes each.
const MOST_NUMBERS: usize = FILE_BYTES / 2;
/// Most classes of a network.
const MOST_ROWS: usize = 100_000;

/// The tensors of one file, under torchvision's names, converted to f32 one at a time as they are taken.
pub struct Weights {
    bytes: Vec<u8>,
    tensors: BTreeMap<String, Stored>,
}

impl Weights {
    /// Reads what tensors there are in `bytes`, a whole file of at most 700 MiB: safetensors, or a state dict that
    /// PyTorch wrote (`.pth`, `.pt`, `.bin`), in the zip format or the one before it, alone or under a usual name such as
    /// `state_dict`. Of a pickle nothing is executed. timm's names become torchvision's, and prefixes such as `module.`
    /// are dropped.
    ///
    /// # Errors
    /// [`is_weights`](Error::is_weights): another kind of file, a damaged or truncated one, or one too large.
    pub fn read(bytes: Vec<u8>) -> Result<Self> {
        Self::check_size(bytes.len())?;
        let tensors = format::read(&bytes)?;
        Ok(Self { bytes, tensors })
    }

    /// Checks the size of a file that is yet to come.
    ///
    /// # Errors
    /// [`is_weights`](Error::is_weights) when it is larger than what is read.
    pub fn check_size(bytes: usize) -> Result<()> {
        if bytes <= FILE_BYTES {
            return Ok(());
        }
        Err(Error::weights(format!(
            "the weight file has {} MiB, files of up to {} MiB are read",
            bytes >> 20,
            FILE_BYTES >> 20
        )))
    }

    /// The names and shapes of all tensors.
    pub fn tensors(&self) -> impl Iterator<Item = (&str, &[usize])> {
        self.tensors.iter().map(|(name, stored)| (name.as_str(), stored.shape.as_slice()))
    }

    /// The one network whose tensors these are; where it is none of [`NETWORKS`], one of [`OTHERS`] that shapes tell the size of.
    ///
    /// # Errors
    /// [`is_weights`](Error::is_weights) when they are no network's, saying which comes closest and where it differs.
    pub fn recognise(&self) -> Result<&'static Architecture> {
        let mut closest: Option<(usize, &Architecture, Error)> = None;
        for architecture in NETWORKS.iter().chain(OTHERS) {
            let Err(difference) = self.blueprint(architecture) else { return Ok(architecture) };
            let Difference { alike, error } = difference;
            if closest.as_ref().is_none_or(|(most, ..)| alike > *most) {
                closest = Some((alike, architecture, error));
            }
        }
        let found = match closest {
            Some((1.., closest, error)) => {
                format!("{} ({}) comes closest, but {error}", closest.title, closest.name)
            }
            _ => format!("the file {}", self.sample()),
        };
        Err(Error::weights(format!(
            "these tensors are of no network that is known here: {found}. Use weights of a network that is listed, under the names of torchvision or timm"
        )))
    }

    /// Checks that these are exactly the tensors of `architecture`, and of what else it is made.
    ///
    /// What no prediction uses may be there beside them: BatchNorm's `num_batches_tracked` counters, and tensors whose
    /// names start as the network's [`training_only`](crate::network::Network::training_only) say.
    ///
    /// # Errors
    /// [`is_weights`](Error::is_weights), naming a tensor that is missing, misshaped or superfluous.
    pub fn fit(&self, architecture: &Architecture) -> Result<Blueprint> {
        self.blueprint(architecture).map_err(|Difference { error, .. }| match self.recognise() {
            Ok(other) => Error::weights(format!(
                "{error}. The file fits {} ({}), not {}",
                other.title, other.name, architecture.title
            )),
            Err(_) => Error::weights(format!("{error}. Is it a file for another network?")),
        })
    }

    fn blueprint(&self, architecture: &Architecture) -> std::result::Result<Blueprint, Difference> {
        let blueprint = architecture.blueprint(self).map_err(|error| Difference { alike: 0, error })?;
        // A tensor may repeat its numbers and so have more than its file.
        let numbers = blueprint.tensors.iter().fold(0, |sum: usize, (_, shape)| {
            sum.saturating_add(shape.iter().fold(1, |count: usize, &side| count.saturating_mul(side)))
        });
        if numbers > MOST_NUMBERS {
            let error = Error::weights(format!(
                "it would have {numbers} numbers, networks of up to {MOST_NUMBERS} are read"
            ));
            return Err(Difference { alike: 0, error });
        }
        for (alike, (name, shape)) in blueprint.tensors.iter().enumerate() {
            self.find(name, shape).map_err(|error| Difference { alike, error })?;
        }
        let unused = |name: &&String| {
            name.ends_with("num_batches_tracked")
                || blueprint.training_only.iter().any(|start| name.starts_with(start))
        };
        let alike = blueprint.tensors.len();
        if self.tensors.len() > alike {
            let wanted: HashSet<&str> = blueprint.tensors.iter().map(|(name, _)| name.as_str()).collect();
            let mut extra =
                self.tensors.keys().filter(|name| !wanted.contains(name.as_str()) && !unused(name));
            if let Some(first) = extra.next() {
                let more = and_more(extra.count());
                let error = Error::weights(format!(
                    "the file holds tensor `{first}`{more}, which this network does not have"
                ));
                return Err(Difference { alike, error });
            }
        }
        Ok(blueprint)
    }

    fn find(&self, name: &str, shape: &[usize]) -> Result<&Stored> {
        let stored = self.named(name)?;
        if stored.shape != shape {
            let found = &stored.shape;
            return Err(Error::weights(format!(
                "tensor `{name}` has shape {found:?}, this network wants {shape:?}"
            )));
        }
        Ok(stored)
    }

    fn named(&self, name: &str) -> Result<&Stored> {
        self.tensors
            .get(name)
            .ok_or_else(|| Error::weights(format!("tensor `{name}` is missing; the file {}", self.sample())))
    }

    /// What the file holds, in a few words.
    fn sample(&self) -> String {
        let first = self.tensors.keys().next();
        let sample = first.map(|first| format!("holds `{first}`{}", and_more(self.tensors.len() - 1)));
        sample.unwrap_or("holds no tensors".into())
    }
}

/// How a file differs from a network.
struct Difference {
    /// How many tensors are as they should be before the first that is not.
    alike: usize,
    error: Error,
}

impl Parameters for Weights {
    fn shape(&self, name: &str) -> Option<&[usize]> {
        self.tensors.get(name).map(|stored| stored.shape.as_slice())
    }

    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let stored = self.find(name, shape)?;
        let values = stored.values(&self.bytes).ok_or_else(|| {
            Error::weights(format!("tensor `{name}` is of type {}; F32, F16 and BF16 are read", stored.dtype))
        })?;
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            return Err(Error::weights(format!(
                "tensor `{name}` holds {} at position {at}, every value must be finite",
                values[at]
            )));
        }
        Ok(values)
    }

    fn rows(&self, name: &str) -> Result<usize> {
        let shape = &self.named(name)?.shape;
        shape.first().copied().filter(|rows| (1..=MOST_ROWS).contains(rows)).ok_or_else(|| {
            Error::weights(format!("tensor `{name}` has shape {shape:?}, it needs 1 to {MOST_ROWS} rows"))
        })
    }
}

fn and_more(count: usize) -> String {
    match count {
        0 => String::new(),
        more => format!(" and {more} more"),
    }
}
