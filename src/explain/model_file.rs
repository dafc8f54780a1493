//! A weight file that fits its network, its card and its device.

use strum::VariantArray;

use super::language::{CaptionModel, QuestionModel, check_words};
use super::model::{Bound, Model, check_activations, check_classes, preprocessor};
use crate::error::error;
use crate::network::{Architecture, Blueprint, Parameters, Variant};
use crate::picture::{Preprocess, Preprocessor};
use crate::weights::{Assumption, Card, StatedHead, ValueRange, Weights, is_kept};
use crate::{Device, Note, Problem, Result};

/// A weight file that was checked against its network, its card and its device. Nothing of it is on the device yet.
///
/// It replaces a model by another when there is no room for both: read the file, drop the old model, load the new one.
/// A faulty file fails before the old model is gone.
///
/// ```
/// use cam_lucida::weights::Card;
/// use cam_lucida::{Device, Model, ModelFile};
///
/// # pollster::block_on(async {
/// let device = Device::cpu();
/// let weights = std::fs::read("models/resnet-scenes/model.safetensors")?;
/// let mut model = Some(Model::load(&device, Card::default(), weights).await?);
///
/// let weights = std::fs::read("models/squeezenet-scenes/model.safetensors")?;
/// let file = ModelFile::read(&device, Card::default(), weights)?;
/// println!("{} takes {} bytes", file.architecture().title, file.device_bytes());
/// drop(model.take());
/// model = Some(file.load().await?);
/// # assert_eq!(model.unwrap().classes(), 32);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
pub struct ModelFile {
    device: Device,
    card: Card,
    architecture: &'static Architecture,
    blueprint: Blueprint,
    weights: Weights,
    guessed: Vec<Note>,
    preprocessor: Preprocessor,
}

impl ModelFile {
    /// Reads a weight file, see [`Weights::read`], for the network of `card`; by default, for the network whose tensors
    /// these are.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights) when the file cannot be read, or a tensor is missing, misshaped,
    /// superfluous or not finite, or the card says another number of classes, or an input that the network cannot take;
    /// [`is_device`](crate::Error::is_device) when a tensor is too large for the device.
    pub fn read(device: &Device, card: Card, file: Vec<u8>) -> Result<Self> {
        Self::new(device, card, Weights::read(file)?)
    }

    /// The same of weights that are read already.
    ///
    /// # Errors
    /// As `read`.
    pub fn new(device: &Device, mut card: Card, mut weights: Weights) -> Result<Self> {
        let mut guessed = Vec::new();
        let architecture = card.architecture.map_or_else(|| weights.recognise(), Ok)?;
        // The package `pretrainedmodels`, whose Inception is torchvision's without its first step, calls a classifier so.
        let of_names = || {
            let mut renamed = weights.renamed();
            renamed.any(|(found, _)| found.ends_with("last_linear.weight")).then_some(false)
        };
        match (card.transform_input, weights.transform_input()) {
            (Some(stated), Some(told)) if stated != told && architecture.has_forms() => {
                return Err(error!(
                    Weights,
                    "transform-input-contradicts",
                    "`transform_input` is stated to be {stated}, but the file is a whole module that says {told}; state the same, or nothing",
                    stated,
                    told
                ));
            }
            (stated, told) => card.transform_input = stated.or(told).or_else(of_names),
        }
        let architecture = card.form_of(architecture);
        if let Some(variant) = card.variant {
            architecture.check_variant(variant)?;
            weights.set_variant(variant);
        } else if card.assumes(Assumption::Strides) {
            guessed.extend(weights.follow_checkpoint(architecture)?);
        }
        if let Some(head) = card.head.clone() {
            weights.set_head(architecture, head)?;
        }
        let blueprint = weights.fit(architecture)?;
        if card.problem.is_none() && weights.has_weight_per_output(blueprint.classes) {
            card.problem = Some(Problem::MultiLabel);
            guessed.push(
                error!(
                    Weights,
                    "outputs-independent",
                    "the outputs are taken to be independent, since the file weighs each of them in its loss (`pos_weight`): probabilities are their sigmoids"
                )
                .into(),
            );
        }
        if card.problem.is_none() && weights.ends_with() == Some("Sigmoid") {
            card.problem = Some(Problem::MultiLabel);
            guessed.push(
                error!(
                    Weights,
                    "outputs-sigmoid",
                    "the outputs are taken to be independent, since the file has a Sigmoid after its last layer: probabilities are their sigmoids, and scores are what goes into it"
                )
                .into(),
            );
        }
        if let Some(end @ ("Softmax" | "LogSoftmax")) = weights.ends_with() {
            guessed.push(
                error!(
                    Weights,
                    "outputs-softmax",
                    "the file has a {end} after its last layer: scores are what goes into it, not what comes out of it",
                    end
                )
                .into(),
            );
        }
        let preprocessor = preprocessor(&card, architecture, blueprint.min_side, blueprint.input_channels)?;
        let input = preprocessor.size;
        let largest = blueprint.largest_activation([input.height, input.width]);
        check_activations(largest, architecture, input)?;
        check_classes(&card, blueprint.classes)?;
        blueprint.words.map_or(Ok(()), |words| check_words(&card, words))?;
        for (name, shape) in &blueprint.tensors {
            device.check_tensor(name, shape)?;
            // Checks the values. `load` converts them again, so that only one tensor at a time is held twice.
            drop(weights.take(name, shape)?);
        }
        Ok(Self { device: device.clone(), card, architecture, blueprint, weights, guessed, preprocessor })
    }

