//! The models that the engine keeps: those that explain, and those of language, which make more of them.

use cam_lucida::network::Task;
use cam_lucida::{CaptionModel, Error, ErrorKind, Model, ModelFile, QuestionModel, Result};

/// A model, of whatever kind.
pub enum AnyModel {
    /// It explains.
    Explaining(Model),
    Questions(QuestionModel),
    Captions(CaptionModel),
}

/// A model, and the bytes that it takes. One with a question bound shares them with others; it counts as if it did not, so
/// that they stay within bounds whichever of them is dropped.
pub struct KeptModel {
    pub model: AnyModel,
    pub bytes: usize,
    pub origin: Origin,
}

/// What of a weight file a model was made of.
#[derive(Clone, Default)]
pub struct Origin {
    /// The state that was asked for.
    pub state: Option<String>,
    /// As [`ModelFile::states`].
    pub states: Vec<String>,
    /// As [`ModelFile::renamed`].
    pub renamed: Vec<[String; 2]>,
}

impl KeptModel {
    /// Puts the network of `file` on the device.
    pub async fn load(file: ModelFile, state: Option<String>) -> Result<Self> {
        let renamed = file.renamed().map(|names| <[&str; 2]>::from(names).map(String::from)).collect();
        let origin = Origin { state, states: file.states().to_vec(), renamed };
        let (task, bytes) = (file.architecture().task(), file.device_bytes());
        let model = match task {
            Task::Classification => AnyModel::Explaining(file.load().await?),
            Task::QuestionAnswering => AnyModel::Questions(file.load_questions().await?),
            Task::Captioning => AnyModel::Captions(file.load_captions().await?),
        };
        Ok(Self { model, bytes, origin })
    }

    /// One that has a question or words bound, of no file of its own.
    pub fn bound(model: Model, bytes: usize) -> Self {
        Self { model: AnyModel::Explaining(model), bytes, origin: Origin::default() }
    }

    /// One that explains.
    pub fn explaining(&self) -> Result<&Model> {
        if let AnyModel::Explaining(model) = &self.model { Ok(model) } else { Err(other_kind()) }
    }

    /// One that is asked questions.
    pub fn questions(&self) -> Result<&QuestionModel> {
        if let AnyModel::Questions(model) = &self.model { Ok(model) } else { Err(other_kind()) }
    }

    /// One that writes captions.
    pub fn captions(&self) -> Result<&CaptionModel> {
        if let AnyModel::Captions(model) = &self.model { Ok(model) } else { Err(other_kind()) }
    }
}

fn other_kind() -> Error {
    let message = "this model is of another kind; classifiers explain at once, others when they were given a question or words";
    Error::new(ErrorKind::Request, "model-kind", message)
}
