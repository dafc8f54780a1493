//! Captions of pictures.

use std::sync::Arc;

use super::vocabulary;
use crate::error::error;
use crate::explain::model::Bound;
use crate::explain::{Input, Model, ModelFile};
use crate::network::language::{Captioner, Sentence, Writing};
use crate::network::{Architecture, Layer, Parameters, Task};
use crate::picture::{Picture, Preprocess, Preprocessor};
use crate::weights::{Card, Vocabulary};
use crate::{Device, Note, Result};

/// A network that writes captions. With the words before a place it is a [`Model`] whose classes are the words.
///
/// ```
/// use cam_lucida::picture::{Picture, Preprocess};
/// use cam_lucida::weights::Card;
/// use cam_lucida::{CaptionModel, Device, Request, Size};
/// # use cam_lucida::weights::Hashed;
///
/// # pollster::block_on(async {
/// let config = r#"{
///     "architecture": "caption_small",
///     "words": ["<pad>", "<unknown>", "<start>", "<end>", "a", "blue", "car", "red"],
///     "function_words": ["a"]
/// }"#;
/// # let mut parameters = Hashed { classes: 8 };
/// let captions = CaptionModel::from_parameters(&Device::cpu(), Card::read(config, None)?, &mut parameters).await?;
/// let picture = Picture::new(Size::square(96), vec![200; 3 * 96 * 96])?;
/// let input = captions.input(&picture, Preprocess::Squash)?;
///
/// let best = captions.write(&input, 3).await?.remove(0);
/// println!("{}: {:.2}", captions.vocabulary().text(&best.tokens), best.log_probability);
///
/// // What speaks for the word that comes after "a red".
/// let caption = captions.vocabulary().read("a red car")?;
/// let model = captions.word(&caption.tokens, 2)?;
/// let request = Request { classes: vec![caption.tokens[2].into()], ..Request::default() };
/// let explanation = model.explain(&input, &request).await?;
/// assert_eq!((explanation.layers[0].as_str(), model.label(6)), ("read.2", Some("car")));
///
/// // What speaks for "red car".
/// let phrase = captions.explain(&input, &caption.tokens, 1..3, &Request::default()).await?;
/// assert_eq!((phrase.words.len(), phrase.heatmaps[0].map.dims()), (2, [1, 12, 12]));
/// # Ok::<(), cam_lucida::Error>(())
/// # }).unwrap();
/// ```
pub struct CaptionModel {
    pub(super) captioner: Arc<Captioner>,
    vocabulary: Vocabulary,
    function_words: Vec<String>,
    relation_words: Vec<String>,
    /// Before the first word: what is the same for all.
    pub(super) unwritten: Model,
}

impl CaptionModel {
    /// The most captions that are searched for at once.
    pub const MAX_BEAM: usize = 16;

    /// Reads a weight file and puts the network on the device: [`ModelFile::read`], then [`ModelFile::load_captions`].
    ///
    /// # Errors
    /// As these two.
    pub async fn load(device: &Device, card: Card, file: Vec<u8>) -> Result<Self> {
        ModelFile::read(device, card, file)?.load_captions().await
    }

    /// Takes the network's tensors from any source.
    ///
    /// # Errors
    /// As [`ModelFile::read`]; [`is_request`](crate::Error::is_request) when the card names a network that writes no captions;
    /// [`is_weights`](crate::Error::is_weights) when it does not say the network's words.
    pub async fn from_parameters(
        device: &Device,
        card: Card,
        parameters: &mut dyn Parameters,
    ) -> Result<Self> {
        let architecture = card.architecture.map_or_else(|| Architecture::named(Captioner::NAME), Ok)?;
        Self::build(device.clone(), card, architecture, parameters, Vec::new()).await
    }