    /// The network that the file fits.
    pub fn architecture(&self) -> &'static Architecture {
        self.architecture
    }

    /// Bytes that the tensors take on the device, as f32.
    pub fn device_bytes(&self) -> usize {
        let tensors = self.blueprint.tensors.iter();
        tensors.map(|(_, shape)| size_of::<f32>() * shape.iter().product::<usize>()).sum()
    }

    /// As [`Weights::states`].
    pub fn states(&self) -> &[String] {
        self.weights.states()
    }

    /// As [`Weights::renamed`].
    pub fn renamed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.weights.renamed()
    }

    /// What had to be assumed of the network: no weight file tells it, and no card.
    pub fn notes(&self) -> Vec<Note> {
        // What a network assumes of itself, modules that were saved whole tell.
        let own = if self.weights.tells_modules() { &[][..] } else { &self.blueprint.notes };
        let mut notes = [own, self.weights.notes(), &self.guessed].concat();
        // The weights may tell it again.
        let told = |noted: &&Note| notes.iter().all(|note| note.code() != noted.code());
        notes.extend(self.card.noted.iter().filter(told).cloned().collect::<Vec<_>>());
        if let (Some(used), others @ [_, ..]) = (self.states().first(), self.weights.other_states()) {
            notes.push(
                error!(
                    Weights,
                    "several-states",
                    "the file holds several networks, and {used} is used; --state NAME takes another of them: {others}",
                    used,
                    others = others.join(", ")
                )
                .into(),
            );
        }
        let channels = self.blueprint.input_channels;
        if !takes_pictures(channels) {
            notes.push(
                error!(
                    Weights,
                    "input-by-numbers",
                    "the network takes {channels} channels, which no picture has: it explains numbers (--input-npy FILE, float32 [{channels}, height, width], normalised as in training). Overlays show the mean of the channels in grey, from the smallest to the largest",
                    channels
                )
                .into(),
            );
        }
        if self.blueprint.input_channels == 1 {
            notes.push(
                error!(
                    Weights,
                    "grey-input",
                    "the network takes one channel: pictures are made grey, and normalised by the mean of the colours' numbers"
                )
                .into(),
            );
        }
        if self.assumes(Assumption::Outputs) {
            notes.push(
                error!(
                    Weights,
                    "one-output",
                    "the network has one output, which is taken to say yes or no: its sigmoid is the probability of yes. Choose the problem `value` if it is a number, such as an age"
                )
                .into(),
            );
        }
        if self.assumes(Assumption::Strides) {
            notes.push(
                error!(
                    Weights,
                    "torchvision-assumed",
                    "strides, padding, activations, pooling and the eps of normalisations are assumed as in {library}, without anti-aliasing: no card says otherwise, and no weight file tells them",
                    library = self.architecture.library()
                )
                .into(),
            );
        }
        let [normalisation, order] =
            [Assumption::Normalisation, Assumption::Order].map(|what| self.assumes(what));
        if normalisation {
            let listed = |values: [f32; 3]| values.map(|value| value.to_string()).join(", ");
            let [mean, std] = [self.preprocessor.mean, self.preprocessor.std].map(listed);
            let note = if order {
                error!(
                    Weights,
                    "colours-assumed",
                    "colours are assumed to come red first, and to be normalised by the mean {mean} and the deviation {std}: no card says otherwise, and no weight file tells them",
                    mean,
                    std
                )
            } else {
                error!(
                    Weights,
                    "normalisation-assumed",
                    "colours are assumed to be normalised by the mean {mean} and the deviation {std}: no card says otherwise, and no weight file tells them",
                    mean,
                    std
                )
            };
            notes.push(note.into());
        } else if order {
            notes.push(
                error!(
                    Weights,
                    "order-assumed",
                    "red is assumed to come first: many networks, such as Caffe's and OpenCV's, take blue first, and no weight file tells it. State the channel order (--channel-order rgb or bgr)"
                )
                .into(),
            );
        }
        if takes_pictures(channels)
            && let Some(range) = self.card.replaced_by()
        {
            notes.push(
                error!(
                    Weights,
                    "normalisation-replaced",
                    "the mean and the deviation of the model's card are not of values {range}, which were chosen, so they do not count: the mean 0 and the deviation 1 do. Choose the mean and the deviation of values {range}, too, if the network was trained with others",
                    range
                )
                .into(),
            );
        }
        if self.architecture.has_forms() && self.card.transform_input.is_none() {
            notes.push(
                error!(
                    Weights,
                    "transform-input-assumed",
                    "the network's first step is assumed to turn ImageNet's normalisation into its own, as that of torchvision's published weights does. Networks of timm, and those that were trained from scratch, have no such step: say so by `transform_input` in the model's config.json"
                )
                .into(),
            );
        }
        notes
    }

    /// What of [`notes`](Self::notes) the tensors may no longer tell once they are written to another file: its card keeps it
    /// ([`Card::noted`]).
    pub fn noted(&self) -> Vec<Note> {
        self.notes().into_iter().filter(is_kept).collect()
    }

    fn assumes(&self, what: Assumption) -> bool {
        self.card.assumes(what)
            && match what {
                Assumption::Strides => !self.weights.tells_modules(),
                Assumption::Normalisation => takes_pictures(self.blueprint.input_channels),
                // Grey has no order.
                Assumption::Order => self.blueprint.input_channels == 3,
                Assumption::Outputs => self.blueprint.classes == 1,
            }
    }

    /// What of [`notes`](Self::notes) is assumed because the card does not state it.
    pub fn assumed(&self) -> Vec<Assumption> {
        Assumption::VARIANTS.iter().copied().filter(|&what| self.assumes(what)).collect()
    }

    /// Whether the first step is torchvision's [`transform_input`](Architecture::transform_input), where somebody says it.
    pub fn transform_input(&self) -> Option<bool> {
        self.card.transform_input.filter(|_| self.architecture.has_forms())
    }

    /// Of what values mean and deviation are stated, where somebody states them.
    pub fn value_range(&self) -> Option<ValueRange> {
        self.card.overrides.range.or(self.card.range)
    }

    /// How the card prepares pictures, where it says so and does not squash them.
    pub fn preprocess(&self) -> Option<Preprocess> {
        self.card.preprocess
    }

    /// How the network computes where its tensors do not tell, where somebody or a file that was saved whole says it.
    pub fn variant(&self) -> Option<Variant> {
        self.weights.variant()
    }

    /// The network's head, where it is another than the architecture's own: a file of the same tensors in another order may not tell it.
    pub fn head(&self) -> Option<StatedHead> {
        self.weights.other_head()
    }

    /// Checks that the network takes pictures: colours, or grey.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights) when it takes another number of channels.
    pub fn check_pictures(&self) -> Result<()> {
        check_pictures(self.blueprint.input_channels)
    }

    /// The card of what is loaded, which states what the file tells.
    fn full_card(&self) -> Card {
        Card { variant: self.variant(), head: self.head(), ..self.card.clone() }
    }

    /// Puts the network on the device.
    ///
    /// # Errors
    /// [`is_device`](crate::Error::is_device) when the device fails; [`is_request`](crate::Error::is_request) when the network
    /// needs words beside pictures, see [`load_questions`](Self::load_questions) and [`load_captions`](Self::load_captions).
    pub async fn load(self) -> Result<Model> {
        let (notes, card) = (self.notes(), self.full_card());
        let Self { device, architecture, mut weights, .. } = self;
        let network = architecture.load(&mut weights, device.tensors())?;
        drop(weights);
        Model::new(device, card, architecture, network, Bound::Nothing, notes).await
    }

    /// Puts a network that answers questions on the device.
    ///
    /// # Errors
    /// As [`QuestionModel::from_parameters`].
    pub async fn load_questions(self) -> Result<QuestionModel> {
        let notes = self.notes();
        let Self { device, card, architecture, mut weights, .. } = self;
        QuestionModel::build(device, card, architecture, &mut weights, notes).await
    }

    /// Puts a network that writes captions on the device.
    ///
    /// # Errors
    /// As [`CaptionModel::from_parameters`].
    pub async fn load_captions(self) -> Result<CaptionModel> {
        let notes = self.notes();
        let Self { device, card, architecture, mut weights, .. } = self;
        CaptionModel::build(device, card, architecture, &mut weights, notes).await
    }
}

/// Whether pictures have so many channels: colours, or grey.
pub(super) fn takes_pictures(channels: usize) -> bool {
    channels == 1 || channels == 3
}

/// Checks that pictures have so many.
pub(super) fn check_pictures(channels: usize) -> Result<()> {
    if takes_pictures(channels) {
        return Ok(());
    }
    Err(error!(
        Weights,
        "input-channels",
        "the network takes {channels} channels, but a picture has 3, or 1 when it is made grey; give it numbers in place of a picture (--input-npy FILE, float32 [{channels}, height, width], normalised as in training), or choose weights of a network for colour or grey pictures",
        channels
    ))
}
