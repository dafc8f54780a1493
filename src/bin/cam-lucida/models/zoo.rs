//! The models with a name: `models/index.json`, which the page reads, too.

use std::fmt;

use cam_lucida::picture::Preprocessor;
use cam_lucida::weights;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::Failure;

const INDEX: &str = include_str!("../../../../models/index.json");
const IMAGENET: (&str, &str) = ("imagenet-1k.json", include_str!("../../../../models/imagenet-1k.json"));

#[derive(Deserialize)]
pub struct Zoo {
    /// This project's models, which the page embeds.
    #[serde(rename = "models")]
    pub embedded: Vec<Summary>,
    /// Models that others publish.
    #[serde(rename = "zoo")]
    pub published: Vec<Published>,
}

/// What the index says about every model.
#[derive(Deserialize, Serialize)]
pub struct Summary {
    pub name: String,
    pub title: String,
    pub network: String,
    pub classes: usize,
    /// Its size; for a published model about that of the weight file.
    pub bytes: u64,
    pub license: String,
}

#[derive(Deserialize)]
pub struct Published {
    #[serde(flatten)]
    pub summary: Summary,
    labels: Option<String>,
    /// The weight file's SHA-256: all digits,
    sha256: Option<String>,
    /// or the first ones.
    sha256_starts: Option<String>,
    pub source: Source,
    preprocessor: Option<Preprocessing>,
}

/// Where a model is published.
#[derive(Deserialize, Clone, PartialEq)]
#[serde(untagged)]
pub enum Source {
    /// A repository in the layout of Hugging Face's hub, and the path of its weight file, where somebody named one.
    Hub {
        repository: String,
        revision: String,
        #[serde(default)]
        file: Option<String>,
    },
    /// A weight file by itself.
    File { url: Url },
}

#[derive(Deserialize)]
struct Preprocessing {
    size: u32,
    resize: u32,
    mean: [f32; 3],
    std: [f32; 3],
}

impl Zoo {
    pub fn read() -> Result<Self, Failure> {
        Ok(serde_json::from_str(INDEX)?)
    }
}

impl Published {
    /// The names of its classes, if the index knows them.
    pub fn labels(&self) -> Result<Option<Vec<String>>, Failure> {
        match self.labels.as_deref() {
            None => Ok(None),
            Some(file) if file == IMAGENET.0 => Ok(Some(weights::labels(IMAGENET.1)?)),
            Some(file) => {
                let name = &self.summary.name;
                Err(format!("{name} has its class names in {file}, which is not built in").into())
            }
        }
    }

    /// The digits of its weight file's SHA-256 that are published.
    pub fn checksums(&self) -> impl Iterator<Item = &str> {
        self.sha256.iter().chain(&self.sha256_starts).map(String::as_str)
    }

    /// Its preprocessing, when its source does not state it.
    pub fn preprocessor(&self) -> Option<Preprocessor> {
        let Preprocessing { size, resize, mean, std } = *self.preprocessor.as_ref()?;
        let resize = cam_lucida::Size::square(resize as usize);
        Some(Preprocessor { resize, mean, std, ..Preprocessor::imagenet(size) })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Hub { repository, revision, file } => {
                f.write_str(repository)?;
                if revision != "main" {
                    write!(f, "@{revision}")?;
                }
                file.as_ref().map_or(Ok(()), |file| write!(f, ": {file}"))
            }
            Self::File { url } => f.write_str(url.as_str()),
        }
    }
}
