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
}

impl KeptModel {
    /// Puts the network of `file` on the device.
    pub async fn load(file: ModelFile) -> Result<Self> {
        let (task, bytes) = (file.architecture().task(), file.device_bytes());
        let model = match task {
            Task::Classification => AnyModel::Explaining(file.load().await?),
            Task::QuestionAnswering => AnyModel::Questions(file.load_questions().await?),
            Task::Captioning => AnyModel::Captions(file.load_captions().await?),
        };
        Ok(Self { model, bytes })
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
