//! A network that has its weights.

use burn::tensor::Tensor;

use super::{Input, Scores};
use crate::network::{Architecture, Layer, Network, Tap};
use crate::picture::{Picture, Preprocess, Preprocessor};
use crate::weights::Card;
use crate::{Device, Error, Problem, Result};

/// A network with weights, and what is known of it: class names, preprocessing.
pub struct Model {
    architecture: &'static Architecture,
    problem: Problem,
    labels: Option<Vec<String>>,
    preprocessor: Preprocessor,
    pub(super) network: Box<dyn Network>,
    pub(super) classes: usize,
    pub(super) layers: Vec<Layer>,
}

impl Model {
    pub(super) async fn new(
        card: Card,
        architecture: &'static Architecture,
        network: Box<dyn Network>,
        device: &Device,
    ) -> Result<Self> {
        let preprocessor = preprocessor(&card, architecture, network.least_side())?;
        let side = preprocessor.size as usize;
        let mut tap = Tap::at_layers(&[]);
        let grey = Tensor::zeros([1, 3, side, side], device.tensors());
        let classes = Scores::read(network.forward(grey, &mut tap), card.problem).await?.logits.len();
        check_classes(&card, classes)?;
        let Card { problem, labels, .. } = card;
        let layers = tap.layers().to_vec();
        Ok(Self { architecture, problem, labels, preprocessor, network, classes, layers })
    }

    /// What is known of the model beside its weights, for another session.
    pub fn card(&self) -> Card {
        Card {
            architecture: Some(self.architecture),
            labels: self.labels.clone(),
            classes: Some(self.classes),
            problem: self.problem,
            preprocessor: Some(self.preprocessor.clone()),
            ..Card::default()
        }
    }

    /// The network without its weights.
    pub fn architecture(&self) -> &'static Architecture {
        self.architecture
    }

    /// How class scores become probabilities.
    pub fn problem(&self) -> Problem {
        self.problem
    }

    /// How many classes the weights have.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The name of a class, where labels were given.
    pub fn label(&self, class: usize) -> Option<&str> {
        self.labels()?.get(class).map(String::as_str)
    }

    /// The names of all classes, where labels were given.
    pub fn labels(&self) -> Option<&[String]> {
        self.labels.as_deref()
    }

    /// Input size and normalisation.
    pub fn preprocessor(&self) -> &Preprocessor {
        &self.preprocessor
    }

    /// Every layer that can be explained, in order, with its shape at the usual input size.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// What the network is shown of a picture.
    ///
    /// # Errors
    /// As [`Preprocessor::frame`].
    pub fn input(&self, picture: &Picture, preprocess: Preprocess) -> Result<Input> {
        let preprocessor = self.preprocessor();
        let frame = preprocessor.frame(picture, preprocess)?;
        Ok(Input {
            height: frame.height() as usize,
            width: frame.width() as usize,
            values: preprocessor.normalise(&frame),
        })
    }

    /// What an input that was normalised elsewhere looked like before.
    pub fn picture(&self, input: &Input) -> Picture {
        self.preprocessor().denormalise(&input.values, input.width as u32, input.height as u32)
    }

    pub(super) fn check(&self, input: &Input) -> Result<()> {
        let least = self.network.least_side();
        if input.height.min(input.width) >= least {
            return Ok(());
        }
        Err(Error::request(format!(
            "an input of {}×{} (height × width) was given, {} needs at least {least} on each side",
            input.height,
            input.width,
            self.architecture().title
        )))
    }

    /// The layers of these names, each once, or the default one.
    pub(super) fn layers_named<'a>(&'a self, names: &'a [String]) -> Result<Vec<&'a str>> {
        let mut found: Vec<&str> = Vec::new();
        for name in names {
            if !self.layers.iter().any(|layer| layer.name == *name) {
                let names = self.layers.iter().map(|layer| layer.name.as_str());
                return Err(crate::error::unknown("layer", name, names));
            }
            if !found.contains(&name.as_str()) {
                found.push(name);
            }
        }
        Ok(if found.is_empty() { vec![self.architecture().default_layer] } else { found })
    }
}

/// What the card says of the input, or the usual, as far as the network can take it.
pub(super) fn preprocessor(
    card: &Card,
    architecture: &Architecture,
    least_side: usize,
) -> Result<Preprocessor> {
    let preprocessor = card.preprocessor_for(architecture)?;
    let side = preprocessor.size;
    if (side as usize) < least_side {
        return Err(Error::weights(format!(
            "the model's card says an input of {side}×{side}, {} needs at least {least_side} on each side",
            architecture.title
        )));
    }
    Ok(preprocessor)
}

/// Checks what the card says of the classes.
pub(super) fn check_classes(card: &Card, classes: usize) -> Result<()> {
    if let Some(said) = card.classes.filter(|said| *said != classes) {
        return Err(Error::weights(format!(
            "the model's card says {said} classes, the weights have {classes}; are they another model's?"
        )));
    }
    if let Some(names) = card.labels.as_ref().filter(|names| names.len() != classes) {
        return Err(Error::weights(format!(
            "{} labels do not fit a network of {classes} classes",
            names.len()
        )));
    }
    Ok(())
}