    pub(in crate::explain) async fn build(
        device: Device,
        card: Card,
        architecture: &'static Architecture,
        parameters: &mut dyn Parameters,
        notes: Vec<Note>,
    ) -> Result<Self> {
        architecture.check_task(Task::Captioning)?;
        let captioner = Arc::new(Captioner::load(parameters, device.tensors())?);
        let vocabulary = vocabulary(&card, captioner.words())?;
        let (function_words, relation_words) = (card.function_words.clone(), card.relation_words.clone());
        let card = Card { labels: Some(vocabulary.words().to_vec()), ..card };
        let network = Box::new(captioner.bind(&[], 0)?);
        let unwritten =
            Model::new(device, card, architecture, network, Bound::Caption(Vec::new(), 0), notes).await?;
        Ok(Self { captioner, vocabulary, function_words, relation_words, unwritten })
    }

    /// The most probable captions that a beam of `beam` finds, the best first; a beam of 1 takes the most probable word at
    /// each place.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request) when the beam is not 1 to [`MAX_BEAM`](Self::MAX_BEAM), or the input is too small;
    /// [`is_weights`](crate::Error::is_weights) when a score is not finite; [`is_device`](crate::Error::is_device) when the device
    /// fails.
    pub async fn write(&self, input: &Input, beam: usize) -> Result<Vec<Sentence>> {
        if !(1..=Self::MAX_BEAM).contains(&beam) {
            return Err(error!(
                Request,
                "beam-width",
                "a beam of {beam} was asked for; choose 1 to {max}",
                beam,
                max = Self::MAX_BEAM
            ));
        }
        self.unwritten.check_input(input)?;
        let x = input.tensor(self.unwritten.device());
        match beam {
            1 => self.captioner.greedy(x).await,
            _ => self.captioner.beam(x, beam).await,
        }
    }

    /// The natural logarithm of the probability of each word of a caption, and at last of its end.
    ///
    /// # Errors
    /// As [`write`](Self::write), and [`is_request`](crate::Error::is_request) when it does not know a token.
    pub async fn score(&self, input: &Input, tokens: &[usize]) -> Result<Vec<f64>> {
        self.unwritten.check_input(input)?;
        self.captioner.score(input.tensor(self.unwritten.device()), tokens).await
    }

    /// The network that writes the word at `place`, 0 the first, after the words before it; what follows does not matter.
    /// The place behind the last word is that of the caption's end. Its tensors are shared.
    ///
    /// # Errors
    /// As [`Captioner::bind`].
    pub fn word(&self, tokens: &[usize], place: usize) -> Result<Model> {
        let network = Box::new(self.captioner.bind(tokens, place)?);
        let mut layers = self.unwritten.layers().to_vec();
        // What is read for each word before it has the shape of what is read for the first.
        let first = layers.iter().find(|layer| layer.name == Writing::layer(0)).cloned();
        let later =
            (1..=place).map(|t| first.clone().map(|first| Layer { name: Writing::layer(t), ..first }));
        layers.extend(later.flatten());
        Ok(self.unwritten.rebound(network, Bound::Caption(tokens.to_vec(), place), layers))
    }

    /// The words that it knows.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Whether a word names nothing that can be seen, such as an article; the model's card says which do.
    pub fn is_function_word(&self, word: &str) -> bool {
        self.function_words.iter().any(|function_word| function_word == word)
    }

    /// Whether a word says where a thing is, seen from another, such as "left"; the model's card says which do. The network tells it
    /// from where its gates are open. A layer `read.…` holds what they let through, and not where: it does not explain the word.
    pub fn is_relation_word(&self, word: &str) -> bool {
        self.relation_words.iter().any(|relation_word| relation_word == word)
    }

    /// The network without its weights.
    pub fn architecture(&self) -> &'static Architecture {
        self.unwritten.architecture()
    }

    /// Input size and normalisation.
    pub fn preprocessor(&self) -> &Preprocessor {
        self.unwritten.preprocessor()
    }

    /// The input for a picture.
    ///
    /// # Errors
    /// As [`Model::input`].
    pub fn input(&self, picture: &Picture, preprocess: Preprocess) -> Result<Input> {
        self.unwritten.input(picture, preprocess)
    }
}
