//! The model: a network with its weights.

use std::sync::Arc;

use burn::tensor::Tensor;

use super::model_file::check_pictures;
use super::{Input, ModelFile, Scores};
use crate::cam::ClassSum;
use crate::error::{error, unknown};
use crate::network::language::{Captioner, Film, Writing};
use crate::network::{Architecture, Layer, Network, Outputs, Parameters, Stated, Tap, Variant, With};
use crate::picture::{ChannelOrder, Picture, Preprocess, Preprocessor};
use crate::weights::{Card, StatedHead, Weights};
use crate::{Device, Note, Problem, Result, Size};

/// A network with its weights on a device, its class names and its preprocessing.
///
/// Any number of models live side by side, on one device or on several. Where memory is short, a
/// [`ModelFile`] replaces one model by another. A network that answers questions becomes a model when it is asked one
/// ([`QuestionModel`](super::QuestionModel)); one that writes captions becomes a model for each word
/// ([`CaptionModel`](super::CaptionModel)).
///
/// ```
/// use cam_lucida::picture::{Picture, Preprocess};
/// use cam_lucida::weights::Card;
/// use cam_lucida::{Device, Model, Size};
///
/// # pollster::block_on(async {
/// let config = std::fs::read_to_string("models/resnet-scenes/config.json")?;
/// let preprocessor = std::fs::read_to_string("models/resnet-scenes/preprocessor_config.json")?;
/// let weights = std::fs::read("models/resnet-scenes/model.safetensors")?;
/// let model = Model::load(&Device::cpu(), Card::read(&config, Some(&preprocessor))?, weights).await?;
///
/// let grey = Picture::new(Size::square(64), vec![128; 3 * 64 * 64])?;
/// let scores = model.classify(&model.input(&grey, Preprocess::Squash)?).await?;
/// println!("{:?} at most", model.label(scores.top(1)[0]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
pub struct Model {
    device: Device,
    architecture: &'static Architecture,
    /// How the network computes where its tensors do not tell, where somebody says it.
    variant: Option<Variant>,
    /// Its head, likewise.
    head: Option<StatedHead>,
    problem: Problem,
    labels: Option<Vec<String>>,
    preprocessor: Preprocessor,
    /// How the card prepares pictures, where it does not squash them.
    preprocess: Option<Preprocess>,
    pub(super) network: Box<dyn Network>,
    /// What becomes of the network's outputs.
    outputs: Outputs,
    classes: usize,
    layers: Vec<Layer>,
    notes: Vec<Note>,
    default_layer: String,
    bound: Bound,
}

/// What a network is given beside pictures.
#[derive(Clone)]
pub(super) enum Bound {
    /// It needs nothing.
    Nothing,
    /// The words of a question.
    Question(Vec<usize>),
    /// The words of a caption, and the place of the one that it writes.
    Caption(Vec<usize>, usize),
}

impl Model {
    /// Reads a weight file and puts the network on the device: [`ModelFile::read`], then [`ModelFile::load`].
    ///
    /// # Errors
    /// As these two.
    pub async fn load(device: &Device, card: Card, file: Vec<u8>) -> Result<Self> {
        ModelFile::read(device, card, file)?.load().await
    }

    /// Takes the network's tensors from any source, and ignores those that the network does not have.
    ///
    /// # Errors
    /// As [`load`](Self::load); [`is_request`](crate::Error::is_request) when the card names no network, or one that needs
    /// words beside pictures.
    pub async fn from_parameters(
        device: &Device,
        card: Card,
        parameters: &mut dyn Parameters,
    ) -> Result<Self> {
        let architecture = card
            .architecture
            .ok_or_else(|| error!(Request, "card-without-network", "the card does not name the network"))?;
        let architecture = card.form_of(architecture);
        Self::build(device.clone(), card, architecture, Bound::Nothing, parameters).await
    }

    /// The same network, with the same question or words bound, and other tensors.
    ///
    /// # Errors
    /// As [`from_parameters`](Self::from_parameters).
    pub async fn with_parameters(&self, parameters: &mut dyn Parameters) -> Result<Self> {
        Self::build(self.device.clone(), self.card(), self.architecture, self.bound.clone(), parameters).await
    }

