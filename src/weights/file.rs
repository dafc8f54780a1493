//! A weight file in memory, in any format that can be read.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::candidate::Candidate;
use super::checkpoint::{Checkpoint, Followed};
use super::choice::{self, Chosen};
use super::fit::{Difference, Fit};
use super::format::{self, Region, Source, Stored, piece};
use super::head::StatedHead;
use super::reading::Reading;
use super::saved::Told;
use crate::error::error;
use crate::network::{Architecture, Blueprint, HeadPlan, Parameters, Variant};
use crate::{Note, Result};

/// The most bytes of the tensors that are used.
pub const MAX_BYTES: usize = 700 << 20;
/// The most bytes of a file that is fetched. Browsers take a file's digest in one piece, of less than 2 GiB.
const MAX_FETCHED_BYTES: usize = 2000 << 20;

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
#[derive(Clone)]
pub struct Weights {
    /// Copies share them.
    bytes: Arc<Vec<u8>>,
    candidate: Candidate,
    /// What the tensors are, or why they are no network that is known.
    recognised: Result<&'static Architecture>,
    told: Told,
    states: Vec<String>,
    checkpoint: Checkpoint,
    /// Whether somebody wanted the first of them.
    wanted: bool,
}

impl Weights {
    /// The largest file that front ends fetch, in bytes. Of a file on disk only its network's tensors count.
    pub const MAX_FETCHED_BYTES: usize = MAX_FETCHED_BYTES;

    /// Reads the tensors of `bytes`, a whole file: safetensors, or what PyTorch wrote (`.pth`, `.pt`, `.bin`, `.ckpt`), in
    /// the zip format or the one before it.
    ///
    /// The network's tensors are found wherever they are, up to four dicts deep: a state dict, a module that was saved
    /// whole, or a TorchScript program. What else the file holds does not matter. Nothing in a pickle is executed.
    /// Other libraries' names become torchvision's; prefixes such as `module.` are dropped.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights): the file is of another kind, damaged or truncated; its tensors have more than
    /// 700 MiB; or it holds several networks, and none is its own.
    pub fn read(bytes: Vec<u8>) -> Result<Self> {
        let chosen = choice::choose(format::read(&bytes)?, None)?;
        for (name, region) in regions(&chosen.candidate)? {
            region.check(name, &piece(&bytes, region.range.clone())?)?;
        }
        Ok(Self::new(bytes, chosen))
    }

    /// [`read`](Self::read) from a `source` that need not be in memory. Only the network's tensors are kept; others, such as an
    /// optimizer's, are skipped. `state` is one of [`states`](Self::states) in place of the first, or a word that only one of them has.
    ///
    /// # Errors
    /// As `read`; when the source cannot be read, or holds no such state; [`is_device`](crate::Error::is_device) when there is not
    /// enough memory for the tensors.
    pub fn read_from(source: &dyn Source, state: Option<&str>) -> Result<Self> {
        Reading::begin(source, state)?.finish()
    }

    pub(super) fn new(bytes: Vec<u8>, chosen: Chosen) -> Self {
        let Chosen { candidate, recognised, states, wanted, checkpoint } = chosen;
        let (recognised, told) = match recognised {
            Ok((architecture, fit)) => (Ok(architecture), fit.told),
            Err(refusal) => (Err(refusal), Told::default()),
        };
        Self { bytes: bytes.into(), candidate, recognised, told, states, wanted, checkpoint }
    }

    /// Whether the file holds a number for each of so many outputs that is the weight of "yes" in a loss, as
    /// `BCEWithLogitsLoss` has it: the outputs are independent.
    pub fn has_weight_per_output(&self, outputs: usize) -> bool {
        let tensors = self.candidate.tensors.iter();
        let mut of_loss = tensors.filter(|(name, _)| name.ends_with("pos_weight"));
        outputs > 1 && of_loss.any(|(_, entry)| entry.stored().is_some_and(|s| s.shape == [outputs]))
    }

