//! What the commands compute with: picture, model, device.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cam_lucida::picture::{Decoded, Picture, Preprocess, Window};
use cam_lucida::weights::Card;
use cam_lucida::{Device, Input, Model, ModelFile, Note};
use clap::ValueEnum;
use indicatif::ProgressBar;
use strum::VariantArray;

use crate::Failure;
use crate::choice::Choice;
use crate::embedded;
use crate::files::{self, at};
use crate::many::{Shared, is_plural};
use crate::model::{ModelArguments, ModelSource};
use crate::progress::tell_notes;
use crate::terminal;

/// The arguments that the commands share.
#[derive(clap::Args)]
pub struct InputArguments {
    /// The picture: PNG, JPEG, WebP, GIF, BMP or TIFF [default: a sample scene, for the embedded network]. `explain` and
    /// `measure` take several files, folders and patterns, such as 'photos/**/*.jpg'.
    #[arg(long, short, value_name = "PATH", num_args = 1.., conflicts_with = "input_npy")]
    image_path: Vec<PathBuf>,

    /// A preprocessed input in place of a picture: NPY, float32 [1, 3, height, width]. Networks of N channels, such as those of
    /// a satellite, take [N, height, width] or [1, N, height, width]; overlays show the mean of their channels in grey.
    #[arg(long, value_name = "FILE")]
    input_npy: Option<PathBuf>,

    #[command(flatten)]
    model: ModelArguments,

    /// How the picture becomes the input.
    #[arg(
        long,
        value_parser = Choice::<Preprocess>::new(Preprocess::VARIANTS),
        default_value_t,
        conflicts_with = "input_npy"
    )]
    preprocess: Preprocess,

    /// Of a grey picture of 16 bits, the values that are shown as black and as white, such as 0,4095 [default: its smallest
    /// and its largest].
    #[arg(long, value_name = "LOW,HIGH", conflicts_with = "input_npy")]
    window: Option<Window>,

    /// The device to compute on; auto takes a GPU unless it is a software emulation, else the CPU.
    #[arg(long, value_enum, default_value_t = DeviceChoice::Auto)]
    device: DeviceChoice,
}

#[derive(Clone, Copy, ValueEnum)]
enum DeviceChoice {
    Auto,
    Cpu,
    Gpu,
}

/// A command with the help of arguments that mean something else to networks of language, of which none is embedded; `layer` and
/// `target` are the help of those two.
pub fn of_language(command: clap::Command, layer: &'static str, target: &'static str) -> clap::Command {
    [
        ("image_path", "The picture: PNG, JPEG, WebP, GIF, BMP or TIFF"),
        (
            "weight_path",
            "A weight file: safetensors, or a checkpoint of PyTorch (.pth, .pt, .ckpt, .pth.tar). Without --model-dir, it must be given",
        ),
        (
            "model_dir",
            "A folder in Hugging Face's layout, in place of --network, --weight-path and --labels: config.json, which lists the network's words, model.safetensors and, if it has its own preprocessing, preprocessor_config.json",
        ),
        ("layer_name", layer),
        ("smooth", "Average over dimmed and brightened copies of the picture. It is not mirrored: left would be right"),
        ("target", target),
    ]
    .into_iter()
    .fold(command, |command, (name, help)| command.mut_arg(name, |argument| argument.help(help)))
}

/// What the arguments name, read and loaded.
pub struct Prepared {
    pub model: Arc<Model>,
    /// Where the model's weights came from.
    pub source: Arc<ModelSource>,
    pub input: Input,
    /// What result files are named after: the file name without its extension.
    pub stem: String,
    /// The picture; for a preprocessed input the one that it was made of.
    pub picture: Picture,
    /// What was done with the picture's file.
    pub notes: Vec<Note>,
    /// How the picture became the input; `None` for a preprocessed input.
    pub preprocess: Option<Preprocess>,
    /// The part of the picture that a map covers.
    pub view: Picture,
}

/// What the arguments name, with its model still to be loaded.
pub struct Opened {
    source: ModelSource,
    stem: String,
    shown: Shown,
    preprocess: Preprocess,
}

/// What the network is shown, as the user gives it.
enum Shown {
    Picture(Decoded),
    Preprocessed(Input),
}

impl InputArguments {
    /// Whether several pictures are named, or what may be several: a folder, a pattern.
    pub fn are_many(&self) -> bool {
        self.image_path.len() > 1 || self.image_path.iter().any(|path| is_plural(path))
    }

    /// The files, folders and patterns of the pictures.
    pub fn paths(&self) -> &[PathBuf] {
        &self.image_path
    }

    /// Loads the model that many pictures share. Also gives the hash of its weights.
    pub async fn share(&self, progress: &ProgressBar) -> Result<(Shared, String), Failure> {
        let source = self.model.source()?;
        let card = self.model.card(&source)?;
        let sum = source.sha256()?;
        let file = self.file(&source, card, progress).await?;
        let state = file.states().first().cloned();
        file.check_pictures().map_err(at(source.path()))?;
        let model = file.load().await.map_err(at(source.path()))?;
        progress.suspend(|| self.note_defaults(&model, &source));
        tell_notes(progress, model.preprocess_note(self.preprocess, None).as_slice());
        let (model, source) = (Arc::new(model), Arc::new(source));
        Ok((Shared { model, source, state, preprocess: self.preprocess, window: self.window }, sum))
    }

    /// Reads the files and loads the model.
    pub async fn prepare(&self, progress: &ProgressBar) -> Result<Prepared, Failure> {
        let (file, opened) = self.open(progress).await?;
        let model = file.load().await.map_err(at(opened.source.path()))?;
        progress.suspend(|| self.note_defaults(&model, &opened.source));
        opened.with(model, progress)
    }