    pub(super) async fn build(
        device: Device,
        card: Card,
        architecture: &'static Architecture,
        bound: Bound,
        parameters: &mut dyn Parameters,
    ) -> Result<Self> {
        let tensors = device.tensors();
        if let Some(variant) = card.variant {
            architecture.check_variant(variant)?;
        }
        let head = card.head.as_ref().map(|head| head.plan(|name| parameters.shape(name))).transpose()?;
        let parameters: &mut dyn Parameters = &mut Stated { source: parameters, variant: card.variant, head };
        let network: Box<dyn Network> = match &bound {
            Bound::Nothing => architecture.load(parameters, tensors)?,
            Bound::Question(tokens) => Box::new(Arc::new(Film::load(parameters, tensors)?).bind(tokens)?),
            Bound::Caption(tokens, place) => {
                Box::new(Arc::new(Captioner::load(parameters, tensors)?).bind(tokens, *place)?)
            }
        };
        let notes = network.notes().to_vec();
        Self::new(device, card, architecture, network, bound, notes).await
    }

    pub(super) async fn new(
        device: Device,
        card: Card,
        architecture: &'static Architecture,
        mut network: Box<dyn Network>,
        bound: Bound,
        notes: Vec<Note>,
    ) -> Result<Self> {
        let preprocessor = preprocessor(&card, architecture, network.min_side(), network.input_channels())?;
        check_activations(
            network.largest_activation(sides(preprocessor.size)),
            architecture,
            preprocessor.size,
        )?;
        let [height, width] = sides(preprocessor.size);
        let mut tap = Tap::at_layers(&[]);
        let channels = Some(network.input_channels()).filter(|channels| *channels != 1).unwrap_or(3);
        let grey = Tensor::zeros([1, channels, height, width], device.tensors());
        let problem = card.problem.unwrap_or_default();
        let mut classes = Scores::read(network.forward(grey, &mut tap), problem).await?.logits.len();
        check_classes(&card, classes)?;
        let Card { mut labels, variant, head, preprocess, .. } = card;
        let outputs = match &bound {
            Bound::Nothing if network.own_head().is_some_and(|head| head.layers.is_empty()) => Outputs::Mean,
            Bound::Nothing if classes == 1 && problem != Problem::Value => Outputs::YesNo,
            _ => Outputs::Own,
        };
        let problem = match outputs {
            Outputs::Own => problem,
            Outputs::YesNo => Problem::MultiLabel,
            Outputs::Mean => Problem::Value,
        };
        match outputs {
            Outputs::Own if problem == Problem::Value && classes == 1 => {
                labels = labels.or_else(|| Some(vec!["value".into()]));
            }
            Outputs::Own => {}
            Outputs::YesNo => labels = Some(both(labels.unwrap_or_default())),
            Outputs::Mean => labels = Some(vec!["mean activation".into()]),
        }
        if outputs != Outputs::Own {
            classes = if outputs == Outputs::YesNo { 2 } else { 1 };
            network = Box::new(With(outputs, network));
        }
        let layers = tap.layers().to_vec();
        let default_layer = bound.default_layer(architecture);
        Ok(Self {
            device,
            architecture,
            variant,
            head,
            problem,
            labels,
            preprocessor,
            preprocess,
            network,
            outputs,
            classes,
            layers,
            notes,
            default_layer,
            bound,
        })
    }

    /// The same with another question or other words bound, whose `network` shares its tensors with this one. `layers` are
    /// listed already.
    pub(super) fn rebound(&self, network: Box<dyn Network>, bound: Bound, layers: Vec<Layer>) -> Self {
        Self {
            device: self.device.clone(),
            architecture: self.architecture,
            variant: self.variant,
            head: self.head.clone(),
            problem: self.problem,
            labels: self.labels.clone(),
            preprocessor: self.preprocessor.clone(),
            preprocess: self.preprocess,
            network,
            outputs: self.outputs,
            classes: self.classes,
            layers,
            notes: self.notes.clone(),
            default_layer: bound.default_layer(self.architecture),
            bound,
        }
    }

    /// Where the model computes.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The card of this model, such as for another one of its kind.
    pub fn card(&self) -> Card {
        Card {
            architecture: Some(self.architecture),
            labels: self.labels.clone().filter(|_| self.has_classifier()),
            classes: match self.outputs {
                Outputs::Own => Some(self.classes),
                Outputs::YesNo => Some(1),
                Outputs::Mean => None,
            },
            problem: Some(self.problem),
            preprocessor: Some(self.preprocessor.clone()),
            preprocess: self.preprocess,
            transform_input: Some(self.architecture.transform_input),
            names_network: true,
            variant: self.variant,
            head: self.head.clone(),
            ..Card::default()
        }
    }

