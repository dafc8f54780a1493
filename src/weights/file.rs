//! A weight file in memory, in any format that can be read.

use std::collections::{BTreeMap, HashSet};

use super::format::{self, Stored};
use crate::error::error;
use crate::network::{Architecture, Blueprint, NETWORKS, OTHERS, Parameters, language};
use crate::{Error, Result};

/// The largest file.
const MAX_FILE_BYTES: usize = 700 << 20;
/// The most numbers of a network: those of the largest file, of two bytes each.
const MAX_NUMBERS: usize = MAX_FILE_BYTES / 2;
/// The most classes of a network.
const MAX_CLASSES: usize = 100_000;

/// The tensors of one file, under torchvision's names. Each is converted to f32 when it is taken.
///
/// ```
/// use cam_lucida::weights::Weights;
///
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/models/resnet-scenes/model.safetensors");
/// let weights = Weights::read(std::fs::read(path)?)?;
/// let network = weights.recognise()?;
/// assert_eq!(network.name, "resnet_small");
/// assert_eq!(weights.fit(network)?.classes, 32);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Weights {
    bytes: Vec<u8>,
    tensors: BTreeMap<String, Stored>,
}

impl Weights {
    /// The largest file that [`read`](Self::read) reads, in bytes.
    pub const MAX_FILE_BYTES: usize = MAX_FILE_BYTES;

    /// Reads the tensors of `bytes`, a whole file of at most 700 MiB: safetensors, or a state dict that PyTorch wrote
    /// (`.pth`, `.pt`, `.bin`), in the zip format or the one before it, alone or under a key such as `state_dict`.
    /// Nothing in a pickle is executed. timm's names become torchvision's; prefixes such as `module.` are dropped.
    ///
    /// # Errors
    /// [`is_weights`](Error::is_weights): another kind of file, a damaged or truncated one, or one too large.
    pub fn read(bytes: Vec<u8>) -> Result<Self> {
        Self::check_size(bytes.len())?;
        let tensors = format::read(&bytes)?;
        Ok(Self { bytes, tensors })
    }

    /// Checks the size of a file before it is read.
    ///
    /// # Errors
    /// [`is_weights`](Error::is_weights) when it is larger than 700 MiB.
    pub fn check_size(bytes: usize) -> Result<()> {
        if bytes <= MAX_FILE_BYTES {
            return Ok(());
        }
        Err(error!(
            Weights,
            "file-size",
            "the weight file has {found} MiB; files of up to {max} MiB can be read",
            found = bytes >> 20,
            max = MAX_FILE_BYTES >> 20
        ))
    }

    /// The names and shapes of all tensors.
    pub fn tensors(&self) -> impl Iterator<Item = (&str, &[usize])> {
        self.tensors.iter().map(|(name, stored)| (name.as_str(), stored.shape.as_slice()))
    }

