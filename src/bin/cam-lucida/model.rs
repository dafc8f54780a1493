//! Which model is used: a weight file, a model's folder, or the embedded network.

use std::path::{Path, PathBuf};

use cam_lucida::network::{Architecture, Variant};
use cam_lucida::picture::{ChannelOrder, Preprocessor};
use cam_lucida::weights::{Card, PreprocessorOverrides, ValueRange, Weights};
use cam_lucida::{Problem, Size};
use strum::VariantArray;

use crate::Failure;
use crate::choice::Choice;
use crate::embedded;
use crate::files::{self, FileError, FileSource, at, at_model};
use crate::models;
use crate::numbers::{colour, deviations, means};
use crate::terminal;

/// The arguments that name a model.
#[derive(clap::Args)]
pub struct ModelArguments {
    /// The network, see `cam-lucida networks` [default: the one that the weights fit].
    #[arg(long, short)]
    network: Option<String>,

    /// A weight file: safetensors, or a checkpoint of PyTorch (.pth, .pt, .ckpt, .pth.tar)
    /// [default: an embedded network that knows stickers].
    #[arg(long, short, value_name = "FILE")]
    weight_path: Option<PathBuf>,

    /// Which of the weight file's networks, such as `ema` [default: the one that was trained; a note names the others].
    #[arg(long, value_name = "NAME")]
    state: Option<String>,

    /// Says which network the weight file's tensors make, and which names stand for torchvision's.
    #[arg(long)]
    verbose: bool,

    /// Class names: JSON (a list, {id: name}, {name: id}, imagenet_class_index.json), a table, or one name per line.
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,

    /// A folder in Hugging Face's layout, in place of --network, --weight-path and --labels. It holds config.json, and
    /// model.safetensors or pytorch_model.bin. It may hold preprocessor_config.json.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["network", "weight_path", "labels"])]
    model_dir: Option<PathBuf>,

    #[command(flatten)]
    stated: StatedArguments,

    /// The red, green and blue of the bars of `--preprocess letterbox`, 0 to 255 [default: the mean].
    #[arg(long, value_name = "R,G,B", value_parser = colour)]
    fill: Option<[u8; 3]>,
}

/// The arguments that state what a card may, in its place.
#[derive(clap::Args)]
pub struct StatedArguments {
    /// What the outputs are: scores of classes of which a picture shows one or any number, or values. One output that is no
    /// value says yes (class 1) or no (class 0) [default: what the model's card and weights tell].
    #[arg(long, value_parser = Choice::<Problem>::new(&Problem::WRITTEN))]
    problem: Option<Problem>,

    /// Rows and columns of the network's input: one number for both, or two, such as 256,128 [default: the model's].
    #[arg(long, value_name = "PIXELS", value_parser = input_size)]
    input_size: Option<Size>,

    /// The mean of red, green and blue that training inputs were normalised by, in this order [default: the model's].
    #[arg(long, value_name = "R,G,B", value_parser = means)]
    mean: Option<[f32; 3]>,

    /// The standard deviation of red, green and blue, likewise.
    #[arg(long, value_name = "R,G,B", value_parser = deviations)]
    std: Option<[f32; 3]>,

    /// The values of pixels that --mean and --std are of; 0-255 for Caffe's networks. Where the model's card is of the other values,
    /// --mean defaults to 0 and --std to 1 [default: 0-1].
    #[arg(long, value_parser = Choice::<ValueRange>::new(ValueRange::VARIANTS))]
    value_range: Option<ValueRange>,

    /// In which order the network takes red, green and blue; OpenCV and Caffe have blue first [default: the model's].
    #[arg(long, value_parser = Choice::<ChannelOrder>::new(ChannelOrder::VARIANTS))]
    channel_order: Option<ChannelOrder>,

    /// How the network computes where its tensors do not tell: as torchvision's; ResNet with the strides of Caffe's weights;
    /// MobileNetV2, or ResNet and DenseNet with a pool after the first convolution, for CIFAR's pictures; or VGG that pools after its
    /// hidden layers, as timm's
    /// [default: what the model's card tells, or torchvision; a note says when it is assumed].
    #[arg(long, value_parser = Choice::<Variant>::new(Variant::VARIANTS))]
    variant: Option<Variant>,

    /// Whether Inception v3 turns ImageNet's normalisation into its own first, as torchvision's published one does
    /// [default: what the model's card tells, or true; a note says when it is assumed].
    #[arg(long, value_name = "true|false")]
    transform_input: Option<bool>,
}

/// Where a model's weights are.
pub enum ModelSource {
    Embedded,
    File {
        path: PathBuf,
        /// Which of the file's networks; `None`: the first.
        state: Option<String>,
    },
}

impl StatedArguments {
    /// The card with what was chosen.
    pub fn applied_to(&self, card: Card) -> Card {
        let overrides = PreprocessorOverrides {
            size: self.input_size,
            mean: self.mean,
            std: self.std,
            range: self.value_range,
            order: self.channel_order,
            fill: None,
        };
        let transform_input = self.transform_input.or(card.transform_input);
        let mut card = Card { overrides, transform_input, ..card };
        if let Some(variant) = self.variant {
            card.state_variant(variant);
        }
        if let Some(problem) = self.problem {
            card.state_problem(problem);
        }
        card
    }
}

/// Reads rows and columns of an input.
fn input_size(text: &str) -> Result<Size, String> {
    let (min, max) = (*Preprocessor::SIDES.start(), *Preprocessor::SIDES.end());
    let side = |text: &str| text.trim().parse().ok().filter(|side| (min..=max).contains(side));
    let (height, width) = text.split_once(',').unwrap_or((text, text));
    match (side(height), side(width)) {
        (Some(height), Some(width)) => Ok(Size { height, width }),
        _ => {
            Err(format!("pass a whole number, {min} to {max}, or two for rows and columns, such as 256,128"))
        }
    }
}