    /// The network without its weights.
    pub fn architecture(&self) -> &'static Architecture {
        self.architecture
    }

    /// What had to be assumed of the network, because neither weight file nor card tells it.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// What the outputs are, and so how class scores become probabilities.
    pub fn problem(&self) -> Problem {
        self.problem
    }

    /// Whether the weights have one output, which says yes or no. It has two classes: 0 is "no", 1 is "yes". The score of "no" is
    /// the negative of the other, and the probabilities add up to 1.
    pub fn is_yes_or_no(&self) -> bool {
        self.outputs == Outputs::YesNo
    }

    /// Whether there are class scores. Without a classifier, only methods that [ignore the class](crate::cam::Method::ignores_class)
    /// explain the network; the mean of its last layer's activations stands in the place of a score.
    pub fn has_classifier(&self) -> bool {
        self.outputs != Outputs::Mean
    }

    /// [`problem`](Self::problem) by name; `yes-no` where the network [says yes or no](Self::is_yes_or_no).
    pub fn problem_name(&self) -> &'static str {
        if self.is_yes_or_no() { "yes-no" } else { self.problem.name() }
    }

    /// How many classes there are, or values.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The name of a class, if the card has labels.
    pub fn label(&self, class: usize) -> Option<&str> {
        self.labels()?.get(class).map(String::as_str)
    }

    /// The name of a class, or the names of those that add up, such as `red + blue`.
    pub fn name(&self, sum: &ClassSum) -> Option<String> {
        let names: Option<Vec<&str>> = sum.classes().iter().map(|&class| self.label(class)).collect();
        Some(names?.join(" + "))
    }

    /// The names of all classes, if the card has labels.
    pub fn labels(&self) -> Option<&[String]> {
        self.labels.as_deref()
    }

    /// Input size and normalisation.
    pub fn preprocessor(&self) -> &Preprocessor {
        &self.preprocessor
    }

    /// The layer that is explained unless another is asked for.
    pub fn default_layer(&self) -> &str {
        &self.default_layer
    }

    /// Every layer that can be explained, in order, with its shape at the default input size.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// How many channels an input has: 3, unless the weights tell another number. A network of one takes colours, too, and makes them
    /// grey.
    pub fn input_channels(&self) -> usize {
        self.network.input_channels()
    }

    /// The network's input for a picture.
    ///
    /// # Errors
    /// As [`Preprocessor::frame`]; [`is_weights`](crate::Error::is_weights) when the network takes other channels than a picture has.
    pub fn input(&self, picture: &Picture, preprocess: Preprocess) -> Result<Input> {
        check_pictures(self.input_channels())?;
        let preprocessor = self.preprocessor();
        let frame = preprocessor.frame(picture, preprocess)?;
        Ok(Input { channels: 3, size: frame.size(), values: preprocessor.normalise(&frame) })
    }

    /// What people should know of pictures, or of one of this size, that are prepared otherwise than the model's card says.
    pub fn preprocess_note(&self, preprocess: Preprocess, picture: Option<Size>) -> Option<Note> {
        let is_same =
            |stated| picture.is_some_and(|picture| self.preprocessor.agrees(picture, stated, preprocess));
        let stated = self.preprocess.filter(|&stated| stated != preprocess && !is_same(stated))?;
        let note = error!(
            Weights,
            "card-prepares-otherwise",
            "the network's card prepares pictures by `{stated}`, but `{chosen}` is used: scores and maps may be others than the card's way gives. Pass --preprocess {stated} to follow the card",
            stated,
            chosen = preprocess
        );
        Some(note.into())
    }

    /// The picture of an input: of colours, the inverse of the normalisation. Of other channels, their mean in grey, from its smallest
    /// value, black, to its largest.
    pub fn picture(&self, input: &Input) -> Picture {
        match input.channels {
            3 => self.preprocessor().denormalise(&input.values, input.size),
            _ => input.in_grey(),
        }
    }

    /// States of `weights`, read from the model's own file again, what the model's card and modules state: which head it has.
    ///
    /// # Errors
    /// As [`Weights::fit`].
    pub fn state(&self, weights: &mut Weights) -> Result<()> {
        self.head.clone().map_or(Ok(()), |head| weights.set_head(self.architecture, head))
    }

    pub(super) fn check_input(&self, input: &Input) -> Result<()> {
        let channels = self.input_channels();
        if input.channels != channels && (channels, input.channels) != (1, 3) {
            return Err(error!(
                Request,
                "input-channel-count",
                "the input has {found} channels, but {network} of these weights takes {wanted}; give it an input of shape [{wanted}, height, width]",
                found = input.channels,
                network = self.architecture.title,
                wanted = channels
            ));
        }
        let min = self.network.min_side();
        if input.size.min_side() < min {
            return Err(error!(
                Request,
                "input-too-small",
                "the input has {size} pixels; {network} needs at least {min} on each side",
                size = input.size,
                network = self.architecture.title,
                min
            ));
        }
        check_activations(self.network.largest_activation(sides(input.size)), self.architecture, input.size)
    }

    /// The layers of these names, each once, or the default one.
    pub(super) fn layers_named<'a>(&'a self, names: &'a [String]) -> Result<Vec<&'a str>> {
        let mut found: Vec<&str> = Vec::new();
        for name in names {
            if !self.layers.iter().any(|layer| layer.name == *name) {
                let names = self.layers.iter().map(|layer| layer.name.as_str());
                return Err(unknown("layer", name, names));
            }
            if !found.contains(&name.as_str()) {
                found.push(name);
            }
        }
        Ok(if found.is_empty() { vec![self.default_layer.as_str()] } else { found })
    }
}