    /// The network that has exactly these tensors: the first of [`NETWORKS`], or else of [`OTHERS`], whose sizes the
    /// tensors' shapes tell, or of [`language::NETWORKS`].
    ///
    /// # Errors
    /// [`is_weights`](Error::is_weights) when no network has them; it says which network comes closest and how they differ.
    pub fn recognise(&self) -> Result<&'static Architecture> {
        let mut closest: Option<(usize, &Architecture, Error)> = None;
        for architecture in NETWORKS.iter().chain(OTHERS).chain(language::NETWORKS) {
            let Err(difference) = self.blueprint(architecture) else { return Ok(architecture) };
            let Difference { alike, error } = difference;
            if closest.as_ref().is_none_or(|(max, ..)| alike > *max) {
                closest = Some((alike, architecture, error));
            }
        }
        Err(match closest {
            Some((1.., closest, difference)) => error!(
                Weights,
                "unknown-network",
                "these tensors match no known network: {title} ({network}) comes closest, but {difference}. Use weights of a listed network, under the names of torchvision or timm",
                title = closest.title,
                network = closest.name,
                difference
            )
            .with_source(difference),
            _ => error!(
                Weights,
                "unknown-tensors",
                "these tensors match no known network: the file {contents}. Use weights of a listed network, under the names of torchvision or timm",
                contents = self.contents()
            ),
        })
    }

    /// Checks that these are exactly the tensors of `architecture`, and says what it consists of.
    ///
    /// The file may hold more that no prediction uses: BatchNorm's `num_batches_tracked` counters, and tensors whose
    /// names start as the network's [`training_only`](crate::network::Network::training_only) say.
    ///
    /// # Errors
    /// [`is_weights`](Error::is_weights), naming a tensor that is missing, misshaped or superfluous.
    pub fn fit(&self, architecture: &Architecture) -> Result<Blueprint> {
        self.blueprint(architecture).map_err(|Difference { error: difference, .. }| match self.recognise() {
            Ok(other) => error!(
                Weights,
                "other-network",
                "{difference}. The file fits {title} ({network}), not {wanted}",
                difference,
                title = other.title,
                network = other.name,
                wanted = architecture.title
            )
            .with_source(difference),
            Err(_) => error!(
                Weights,
                "network-misfit", "{difference}. Is it a file for another network?", difference
            )
            .with_source(difference),
        })
    }

    fn blueprint(&self, architecture: &Architecture) -> std::result::Result<Blueprint, Difference> {
        let blueprint = architecture.blueprint(self).map_err(|error| Difference { alike: 0, error })?;
        // A tensor may repeat its numbers and so have more than its file.
        let numbers = blueprint.tensors.iter().fold(0, |sum: usize, (_, shape)| {
            sum.saturating_add(shape.iter().fold(1, |count: usize, &side| count.saturating_mul(side)))
        });
        if numbers > MAX_NUMBERS {
            let error = error!(
                Weights,
                "network-size",
                "the network would have {numbers} weights; up to {max} are allowed",
                numbers,
                max = MAX_NUMBERS
            );
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
                let error = error!(
                    Weights,
                    "tensor-superfluous",
                    "the file holds tensor `{name}`{more}, which this network does not have",
                    name = first,
                    more = and_more(extra.count())
                );
                return Err(Difference { alike, error });
            }
        }
        Ok(blueprint)
    }

    fn find(&self, name: &str, shape: &[usize]) -> Result<&Stored> {
        let stored = self.stored(name)?;
        if stored.shape != shape {
            return Err(error!(
                Weights,
                "tensor-shape",
                "tensor `{name}` has shape {found}, but this network needs {wanted}",
                name,
                found = format!("{:?}", stored.shape),
                wanted = format!("{shape:?}")
            ));
        }
        Ok(stored)
    }

    fn stored(&self, name: &str) -> Result<&Stored> {
        self.tensors.get(name).ok_or_else(|| {
            error!(
                Weights,
                "tensor-missing",
                "tensor `{name}` is missing; the file {contents}",
                name,
                contents = self.contents()
            )
        })
    }

    /// What the file holds, in a few words.
    fn contents(&self) -> String {
        let first = self.tensors.keys().next();
        let contents = first.map(|first| format!("holds `{first}`{}", and_more(self.tensors.len() - 1)));
        contents.unwrap_or("holds no tensors".into())
    }
}

/// How a file differs from a network.
struct Difference {
    /// How many tensors fit before the first that does not.
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
            error!(
                Weights,
                "tensor-type",
                "tensor `{name}` is of type {dtype}; F32, F16 and BF16 can be read",
                name,
                dtype = stored.dtype
            )
        })?;
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            return Err(error!(
                Weights,
                "tensor-not-finite",
                "tensor `{name}` holds {value} at position {at}; every value must be finite",
                name,
                value = values[at],
                at
            ));
        }
        Ok(values)
    }

    fn rows(&self, name: &str) -> Result<usize> {
        let shape = &self.stored(name)?.shape;
        shape.first().copied().filter(|rows| (1..=MAX_CLASSES).contains(rows)).ok_or_else(|| {
            error!(
                Weights,
                "class-count",
                "tensor `{name}` has shape {shape}; its first axis counts the classes, 1 to {max}",
                name,
                shape = format!("{shape:?}"),
                max = MAX_CLASSES
            )
        })
    }
}

fn and_more(count: usize) -> String {
    match count {
        0 => String::new(),
        more => format!(" and {more} more"),
    }
}
