//! Questions about pictures.

use std::sync::Arc;

use super::vocabulary;
use crate::cam::ClassSum;
use crate::error::{error, unknown};
use crate::explain::model::Bound;
use crate::explain::{Input, Model, ModelFile};
use crate::network::language::Film;
use crate::network::{Architecture, Parameters, Task};
use crate::picture::{Picture, Preprocess, Preprocessor};
use crate::weights::{Card, Tokenized, Vocabulary};
use crate::{Device, Note, Result};

/// A network that answers questions about pictures. With a question it is a [`Model`] whose classes are the answers.
///
/// ```
/// use cam_lucida::picture::{Picture, Preprocess};
/// use cam_lucida::weights::Card;
/// use cam_lucida::{Device, QuestionModel, Request, Size};
/// # use cam_lucida::weights::Hashed;
///
/// # pollster::block_on(async {
/// let config = r#"{
///     "architecture": "film_small",
///     "words": ["<pad>", "<unknown>", "color", "hydrant", "is", "the", "what"],
///     "id2label": { "0": "red", "1": "blue", "2": "yellow", "3": "yes", "4": "no", "5": "one", "6": "two" }
/// }"#;
/// # let mut parameters = Hashed { classes: 7 };
/// let questions = QuestionModel::from_parameters(&Device::cpu(), Card::read(config, None)?, &mut parameters).await?;
/// let picture = Picture::new(Size::square(96), vec![200; 3 * 96 * 96])?;
/// let input = questions.input(&picture, Preprocess::Squash)?;
///
/// let model = questions.ask("What color is the hydrant?")?;
/// let scores = model.classify(&input).await?;
/// println!("{:?}, {:.0} %", model.label(scores.top(1)[0]), 100.0 * scores.probabilities[scores.top(1)[0]]);
///
/// let classes = vec![questions.answer("red")?, questions.answer("blue + yellow")?];
/// let explanation = model.explain(&input, &Request { classes, ..Request::default() }).await?;
/// assert_eq!(explanation.layers, ["head"]);
/// assert_eq!(model.name(&explanation.heatmaps[1].class).unwrap(), "blue + yellow");
/// # Ok::<(), cam_lucida::Error>(())
/// # }).unwrap();
/// ```
pub struct QuestionModel {
    film: Arc<Film>,
    vocabulary: Vocabulary,
    answers: Vec<String>,
    /// Before any question: what is the same for all.
    unasked: Model,
}

impl QuestionModel {
    /// Reads a weight file and puts the network on the device: [`ModelFile::read`], then [`ModelFile::load_questions`].
    ///
    /// # Errors
    /// As these two.
    pub async fn load(device: &Device, card: Card, file: Vec<u8>) -> Result<Self> {
        ModelFile::read(device, card, file)?.load_questions().await
    }

    /// Takes the network's tensors from any source.
    ///
    /// # Errors
    /// As [`ModelFile::read`]; [`is_request`](crate::Error::is_request) when the card names a network that answers no questions;
    /// [`is_weights`](crate::Error::is_weights) when it does not say the network's words and answers.
    pub async fn from_parameters(
        device: &Device,
        card: Card,
        parameters: &mut dyn Parameters,
    ) -> Result<Self> {
        let architecture = card.architecture.map_or_else(|| Architecture::named(Film::NAME), Ok)?;
        Self::build(device.clone(), card, architecture, parameters, Vec::new()).await
    }

    pub(in crate::explain) async fn build(
        device: Device,
        card: Card,
        architecture: &'static Architecture,
        parameters: &mut dyn Parameters,
        notes: Vec<Note>,
    ) -> Result<Self> {
        architecture.check_task(Task::QuestionAnswering)?;
        let film = Arc::new(Film::load(parameters, device.tensors())?);
        let vocabulary = vocabulary(&card, film.words())?;
        let answers = card.labels.clone().ok_or_else(|| {
            error!(
                Weights,
                "card-without-answers",
                "the model's card does not name the network's {found} answers; name them in config.json under `id2label`",
                found = film.answers()
            )
        })?;
        let network = Box::new(film.bind(&[])?);
        let unasked =
            Model::new(device, card, architecture, network, Bound::Question(Vec::new()), notes).await?;
        Ok(Self { film, vocabulary, answers, unasked })
    }

    /// The network that answers this question. Its tensors are shared.
    ///
    /// # Errors
    /// As [`Vocabulary::read`].
    pub fn ask(&self, question: &str) -> Result<Model> {
        let Tokenized { tokens, .. } = self.vocabulary.read(question)?;
        let network = Box::new(self.film.bind(&tokens)?);
        Ok(self.unasked.rebound(network, Bound::Question(tokens), self.unasked.layers().to_vec()))
    }

    /// The answers that it chooses from, by their numbers.
    pub fn answers(&self) -> &[String] {
        &self.answers
    }

    /// The answer called `text`, in capitals or not, or the sum of several, such as `red + blue`.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request) for an answer that it never gives, or none where one should be, with those
    /// that there are.
    pub fn answer(&self, text: &str) -> Result<ClassSum> {
        let all = || self.answers.iter().map(String::as_str);
        let answer = |name: &str| {
            let name = name.trim();
            if name.is_empty() {
                return Err(error!(
                    Request,
                    "answer-empty",
                    "“{text}” leaves out an answer; choose from {allowed}",
                    text,
                    allowed = all().collect::<Vec<_>>().join(", ")
                ));
            }
            let lower = name.to_lowercase();
            let found = all().position(|answer| answer == name);
            let found = found.or_else(|| all().position(|answer| answer.to_lowercase() == lower));
            found.ok_or_else(|| unknown("answer", name, all()))
        };
        ClassSum::new(text.split('+').map(answer).collect::<Result<Vec<_>>>()?)
    }

    /// The words that it knows.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The network without its weights.
    pub fn architecture(&self) -> &'static Architecture {
        self.unasked.architecture()
    }

    /// Input size and normalisation.
    pub fn preprocessor(&self) -> &Preprocessor {
        self.unasked.preprocessor()
    }

    /// The input for a picture, whatever is asked about it.
    ///
    /// # Errors
    /// As [`Model::input`].
    pub fn input(&self, picture: &Picture, preprocess: Preprocess) -> Result<Input> {
        self.unasked.input(picture, preprocess)
    }
}