impl ModelArguments {
    /// Where the weights are: the embedded ones if no argument says anything about a model.
    pub fn source(&self) -> Result<ModelSource, Failure> {
        let file = |path| ModelSource::File { path, state: self.state.clone() };
        match (&self.model_dir, &self.weight_path, &self.network, &self.labels) {
            (Some(folder), ..) if !folder.is_dir() => Err(format!(
                "{} is not a folder; --model-dir takes one with {} and {}",
                folder.display(),
                models::CONFIG,
                models::WEIGHTS
            )
            .into()),
            (Some(folder), ..) => Ok(file(models::weight_file(folder)?)),
            (None, Some(path), ..) => Ok(file(path.clone())),
            (None, None, Some(name), _) => Err(without_weights(name)?.into()),
            (None, None, None, Some(_)) => {
                Err("--labels names the classes of a weight file: pass --weight-path FILE, too".into())
            }
            (None, None, None, None) if self.state.is_some() => {
                Err("--state names a network of a weight file: pass --weight-path FILE, too".into())
            }
            (None, None, None, None) => Ok(ModelSource::Embedded),
        }
    }

    /// What is known about the model beside its weights, which are at `source`.
    pub fn card(&self, source: &ModelSource) -> Result<Card, Failure> {
        let card = match (source, &self.model_dir) {
            (ModelSource::Embedded, _) => embedded::card()?,
            (ModelSource::File { .. }, Some(folder)) => files::read_card(folder)?,
            (ModelSource::File { .. }, None) => {
                let architecture = self.network.as_deref().map(Architecture::named).transpose()?;
                let labels = match &self.labels {
                    Some(path) => Some(files::read_labels(path)?),
                    None => None,
                };
                Card { architecture, labels, ..Card::default() }
            }
        };
        let mut card = self.stated.applied_to(card);
        card.overrides.fill = self.fill;
        Ok(card)
    }

    /// Says which options change nothing of an input of so many channels that was preprocessed elsewhere.
    pub fn tell_unused(&self, channels: usize) {
        let StatedArguments { input_size, mean, std, value_range, channel_order, .. } = &self.stated;
        let colours = [
            ("--mean", mean.is_some()),
            ("--std", std.is_some()),
            ("--value-range", value_range.is_some()),
            ("--channel-order", channel_order.is_some()),
        ];
        let others = [("--input-size", input_size.is_some()), ("--fill", self.fill.is_some())];
        let given = |options: &[(&'static str, bool)]| {
            options.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
        };
        let (colours, others) = (given(&colours), given(&others));
        let end = "the numbers of --input-npy, which are normalised already";
        if !colours.is_empty() && channels == 3 {
            terminal::tell(format!(
                "note: {colours} do not change {end}; they tell the colours of the overlays"
            ));
        } else if !colours.is_empty() {
            terminal::tell(format!("note: {colours} do not change {end}"));
        }
        if !others.is_empty() {
            terminal::tell(format!(
                "note: of no effect: {others}; the numbers of --input-npy have their own size, and are normalised already"
            ));
        }
    }

    /// Adds the file that an error of a model is about.
    pub fn at_file(&self, source: &ModelSource) -> impl Fn(cam_lucida::Error) -> FileError {
        at_model(source.path(), self.labels.as_deref())
    }

    /// Says what of a weight file is used, where somebody asks.
    pub fn tell_weights(&self, weights: &Weights) {
        if self.verbose {
            if let Ok(architecture) = weights.recognise() {
                let Architecture { title, name, .. } = architecture;
                terminal::tell(format!("note: the tensors are those of {title} ({name})"));
            }
            for (found, name) in weights.renamed() {
                terminal::tell(format!("note: {found} is {name}"));
            }
        }
    }
}

impl ModelSource {
    pub fn is_embedded(&self) -> bool {
        matches!(self, Self::Embedded)
    }

    /// The file's path, or what stands for it in messages.
    pub fn path(&self) -> &Path {
        match self {
            Self::Embedded => Path::new("the embedded network"),
            Self::File { path, .. } => path,
        }
    }

    /// The hash of the weight file.
    pub fn sha256(&self) -> Result<String, Failure> {
        match self {
            Self::Embedded => Ok(models::sha256(&embedded::weight_file())),
            Self::File { path, .. } => models::sha256_of(path),
        }
    }

    /// The tensors of the weight file.
    pub fn weights(&self) -> Result<Weights, Failure> {
        let weights = match self {
            Self::Embedded => Weights::read(embedded::weight_file()),
            // What is beside the network, such as an optimizer's state, is not brought into memory.
            Self::File { path, state } => Weights::read_from(&FileSource::open(path)?, state.as_deref()),
        };
        Ok(weights.map_err(at(self.path()))?)
    }
}

/// Says where to get weights for a network.
fn without_weights(network: &str) -> Result<String, Failure> {
    let architecture = Architecture::named(network)?;
    let fetch = match models::published(architecture)? {
        Some(name) => format!("`cam-lucida models fetch {name}` downloads such a folder"),
        None => "`cam-lucida models list` shows published ones".into(),
    };
    Ok(format!(
        "no weights for {network}: pass --weight-path FILE, safetensors or a checkpoint of PyTorch, or \
         --model-dir FOLDER; {fetch}. In Python, write a state dict with

    torch.save(model.state_dict(), \"{network}.pth\")
"
    ))
}
