//! Where the model comes from: a network and its weights, or a folder that says all of it.

use std::path::PathBuf;

use cam_lucida::network::Architecture;
use cam_lucida::weights::{self, Card, PreprocessorOverrides, Weights};

use crate::Failure;
use crate::files::{self, at};

/// The arguments that name a model.
#[derive(clap::Args)]
pub struct ModelFiles {
    /// The network, see `cam-lucida networks`; unless it is given, the tensors tell it.
    #[arg(long, short)]
    network: Option<String>,

    /// Its weights, safetensors or a state dict of PyTorch (.pth), with the tensor names of torchvision or timm.
    #[arg(long, short, value_name = "FILE")]
    weight_path: Option<PathBuf>,

    /// Class names: a JSON list, a JSON object {id: name}, or one a line.
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,

    /// In place of these three a folder in Hugging Face's layout: config.json, model.safetensors and, where the
    /// preprocessing is its own, preprocessor_config.json.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["network", "weight_path", "labels"])]
    model_dir: Option<PathBuf>,

    #[command(flatten)]
    own: OwnNumbers,
}

/// The parts of the preprocessing that can be chosen.
#[derive(clap::Args)]
pub struct OwnNumbers {
    /// Rows and columns of the network's input, where they are not the usual.
    #[arg(long, value_name = "PIXELS")]
    input_size: Option<u32>,

    /// The mean that inputs were normalised by in training, of red, green and blue.
    #[arg(long, value_name = "R,G,B", value_parser = colour)]
    mean: Option<[f32; 3]>,

    /// The standard deviation likewise.
    #[arg(long, value_name = "R,G,B", value_parser = colour)]
    std: Option<[f32; 3]>,
}

impl OwnNumbers {
    pub fn read(&self) -> PreprocessorOverrides {
        PreprocessorOverrides { size: self.input_size, mean: self.mean, std: self.std }
    }
}

/// Three numbers.
fn colour(text: &str) -> Result<[f32; 3], String> {
    let numbers: Result<Vec<f32>, _> = text.split(',').map(|part| part.trim().parse()).collect();
    let numbers = numbers.ok().and_then(|numbers| numbers.try_into().ok());
    numbers.ok_or_else(|| "three numbers are wanted, such as 0.485,0.456,0.406".into())
}

impl ModelFiles {
    /// What is known of the model beside its weights.
    pub fn card(&self) -> Result<Card, Failure> {
        let card = match &self.model_dir {
            Some(folder) => files::read_card(folder)?,
            None => {
                self.weight_path()?;
                let architecture = self.network.as_deref().map(Architecture::named).transpose()?;
                let labels = match &self.labels {
                    Some(path) => Some(weights::labels(&files::read_text(path)?)?),
                    None => None,
                };
                Card { architecture, labels, ..Card::default() }
            }
        };
        Ok(Card { overrides: self.own.read(), ..card })
    }

    /// The file of the weights.
    pub fn weight_path(&self) -> Result<PathBuf, Failure> {
        let in_folder = self.model_dir.as_ref().map(|folder| folder.join("model.safetensors"));
        in_folder.or_else(|| self.weight_path.clone()).ok_or_else(|| WANTED.into())
    }

    /// The weights, for a network beside the model's.
    pub fn weights(&self) -> Result<Weights, Failure> {
        let path = self.weight_path()?;
        Ok(Weights::read(files::read(&path)?).map_err(at(&path))?)
    }
}

const WANTED: &str = "no model: pass --weight-path FILE, safetensors or a state dict of PyTorch (.pth), or --model-dir FOLDER; \
`cam-lucida models list` has published ones, which `cam-lucida models fetch` downloads. In Python, a file is made with

    import torch, torchvision
    model = torchvision.models.squeezenet1_1(weights=\"DEFAULT\")
    torch.save(model.state_dict(), \"squeezenet1_1.pth\")
";