    /// The same with a model of language, which `load` loads. None is embedded.
    pub async fn prepare_language<M>(
        &self,
        progress: &ProgressBar,
        load: impl AsyncFnOnce(ModelFile) -> cam_lucida::Result<M>,
    ) -> Result<(M, Opened), Failure> {
        if self.model.source()?.is_embedded() {
            return Err("no model: pass --model-dir FOLDER, or --weight-path FILE".into());
        }
        let (file, opened) = self.open(progress).await?;
        let model = load(file).await.map_err(at(opened.source.path()))?;
        Ok((model, opened))
    }

    /// Reads the files.
    async fn open(&self, progress: &ProgressBar) -> Result<(ModelFile, Opened), Failure> {
        let source = self.model.source()?;
        let card = self.model.card(&source)?;
        // The small file comes first, so that its faults show before the long work.
        let Some((stem, shown)) = self.shown(&source)? else {
            // What is to be given depends on the network.
            let file = self.file(&source, card, progress).await?;
            file.check_pictures().map_err(at(source.path()))?;
            return Err("no picture: pass --image-path FILE".into());
        };
        if let Shown::Picture(read) = &shown {
            tell_notes(progress, &read.notes);
        }
        let file = self.file(&source, card, progress).await?;
        if let Shown::Picture(_) = shown {
            file.check_pictures().map_err(at(source.path()))?;
        }
        Ok((file, Opened { source, stem, shown, preprocess: self.preprocess }))
    }

    /// Reads the weights.
    async fn file(
        &self,
        source: &ModelSource,
        card: Card,
        progress: &ProgressBar,
    ) -> Result<ModelFile, Failure> {
        progress.set_message("loading weights");
        let device = self.device.open().await?;
        let weights = source.weights()?;
        progress.suspend(|| self.model.tell_weights(&weights));
        let file = ModelFile::new(&device, card, weights).map_err(self.model.at_file(source))?;
        tell_notes(progress, &file.notes());
        Ok(file)
    }

    /// The picture or input, and the name for result files; `None` when neither is given, and the network has no sample.
    fn shown(&self, source: &ModelSource) -> Result<Option<(String, Shown)>, Failure> {
        let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        match (self.image_path.as_slice(), &self.input_npy) {
            ([path], _) if !is_plural(path) => {
                let bytes = files::read(path, Picture::MAX_FILE_BYTES)?;
                let read = files::decode_picture(path, &bytes, self.window)?;
                Ok(Some((stem(path), Shown::Picture(read))))
            }
            ([_, ..], _) => {
                Err("this command takes one picture: pass one file; `explain` and `measure` take several"
                    .into())
            }
            ([], Some(path)) => {
                let input = files::read_input(path)?;
                self.model.tell_unused(input.channels());
                Ok(Some((stem(path), Shown::Preprocessed(input))))
            }
            ([], None) if source.is_embedded() => {
                let read = Decoded { picture: embedded::sample()?, notes: Vec::new(), range: None };
                Ok(Some(("sample".into(), Shown::Picture(read))))
            }
            ([], None) => Ok(None),
        }
    }

    /// Says which defaults stand in for missing arguments.
    fn note_defaults(&self, model: &Model, source: &ModelSource) {
        if !source.is_embedded() {
            return;
        }
        let (title, classes) = (embedded::TITLE, model.classes());
        terminal::tell(format!(
            "note: no network given, so the embedded {title} is used; it knows {classes} kinds of stickers"
        ));
        if self.image_path.is_empty() && self.input_npy.is_none() {
            terminal::tell(
                "note: no picture given, so a sample scene is explained; --image-path FILE names one",
            );
        } else {
            terminal::tell(
                "note: for photographs, `cam-lucida models list` shows networks, and `cam-lucida models fetch NAME` \
                 downloads one for --model-dir",
            );
        }
    }
}

impl Opened {
    /// All of it, for this model.
    pub fn with(self, model: impl Into<Arc<Model>>, progress: &ProgressBar) -> Result<Prepared, Failure> {
        let model = model.into();
        let Self { source, stem, shown, preprocess } = self;
        let source = Arc::new(source);
        match shown {
            Shown::Picture(read) => {
                let note = model.preprocess_note(preprocess, Some(read.picture.size()));
                tell_notes(progress, note.as_slice());
                Prepared::new(model, source, read, preprocess, stem)
            }
            Shown::Preprocessed(input) => {
                let picture = model.picture(&input);
                let view = model.preprocessor().view(&picture, Preprocess::Squash);
                let notes = Vec::new();
                Ok(Prepared { model, source, input, stem, picture, notes, preprocess: None, view })
            }
        }
    }
}

impl Prepared {
    /// A picture for the model.
    pub fn new(
        model: Arc<Model>,
        source: Arc<ModelSource>,
        read: Decoded,
        preprocess: Preprocess,
        stem: String,
    ) -> Result<Self, Failure> {
        let Decoded { picture, mut notes, .. } = read;
        let input = model.input(&picture, preprocess)?;
        notes.extend(model.preprocess_note(preprocess, Some(picture.size())));
        let view = model.preprocessor().view(&picture, preprocess);
        Ok(Self { model, source, input, stem, picture, notes, preprocess: Some(preprocess), view })
    }

    /// The preprocessing by name; `none` for an input that was preprocessed elsewhere.
    pub fn preprocess_name(&self) -> &'static str {
        self.preprocess.map_or("none", Into::into)
    }
}

impl DeviceChoice {
    async fn open(self) -> Result<Device, Failure> {
        match self {
            Self::Cpu => Ok(Device::cpu()),
            Self::Gpu => {
                let device = Device::gpu().await?;
                device.check().await?;
                Ok(device)
            }
            Self::Auto => Ok(Device::preferred().await),
        }
    }
}