impl Bound {
    fn default_layer(&self, architecture: &Architecture) -> String {
        match self {
            Self::Caption(_, place) => Writing::layer(*place),
            Self::Nothing | Self::Question(_) => architecture.default_layer.into(),
        }
    }
}

/// What the card says of the input, or the network's default, as far as the network can take it.
pub(super) fn preprocessor(
    card: &Card,
    architecture: &Architecture,
    min_side: usize,
    channels: usize,
) -> Result<Preprocessor> {
    let mut preprocessor = card.preprocessor_for(architecture)?;
    if let Some(said) = card.channels.filter(|said| *said != channels) {
        return Err(error!(
            Weights,
            "card-input-channels",
            "the model's card says that the network takes {said} channels, the weights take {channels}; do they belong to another model?",
            said,
            channels
        ));
    }
    if channels == 1 {
        // As timm does (`timm/data/config.py`): grey has one mean and one deviation.
        preprocessor.mean = [preprocessor.mean.iter().sum::<f32>() / 3.0; 3];
        preprocessor.std = [preprocessor.std.iter().sum::<f32>() / 3.0; 3];
        // The network makes grey of red, green and blue.
        preprocessor.order = ChannelOrder::Rgb;
    }
    let size = preprocessor.size;
    let max = *Preprocessor::SIDES.end();
    if min_side > max {
        return Err(error!(
            Weights,
            "network-min-side",
            "{network} of these tensors needs pictures of at least {min} pixels on each side, but up to {max} are allowed; choose another network",
            network = architecture.title,
            min = min_side,
            max
        ));
    }
    if size.min_side() < min_side {
        return Err(error!(
            Weights,
            "card-input-too-small",
            "the model's input has {size} pixels, but {network} needs {min} to {max} on each side; choose a larger input size",
            size,
            network = architecture.title,
            min = min_side,
            max
        ));
    }
    Ok(preprocessor)
}

fn sides(size: Size) -> [usize; 2] {
    [size.height, size.width]
}

/// Checks that the largest activation of an input of `size` fits into memory.
pub(super) fn check_activations(numbers: usize, architecture: &Architecture, size: Size) -> Result<()> {
    /// 1 GiB: VGG's first layers at the largest square input.
    const MAX: usize = 1 << 28;
    if numbers <= MAX {
        return Ok(());
    }
    Err(error!(
        Request,
        "activation-size",
        "for an input of {size} pixels one layer of {network} has {numbers} numbers; up to {max} are allowed. Choose a smaller input, or a network with fewer channels",
        size,
        network = architecture.title,
        numbers,
        max = MAX
    ))
}

/// The names of "no" and "yes" where one output has no name, one, or both.
fn both(names: Vec<String>) -> Vec<String> {
    match &names[..] {
        [] => vec!["no".into(), "yes".into()],
        [yes] => vec![format!("not {yes}"), yes.clone()],
        _ => names,
    }
}

/// Checks what the card says of the classes.
pub(super) fn check_classes(card: &Card, classes: usize) -> Result<()> {
    if let Some(said) = card.classes.filter(|said| *said != classes) {
        return Err(error!(
            Weights,
            "card-class-count",
            "the model's card says {said} classes, the weights have {found}; do they belong to another model?",
            said,
            found = classes
        ));
    }
    if let Some(names) = card.labels.as_ref().filter(|_| !card.labels_fit(classes)) {
        return Err(error!(
            Weights,
            "label-count",
            "{labels} labels do not fit a network of {classes} classes",
            labels = names.len(),
            classes
        ));
    }
    Ok(())
}
