//! `models convert`: makes a complete model folder of a weight file, in half precision if its heatmaps allow.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use cam_lucida::network::Architecture;
use cam_lucida::weights::{Card, Precision, write_safetensors};
use cam_lucida::{Device, Model, ModelFile, printable};
use clap::ValueEnum;
use indicatif::HumanBytes;

use super::folder::{self, CONFIG, PREPROCESSOR, Stated, WEIGHTS};
use super::prediction::Prediction;
use super::reference::Reference;
use super::tensors;
use super::test_picture::test_picture;
use crate::Failure;
use crate::files::{self, at, at_model, cannot_read};
use crate::lock::FolderLock;
use crate::model::{ModelSource, StatedArguments};
use crate::terminal;

#[derive(clap::Args)]
pub struct Convert {
    /// A weight file, safetensors or a checkpoint of PyTorch (.pth, .pt, .ckpt, .pth.tar), or a folder with one and its
    /// config.json.
    weights: PathBuf,

    /// The model's folder.
    #[arg(long, short, value_name = "FOLDER")]
    output_dir: PathBuf,

    /// Which of the weight file's networks, such as `ema` [default: the one that was trained].
    #[arg(long, value_name = "NAME")]
    state: Option<String>,

    /// The network, see `cam-lucida networks` [default: the one that the config names or the tensors fit].
    #[arg(long, short)]
    network: Option<String>,

    /// Class names, in place of the config's: JSON (a list, {id: name}, {name: id}, imagenet_class_index.json), a table, or
    /// one name per line.
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,

    /// A config as timm and Hugging Face write it, with class names and preprocessing.
    #[arg(long, value_name = "config.json")]
    config: Option<PathBuf>,

    #[command(flatten)]
    stated: StatedArguments,

    /// The number format of the weights.
    #[arg(long, value_enum, default_value_t = Format::F16)]
    precision: Format,

    /// The picture that both models explain, in place of a drawn one.
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,

    /// Overwrite the folder.
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Half the size.
    F16,
    /// Exactly.
    F32,
}

impl Convert {
    pub async fn run(self) -> Result<(), Failure> {
        if !self.force {
            folder::check_vacant(&self.output_dir)?;
        }
        let path = self.weight_path()?;
        let card = self.card()?;
        let picture = match &self.picture {
            Some(path) => files::read_picture(path)?,
            None => test_picture()?,
        };
        let device = Device::cpu();
        let source = ModelSource::File { path, state: self.state.clone() };
        let path = source.path();
        let weights = source.weights()?;
        let file = ModelFile::new(&device, card, weights).map_err(at_model(path, self.labels.as_deref()))?;
        file.notes().iter().for_each(|note| terminal::tell(format!("note: {note}")));
        let (stated, takes_pictures) = (Stated::of(&file), file.check_pictures().is_ok());
        let model = file.load().await.map_err(at(path))?;
        let architecture = model.architecture();
        let config = folder::config(&model, &stated)?;
        let preprocessor = folder::preprocessor(model.preprocessor(), stated.range, stated.preprocess)?;
        let before = Prediction::new(&model, &picture).await?;
        drop(model);
        if before.is_flat() {
            return Err(format!(
                "nothing in the picture speaks for the predicted class {}, so there is no heatmap to compare: pass \
                 --picture FILE with something that the network knows",
                before.class
            )
            .into());
        }

        let size = std::fs::metadata(path).map_err(|error| cannot_read(path, error))?.len();
        let about = HashMap::from([("format".to_string(), "pt".to_string())]);
        let written = async |precision: Format| -> Result<_, Failure> {
            let tensors =
                tensors::read(source.weights()?, architecture, stated.head.clone()).map_err(at(path))?;
            let weights =
                write_safetensors(tensors, precision.into(), Some(about.clone())).map_err(at(path))?;
            let card = Card::read(&config, Some(&preprocessor))?;
            let model = Model::load(&device, card, weights.clone()).await?;
            let after = Prediction::new(&model, &picture).await?;
            Ok((weights, model, after))
        };
        let (weights, model, after) = written(self.precision).await?;
        let difference = before.difference(&after);
        if !before.is_like(&after) {
            drop((weights, model));
            let helps = match self.precision {
                Format::F16 => written(Format::F32).await.is_ok_and(|(.., after)| before.is_like(&after)),
                Format::F32 => false,
            };
            return Err(refusal(&before, &after, difference, helps).into());
        }
        let config = folder::with_reference(&config, &Reference::new(&model).await?)?;
        let name = model.label(after.class).map(|name| format!(" ({})", printable(name))).unwrap_or_default();
        let sizes = [HumanBytes(size), HumanBytes(weights.len() as u64)];
        let mut files = vec![(PREPROCESSOR, preprocessor.into_bytes()), (WEIGHTS, weights)];
        files.push((CONFIG, folder::with_listing(&config, &files)?.into_bytes()));
        let lock = FolderLock::wait(&self.output_dir)?;
        if !self.force {
            // Another run may have come first.
            folder::check_vacant(&self.output_dir)?;
        }
        folder::write(&lock, &self.output_dir, files)?;
        terminal::say(format!("{}: {} before, {} now", architecture.title, sizes[0], sizes[1]))?;
        terminal::say(format!(
            "{} differs by at most {difference:.5} on a scale of 0 to 1 (less than {} is allowed), both \
             predict class {}{name}",
            after.method,
            Prediction::TOLERANCE,
            after.class
        ))?;
        terminal::say(folder::call(&self.output_dir.to_string_lossy(), takes_pictures))
    }

    /// The file with the weights.
    fn weight_path(&self) -> Result<PathBuf, Failure> {
        if !self.weights.is_dir() {
            return Ok(self.weights.clone());
        }
        folder::weight_file(&self.weights)
    }

    /// What is known about the model beside its weights.
    fn card(&self) -> Result<Card, Failure> {
        let mut card = match &self.config {
            Some(path) => Card::read(&files::read_text(path)?, None).map_err(at(path))?,
            None if has_config(&self.weights) => files::read_card(&self.weights)?,
            None => Card::default(),
        };
        if let Some(name) = &self.network {
            card.architecture = Some(Architecture::named(name)?);
            card.names_network = false;
        }
        if let Some(path) = &self.labels {
            card.labels = Some(files::read_labels(path)?);
        }
        Ok(self.stated.applied_to(card))
    }
}

fn has_config(folder: &Path) -> bool {
    files::is_there(&folder.join(CONFIG))
}

impl From<Format> for Precision {
    fn from(format: Format) -> Self {
        match format {
            Format::F16 => Self::F16,
            Format::F32 => Self::F32,
        }
    }
}

/// Why the conversion is not kept. `helps` tells whether 32 bits would.
fn refusal(before: &Prediction, after: &Prediction, difference: f32, helps: bool) -> String {
    let scores = before.score_difference(after);
    let found = if before.class != after.class {
        format!("it would predict class {} in place of class {}", after.class, before.class)
    } else if scores >= Prediction::TOLERANCE {
        format!(
            "scores would differ by {scores:.5} of the largest, allowed is below {}",
            Prediction::TOLERANCE
        )
    } else {
        format!(
            "{} would differ by {difference:.5} on a scale of 0 to 1, allowed is below {}",
            after.method,
            Prediction::TOLERANCE
        )
    };
    let advice = if helps {
        "pass --precision f32, or --picture FILE with something that the network knows"
    } else {
        "keep the file as it is"
    };
    format!("nothing was written, because the model would change: {found}; {advice}")
}
