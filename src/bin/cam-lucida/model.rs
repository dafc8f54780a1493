//! Where the model comes from: a network and its weights, or a folder that says all of it.

use std::path::PathBuf;

use cam_lucida::network::Architecture;
use cam_lucida::weights::{self, Card, Weights};

use crate::Failure;
use crate::files::{self, at};

/// The arguments that name a model.
#[derive(clap::Args)]
pub struct ModelFiles {
    /// The network, see `cam-lucida networks`.
    #[arg(long, short)]
    network: Option<String>,

    /// Its weights: safetensors with torchvision's tensor names.
    #[arg(long, short, value_name = "FILE")]
    weight_path: Option<PathBuf>,

    /// Class names: a JSON list, a JSON object {id: name}, or one a line.
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,

    /// In place of these three a folder in Hugging Face's layout: config.json, model.safetensors and, where the
    /// preprocessing is its own, preprocessor_config.json.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["network", "weight_path", "labels"])]
    model_dir: Option<PathBuf>,
}

impl ModelFiles {
    /// What is known of the model beside its weights.
    pub fn card(&self) -> Result<Card, Failure> {
        if let Some(folder) = &self.model_dir {
            let config = files::read_text(&folder.join("config.json"))?;
            let preprocessor = folder.join("preprocessor_config.json");
            let preprocessor = preprocessor.exists().then(|| files::read_text(&preprocessor)).transpose()?;
            return Ok(Card::read(&config, preprocessor.as_deref()).map_err(at(folder))?);
        }
        let (Some(_), Some(network)) = (&self.weight_path, &self.network) else {
            return Err(WANTED.into());
        };
        let architecture = Architecture::named(network)?;
        let labels = match &self.labels {
            Some(path) => Some(weights::labels(&files::read_text(path)?)?),
            None => None,
        };
        Ok(Card { labels, ..Card::of(architecture) })
    }

    /// The file of the weights.
    pub fn weight_path(&self) -> Result<PathBuf, Failure> {
        let in_folder = self.model_dir.as_ref().map(|folder| folder.join("model.safetensors"));
        in_folder.or_else(|| self.weight_path.clone()).ok_or_else(|| WANTED.into())
    }

    /// The weights, for a network beside the session's.
    pub fn weights(&self) -> Result<Weights, Failure> {
        let path = self.weight_path()?;
        Ok(Weights::from_safetensors(files::read(&path)?).map_err(at(&path))?)
    }
}

const WANTED: &str = "no model: pass --network NAME (see `cam-lucida networks`) and --weight-path FILE, \
a safetensors file with torchvision's tensor names, or --model-dir FOLDER. In Python, such a file is made with

    import torchvision, safetensors.torch
    model = torchvision.models.squeezenet1_1(weights=\"DEFAULT\")
    safetensors.torch.save_file(model.state_dict(), \"squeezenet1_1.safetensors\")
";
