//! What `explain`, `measure` and `classify` look at: picture, network, weights, device.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cam_lucida::cam::Progress;
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::{Device, Input, Model};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};

use crate::Failure;
use crate::files::{self, at};
use crate::model::ModelFiles;

/// The arguments that the commands share.
#[derive(clap::Args)]
pub struct Subject {
    /// The picture: PNG, JPEG or WebP.
    #[arg(long, short, value_name = "FILE", conflicts_with = "input_npy")]
    image_path: Option<PathBuf>,

    /// A preprocessed input in place of a picture: NPY, float32 [1, 3, height, width].
    #[arg(long, value_name = "FILE")]
    input_npy: Option<PathBuf>,

    #[command(flatten)]
    pub model: ModelFiles,

    /// How the picture becomes the input: squash, crop or fit.
    #[arg(long, default_value = "squash")]
    preprocess: Preprocess,

    /// Where to compute; auto takes a GPU that is no software emulation, else the CPU.
    #[arg(long, value_enum, default_value_t = On::Auto)]
    device: On,
}

#[derive(Clone, Copy, ValueEnum)]
enum On {
    Auto,
    Cpu,
    Gpu,
}

/// A subject whose files have been read.
pub struct Prepared {
    pub model: Model,
    pub input: Input,
    /// The file name that results are named after, without its extension.
    pub stem: String,
    /// The picture itself, or what the input looked like before.
    pub picture: Picture,
    /// How the picture became the input.
    pub preprocess: Preprocess,
    /// What the map covers.
    pub view: Picture,
}

impl Subject {
    /// Reads the files and loads the model.
    pub async fn prepare(&self, progress: &ProgressBar) -> Result<Prepared, Failure> {
        let card = self.model.card()?;
        let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        // The small files first: what is wrong with them shows before the long work.
        let picture = match &self.image_path {
            Some(path) => Some((stem(path), Picture::decode(&files::read(path)?).map_err(at(path))?)),
            None => None,
        };
        let input = match &self.input_npy {
            Some(path) => Some((stem(path), files::read_input(path)?)),
            None => None,
        };
        progress.set_message("loading weights");
        let device = self.device.open().await?;
        let path = self.model.weight_path()?;
        let model = Model::load(&device, card, files::read(&path)?).await.map_err(at(&path))?;
        let (stem, input, picture, preprocess) = match (picture, input) {
            (Some((stem, picture)), _) => {
                (stem, model.input(&picture, self.preprocess)?, picture, self.preprocess)
            }
            (None, Some((stem, input))) => {
                let picture = model.picture(&input);
                (stem, input, picture, Preprocess::Squash)
            }
            (None, None) => return Err("no picture: pass --image-path FILE (PNG, JPEG or WebP)".into()),
        };
        let view = model.preprocessor().view(&picture, preprocess);
        Ok(Prepared { model, input, stem, picture, preprocess, view })
    }

    /// The preprocessing by name; `none` for an input that was preprocessed elsewhere.
    pub fn preprocess_name(&self) -> &'static str {
        if self.input_npy.is_some() { "none" } else { self.preprocess.into() }
    }
}

impl On {
    async fn open(self) -> Result<Device, Failure> {
        match self {
            Self::Cpu => Ok(Device::cpu()),
            Self::Gpu => {
                let device = Device::gpu().await?;
                device.check().await?;
                Ok(device)
            }
            Self::Auto => Ok(match Device::gpu().await {
                Ok(gpu) if !gpu.is_software() && gpu.check().await.is_ok() => gpu,
                _ => Device::cpu(),
            }),
        }
    }
}

/// A spinner on a terminal, nothing in a pipe.
pub fn progress() -> ProgressBar {
    let progress = ProgressBar::new_spinner();
    progress.enable_steady_tick(Duration::from_millis(100));
    progress
}

/// Shows how many steps are done.
pub fn watch(progress: &ProgressBar) -> impl Fn(Progress) -> ControlFlow<()> {
    |step| {
        if progress.length() != Some(step.total as u64) {
            progress.set_length(step.total as u64);
            let style = ProgressStyle::with_template("{spinner} {msg} {wide_bar} {pos}/{len}, {eta} left");
            progress.set_style(style.expect("the template is a constant"));
        }
        progress.set_message(step.method);
        progress.set_position(step.done as u64);
        ControlFlow::Continue(())
    }
}