    /// What a file that is a whole module puts after its last layer, where that makes probabilities: `Sigmoid`, whose outputs are
    /// independent, `Softmax` or `LogSoftmax`.
    pub fn ends_with(&self) -> Option<&'static str> {
        self.told.end.map(Into::into)
    }

    /// Whether the file is a whole module that tells strides, padding, activations and pooling.
    pub fn tells_modules(&self) -> bool {
        self.told.complete
    }

    /// Inception's [`transform_input`](Architecture::transform_input), where the file is a whole module that tells it.
    pub fn transform_input(&self) -> Option<bool> {
        self.told.transform_input
    }

    /// States how the network computes where its tensors do not tell. [`fit`](Self::fit) then fits that, and refuses modules that were saved
    /// whole and contradict it.
    pub fn set_variant(&mut self, variant: Variant) {
        self.candidate.variant = Some(variant);
    }

    /// Takes what the file says beside its tensors, those of `architecture`, for a card, which is not there. It may tell how the network
    /// computes where its tensors do not, as [`set_variant`](Self::set_variant); the notes name what is not known.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights), naming what is not computed.
    pub fn follow_checkpoint(&mut self, architecture: &Architecture) -> Result<Vec<Note>> {
        if self.told.complete {
            return Ok(Vec::new());
        }
        let Followed { variant, notes } = self.checkpoint.follow(architecture)?;
        if let Some(variant) = variant
            && self.candidate.variant.is_none()
        {
            self.candidate.variant = Some(variant);
            // Only networks with bottlenecks have it.
            if self.candidate.fit(architecture).is_err() {
                self.candidate.variant = None;
            }
        }
        Ok(notes)
    }

    /// States the head of the network, `architecture`. [`fit`](Self::fit) then fits that, and refuses modules that were saved whole and
    /// contradict it.
    ///
    /// # Errors
    /// As `fit`.
    pub fn set_head(&mut self, architecture: &Architecture, head: StatedHead) -> Result<()> {
        self.candidate.head = Some(head);
        self.told = self.fitted(architecture)?.told;
        Ok(())
    }

    /// The head, where it is another than the architecture's own.
    pub fn other_head(&self) -> Option<StatedHead> {
        self.told.head.as_ref().filter(|head| !head.layers.is_empty()).map(StatedHead::new)
    }

    /// Checks the size of a file before it is fetched.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights) when it is larger than 2000 MiB.
    pub fn check_size(bytes: usize) -> Result<()> {
        if bytes <= MAX_FETCHED_BYTES {
            return Ok(());
        }
        Err(error!(
            Weights,
            "file-size",
            "the weight file has {found} MiB; files of up to {max} MiB are fetched. Save the network's state dict alone, without its optimizer's, or download the file yourself",
            found = bytes >> 20,
            max = MAX_FETCHED_BYTES >> 20
        ))
    }

    /// The names and shapes of all tensors that can be read.
    pub fn tensors(&self) -> impl Iterator<Item = (&str, &[usize])> {
        let tensors = self.candidate.tensors.iter();
        tensors.filter_map(|(name, entry)| Some((name.as_str(), entry.stored()?.shape.as_slice())))
    }

    /// What was renamed: the file's names, and torchvision's, in the order of the latter.
    pub fn renamed(&self) -> impl Iterator<Item = (&str, &str)> {
        let tensors = self.candidate.tensors.keys();
        tensors.filter_map(|name| Some((self.candidate.originals.get(name)?.as_str(), name.as_str())))
    }

    /// Where in the file its networks are, such as `state_dict` and `ema`; the first is the one that was read.
    pub fn states(&self) -> &[String] {
        &self.states
    }

    /// The others of [`states`](Self::states), where nobody has chosen the first.
    pub(crate) fn other_states(&self) -> &[String] {
        if self.wanted { &[] } else { self.states.get(1..).unwrap_or_default() }
    }

    /// What had to be assumed of the file, because no weight file tells it. The network's own assumptions are those of its
    /// [`Blueprint`].
    pub fn notes(&self) -> &[Note] {
        &self.told.notes
    }

    /// The network that has exactly these tensors: the first of [`NETWORKS`](crate::network::NETWORKS), or else of
    /// [`OTHERS`](crate::network::OTHERS), whose sizes the tensors' shapes tell, or of
    /// [`language::NETWORKS`](crate::network::language::NETWORKS). A classifier's head may be another: linear layers and batch
    /// normalisations in sequence.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights) when no network has them; it says which network comes closest and how they differ.
    pub fn recognise(&self) -> Result<&'static Architecture> {
        self.recognised.clone()
    }

    /// Checks that these are exactly the tensors of `architecture`, and says what it consists of.
    ///
    /// The file may hold more that no prediction uses: BatchNorm's `num_batches_tracked` counters, losses and measures of
    /// the training beside the network, and tensors whose names start as the network's
    /// [`training_only`](crate::network::Network::training_only) say.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights), naming a tensor that is missing, misshaped or superfluous.
    pub fn fit(&self, architecture: &Architecture) -> Result<Blueprint> {
        Ok(self.fitted(architecture)?.blueprint)
    }

    fn fitted(&self, architecture: &Architecture) -> Result<Fit> {
        self.candidate.fit(architecture).map_err(|Difference { error: difference, .. }| {
            match self.recognised {
                Ok(other) if other.name != architecture.name => error!(
                    Weights,
                    "other-network",
                    "{difference}. The file fits {title} ({network}), not {wanted}",
                    difference,
                    title = other.title,
                    network = other.name,
                    wanted = architecture.title
                )
                .with_source(difference),
                Ok(_) => difference,
                Err(_) => error!(
                    Weights,
                    "network-misfit", "{difference}. Is it a file for another network?", difference
                )
                .with_source(difference),
            }
        })
    }
}

/// Where the tensors of a candidate are, in order and each once, with the name of a tensor there.
pub fn regions(candidate: &Candidate) -> Result<Vec<(&str, Region)>> {
    if let Some(error) = &candidate.damaged {
        return Err(error.clone());
    }
    let mut regions = BTreeMap::new();
    for (name, entry) in &candidate.tensors {
        for stored in entry.stored().into_iter().flat_map(Stored::parts) {
            let Region { range, .. } = &stored.region;
            regions.entry((range.start, range.end)).or_insert((name.as_str(), stored.region.clone()));
        }
    }
    let bytes = regions.keys().fold(0, |sum: u64, (start, end)| sum.saturating_add(end - start));
    if bytes > MAX_BYTES as u64 {
        return Err(error!(
            Weights,
            "weights-size",
            "the network's tensors take {found} MiB in the file; up to {max} MiB can be read. Save them as 16-bit numbers: model.half()",
            found = bytes >> 20,
            max = MAX_BYTES >> 20
        ));
    }
    Ok(regions.into_values().collect())
}

impl Parameters for Weights {
    fn shape(&self, name: &str) -> Option<&[usize]> {
        self.candidate.shape(name)
    }

    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let stored = self.candidate.find(name, shape)?;
        let values = stored.values(&self.bytes).ok_or_else(|| {
            error!(
                Weights,
                "tensor-type",
                "tensor `{name}` is of type {dtype}; F64, F32, F16 and BF16 can be read, and I8 with a scale (`weight_scale`)",
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
        self.candidate.rows(name)
    }

    fn head(&self) -> Option<&HeadPlan> {
        self.told.head.as_ref()
    }

    fn variant(&self) -> Option<Variant> {
        self.candidate.variant
    }
}
