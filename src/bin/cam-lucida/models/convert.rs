//! `models convert`: a weight file becomes a folder that says all of a model, as small as its heatmaps allow.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use cam_lucida::network::Architecture;
use cam_lucida::picture::Picture;
use cam_lucida::weights::{self, Card, Precision, write_safetensors};
use cam_lucida::{Device, Model};
use clap::ValueEnum;
use indicatif::HumanBytes;

use super::folder::{self, CONFIG, Config, PREPROCESSOR, WEIGHT_FILES, WEIGHTS};
use super::proof::Testimony;
use super::tensors;
use super::test_picture::test_picture;
use crate::Failure;
use crate::files::{self, at};
use crate::model::OwnNumbers;

#[derive(clap::Args)]
pub struct Convert {
    /// A weight file, safetensors or a state dict of PyTorch (.pth), or a folder with one and its config.json.
    weights: PathBuf,

    /// Where the model goes.
    #[arg(long, short, value_name = "FOLDER")]
    output_dir: PathBuf,

    /// The network, see `cam-lucida networks`; unless it is given, the config or the tensors tell it.
    #[arg(long, short)]
    network: Option<String>,

    /// Class names, in place of the config's: a JSON list, a JSON object {id: name}, or one a line.
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,

    /// What is known of a weight file, as timm and Hugging Face write it: class names, preprocessing.
    #[arg(long, value_name = "config.json")]
    config: Option<PathBuf>,

    #[command(flatten)]
    own: OwnNumbers,

    /// What numbers are written as.
    #[arg(long, value_enum, default_value_t = Written::F16)]
    precision: Written,

    /// The picture that both are shown, in place of a drawn one.
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,

    /// Write over what is there.
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Written {
    /// Half the size.
    F16,
    /// Exactly.
    F32,
}

/// By how much of 0 to 1 the heatmaps may differ, which no colour map shows.
const TOLERANCE: f32 = 0.02;

impl Convert {
    pub async fn run(self) -> Result<(), Failure> {
        if !self.force {
            folder::check_vacant(&self.output_dir)?;
        }
        let path = self.weight_path()?;
        let card = self.card()?;
        let picture = match &self.picture {
            Some(path) => Picture::decode(&files::read(path)?).map_err(at(path))?,
            None => test_picture()?,
        };
        let device = Device::cpu();
        let model = Model::load(&device, card, files::read(&path)?).await.map_err(at(&path))?;
        let architecture = model.architecture();
        let config = Config::of(&model).text()?;
        let preprocessor = folder::preprocessor(model.preprocessor())?;
        let before = Testimony::of(&model, &picture).await?;
        if before.sees_nothing() {
            return Err(format!(
                "nothing in the picture speaks for class {}, which the network predicts, so that there is no heatmap to \
                 compare: pass --picture FILE with something that it knows",
                before.class
            )
            .into());
        }

        let file = files::read(&path)?;
        let size = file.len() as u64;
        let tensors = tensors::of_file(file, architecture).map_err(at(&path))?;
        let about = HashMap::from([("format".to_string(), "pt".to_string())]);
        let weights = write_safetensors(tensors, self.precision.into(), Some(about)).map_err(at(&path))?;
        drop(model);
        let model = Model::load(&device, Card::read(&config, Some(&preprocessor))?, weights.clone()).await?;
        let after = Testimony::of(&model, &picture).await?;
        let difference = before.difference(&after);
        if before.class != after.class || difference >= TOLERANCE {
            return Err(self.precision.refused(&before, &after, difference).into());
        }
        let name = model.label(after.class).map(|name| format!(" ({name})")).unwrap_or_default();
        println!(
            "{}: {} before, {} now",
            architecture.title,
            HumanBytes(size),
            HumanBytes(weights.len() as u64)
        );
        println!(
            "Grad-CAM differs by at most {difference:.5} of 0 to 1 (below {TOLERANCE} is wanted), both predict class \
             {}{name}",
            after.class
        );
        let files = vec![
            (CONFIG, config.into_bytes()),
            (PREPROCESSOR, preprocessor.into_bytes()),
            (WEIGHTS, weights),
        ];
        println!("cam-lucida explain --model-dir {} --image-path PICTURE", self.output_dir.display());
        folder::write(self.output_dir, files)
    }

    /// The file with the weights.
    fn weight_path(&self) -> Result<PathBuf, Failure> {
        if !self.weights.is_dir() {
            return Ok(self.weights.clone());
        }
        let found = WEIGHT_FILES.iter().map(|name| self.weights.join(name)).find(|path| path.exists());
        found.ok_or_else(|| {
            format!("{} has no weights: neither {}", self.weights.display(), WEIGHT_FILES.join(" nor "))
                .into()
        })
    }

    /// What is known of the model beside its weights.
    fn card(&self) -> Result<Card, Failure> {
        let mut card = match &self.config {
            Some(path) => Card::read(&files::read_text(path)?, None).map_err(at(path))?,
            None if has_config(&self.weights) => files::read_card(&self.weights)?,
            None => Card::default(),
        };
        if let Some(name) = &self.network {
            card.architecture = Some(Architecture::named(name)?);
        }
        if let Some(path) = &self.labels {
            card.labels = Some(weights::labels(&files::read_text(path)?).map_err(at(path))?);
        }
        Ok(Card { overrides: self.own.read(), ..card })
    }
}

fn has_config(folder: &Path) -> bool {
    folder.join(CONFIG).exists()
}

impl From<Written> for Precision {
    fn from(written: Written) -> Self {
        match written {
            Written::F16 => Self::F16,
            Written::F32 => Self::F32,
        }
    }
}

impl Written {
    /// Why the conversion is not kept.
    fn refused(self, before: &Testimony, after: &Testimony, difference: f32) -> String {
        let found = if before.class == after.class {
            format!("Grad-CAM would differ by {difference:.5} of 0 to 1, below {TOLERANCE} is allowed")
        } else {
            format!("class {} would be predicted in place of class {}", after.class, before.class)
        };
        let advice = match self {
            Self::F16 => {
                "pass --precision f32, or --picture FILE to compare them by something that the network knows"
            }
            Self::F32 => "keep the file as it is",
        };
        format!("nothing was written, as the model would not be the same: {found}; {advice}")
    }
}
