//! Model cards: what a model's folder says beside its weights.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::labels::in_order;
use crate::network::Architecture;
use crate::picture::{Interpolation, Preprocessor};
use crate::{Error, Problem, Result};

/// What is said of a model beside its weights, in the layout of Hugging Face's model folders: `config.json` and
/// `preprocessor_config.json` (<https://huggingface.co/docs/transformers/main_classes/configuration>).
#[derive(Clone, Default)]
pub struct Card {
    /// The network; `None`: the one that the tensors are of.
    pub architecture: Option<&'static Architecture>,
    /// The names of all classes, in order.
    pub labels: Option<Vec<String>>,
    /// How many classes the weights must have; `None`: as many as they have.
    pub classes: Option<usize>,
    /// How class scores become probabilities.
    pub problem: Problem,
    /// Input size and normalisation; `None`: torchvision's numbers for ImageNet.
    pub preprocessor: Option<Preprocessor>,
    /// Whether that is what the first convolution sees, as timm says it, in torchvision's Inception, too, which normalises
    /// its input once more (`transform_input`).
    pub is_timms: bool,
    /// What takes the place of parts of it.
    pub own: OwnPreprocessing,
}

/// Parts of the preprocessing that somebody chose.
#[derive(Debug, Clone, Copy, Default)]
pub struct OwnPreprocessing {
    /// Rows and columns of the input.
    pub size: Option<u32>,
    /// Means of red, green and blue, of values 0 to 1.
    pub mean: Option<[f32; 3]>,
    /// Their standard deviations.
    pub std: Option<[f32; 3]>,
}

impl Card {
    /// The card of torchvision's ImageNet weights, without class names.
    pub fn of(architecture: &'static Architecture) -> Self {
        Self { architecture: Some(architecture), ..Self::default() }
    }

    /// The preprocessing for `architecture`: what the card says, or the usual, with the parts that were chosen.
    ///
    /// # Errors
    /// [`is_weights`](Error::is_weights): a size outside [`Preprocessor::SIDES`], or a normalisation that is not finite.
    pub fn preprocessor_for(&self, architecture: &Architecture) -> Result<Preprocessor> {
        let usual = match &self.preprocessor {
            Some(timms) if self.is_timms && architecture.name == INCEPTION => before_transform(timms),
            Some(said) => said.clone(),
            None => Preprocessor::imagenet(architecture.size),
        };
        let OwnPreprocessing { size, mean, std } = self.own;
        let size = size.unwrap_or(usual.size);
        let shorter_side = (u64::from(usual.shorter_side) * u64::from(size) / u64::from(usual.size)) as u32;
        let [mean, std] = [mean.unwrap_or(usual.mean), std.unwrap_or(usual.std)];
        check(&Preprocessor { size, shorter_side, mean, std, ..usual }).map_err(Error::weights)
    }

    /// Reads the text of a `config.json`, and of a `preprocessor_config.json` where there is one.
    ///
    /// Of the config: `architecture`, a name of [`NETWORKS`](crate::network::NETWORKS) or timm's for it, or one that starts as
    /// those of a family do, of which the weight file tells the rest; `num_classes`; class names as
    /// `id2label`, an object `{id: name}` (Hugging Face), or `label_names`, a list (timm); `problem_type`,
    /// `single_label_classification` unless it says `multi_label_classification`. Of the preprocessor: `size` as a
    /// number, `{height, width}` or `{shortest_edge}`, `image_mean`, `image_std`, `crop_pct`, `resample` (Pillow's number of
    /// the filter, 2 or 3). Without a preprocessor
    /// the config's `pretrained_cfg` counts (timm: `input_size` `[3, height, width]`, `mean`, `std`, `crop_pct`,
    /// `interpolation`), and without that torchvision's numbers.
    ///
    /// # Errors
    /// [`is_weights`](Error::is_weights), saying in which file: JSON of another form, an unknown network or problem,
    /// class names that are not as many as the classes, an input that is no square of three channels within
    /// [`Preprocessor::SIDES`], or a normalisation that is not finite.
    pub fn read(config: &str, preprocessor: Option<&str>) -> Result<Self> {
        Self::read_as(None, config, preprocessor)
    }

    /// [`read`](Self::read), with the network that somebody chose in place of the config's.
    ///
    /// # Errors
    /// As `read`.
    pub fn read_as(
        network: Option<&'static Architecture>,
        config: &str,
        preprocessor: Option<&str>,
    ) -> Result<Self> {
        let Config { architecture, num_classes, id2label, label_names, problem_type, pretrained_cfg } =
            parse(CONFIG, config)?;
        let architecture = match network {
            Some(chosen) => Some(chosen),
            None => architecture.as_deref().map(named).transpose()?.flatten(),
        };
        let by_id = id2label.map(in_order).transpose().map_err(|error| wrong(CONFIG, error))?;
        let labels = by_id.or(label_names);
        if let (Some(labels), Some(classes)) = (&labels, num_classes)
            && labels.len() != classes
        {
            let found = format!("{} class names do not fit `num_classes` {classes}", labels.len());
            return Err(wrong(CONFIG, found));
        }
        let is_timms = preprocessor.is_none();
        let preprocessor = match (preprocessor, pretrained_cfg) {
            (Some(text), _) => Some(parse::<PreprocessorConfig>(PREPROCESSOR, text)?.read(PREPROCESSOR)?),
            (None, Some(pretrained)) => Some(pretrained.to_preprocessor()?.read(CONFIG)?),
            (None, None) => None,
        };
        Ok(Self {
            architecture,
            labels,
            classes: num_classes,
            problem: problem(problem_type)?,
            preprocessor,
            is_timms,
            ..Self::default()
        })
    }
}

/// torchvision's network that normalises its input once more.
const INCEPTION: &str = "inception_v3";
const CONFIG: &str = "config.json";
const PREPROCESSOR: &str = "preprocessor_config.json";

#[derive(Deserialize)]
struct Config {
    architecture: Option<String>,
    num_classes: Option<usize>,
    id2label: Option<BTreeMap<usize, String>>,
    label_names: Option<Vec<String>>,
    problem_type: Option<String>,
    pretrained_cfg: Option<Pretrained>,
}

/// Hugging Face's numbers of an image processor.
#[derive(Deserialize)]
struct PreprocessorConfig {
    size: Size,
    image_mean: [f32; 3],
    image_std: [f32; 3],
    crop_pct: Option<f64>,
    /// Pillow's number of the filter.
    resample: Option<u8>,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "`size` must be a number of pixels, {\"height\", \"width\"} or {\"shortest_edge\"}"
)]
enum Size {
    Square(u32),
    Sides { height: u32, width: u32 },
    Shortest { shortest_edge: u32 },
}

/// timm's numbers of the same.
#[derive(Deserialize)]
struct Pretrained {
    input_size: [u32; 3],
    mean: [f32; 3],
    std: [f32; 3],
    crop_pct: Option<f64>,
    interpolation: Option<String>,
}

impl Pretrained {
    fn to_preprocessor(&self) -> Result<PreprocessorConfig> {
        let Self { input_size: [channels, height, width], mean, std, crop_pct, ref interpolation } = *self;
        if channels != 3 {
            return Err(wrong(CONFIG, format!("`input_size` has {channels} channels, a picture has 3")));
        }
        let size = Size::Sides { height, width };
        // timm's own default (`timm/data/config.py`).
        let interpolation = match interpolation.as_deref().unwrap_or("bicubic") {
            "bilinear" => Interpolation::Bilinear,
            "bicubic" => Interpolation::Bicubic,
            other => {
                let rule = "bilinear and bicubic are read";
                return Err(wrong(CONFIG, format!("`interpolation` is `{other}`; {rule}")));
            }
        };
        let resample = Some(interpolation.in_pillow());
        Ok(PreprocessorConfig { size, image_mean: mean, image_std: std, crop_pct, resample })
    }
}

impl PreprocessorConfig {
    fn read(self, file: &str) -> Result<Preprocessor> {
        let Self { size, image_mean: mean, image_std: std, crop_pct, resample } = self;
        let (height, width) = match size {
            Size::Square(side) | Size::Shortest { shortest_edge: side } => (side, side),
            Size::Sides { height, width } => (height, width),
        };
        if height != width {
            let found = format!("an input of {height}×{width} (height × width)");
            let sides = Preprocessor::SIDES;
            let (min, max) = (sides.start(), sides.end());
            return Err(wrong(file, format!("{found} is not read; it must be a square of {min} to {max}")));
        }
        let filters = [Interpolation::Bilinear, Interpolation::Bicubic];
        let number = resample.unwrap_or(Interpolation::default().in_pillow());
        let Some(interpolation) = filters.into_iter().find(|filter| filter.in_pillow() == number) else {
            let rule = "bilinear, 2, and bicubic, 3, are read";
            return Err(wrong(file, format!("`resample` is {number}; {rule}")));
        };
        let share = crop_pct.unwrap_or(1.0);
        if !(0.5..=1.0).contains(&share) {
            let rule = "the share of the shorter side that is cut out is 0.5 to 1";
            return Err(wrong(file, format!("`crop_pct` is {share}; {rule}")));
        }
        // Rounded down, as both libraries do.
        let shorter_side = (f64::from(height) / share) as u32;
        check(&Preprocessor { size: height, shorter_side, mean, std, interpolation })
            .map_err(|what| wrong(file, what))
    }
}

/// The numbers, if they can be used.
fn check(preprocessor: &Preprocessor) -> std::result::Result<Preprocessor, String> {
    let Preprocessor { size, mean, std, .. } = preprocessor;
    let sides = Preprocessor::SIDES;
    if !sides.contains(&(*size as usize)) {
        let (min, max) = (sides.start(), sides.end());
        return Err(format!("an input of {size}×{size} is not read; it must be a square of {min} to {max}"));
    }
    if let Some(value) = mean.iter().find(|value| !value.is_finite()) {
        return Err(format!("the mean {value} is not finite"));
    }
    if let Some(value) = std.iter().find(|value| !(value.is_finite() && **value > 0.0)) {
        return Err(format!(
            "the standard deviation {value} normalises nothing; each must be finite and above 0"
        ));
    }
    Ok(preprocessor.clone())
}

/// What to normalise by before torchvision's Inception, whose first step turns ImageNet's normalisation `μ`, `σ` into that
/// of mean and deviation ½ (`transform_input`), for its first convolution to see what timm's does, which has no such step:
/// `(p - m) / s = 2 σ x + 2 (μ - ½)` of the input `x = (p - m') / s'`.
fn before_transform(timm: &Preprocessor) -> Preprocessor {
    let imagenet = Preprocessor::imagenet(timm.size);
    let mean = [0, 1, 2].map(|c| timm.mean[c] + 2.0 * timm.std[c] * (imagenet.mean[c] - 0.5));
    let std = [0, 1, 2].map(|c| 2.0 * timm.std[c] * imagenet.std[c]);
    Preprocessor { mean, std, ..timm.clone() }
}

/// The network of this name, which may be timm's, with or without the tag of its weights. Of a family whose sizes a
/// weight file's shapes tell, none: the file says more than the name.
fn named(name: &str) -> Result<Option<&'static Architecture>> {
    const FAMILIES: [&str; 9] = [
        "resnet",
        "resnext",
        "wide_resnet",
        "densenet",
        "mobilenetv2",
        "mobilenet_v2",
        "vgg",
        "shufflenet_v2",
        "squeezenet",
    ];
    let name = name.split('.').next().unwrap_or(name);
    let name = match name {
        "mobilenetv2_050" => "mobilenet_v2_x0_5",
        "mobilenetv2_075" => "mobilenet_v2_x0_75",
        "mobilenetv2_100" => "mobilenet_v2",
        "mobilenetv2_140" => "mobilenet_v2_x1_4",
        same => same,
    };
    match Architecture::named(name) {
        Err(_) if FAMILIES.iter().any(|family| name.starts_with(family)) => Ok(None),
        found => found.map(Some).map_err(|error| wrong(CONFIG, error)),
    }
}

fn problem(name: Option<String>) -> Result<Problem> {
    const SINGLE: &str = "single_label_classification";
    const MULTI: &str = "multi_label_classification";
    match name.as_deref() {
        None | Some(SINGLE) => Ok(Problem::SingleLabel),
        Some(MULTI) => Ok(Problem::MultiLabel),
        Some(other) => {
            Err(wrong(CONFIG, format!("`problem_type` is `{other}`; {SINGLE} and {MULTI} are read")))
        }
    }
}

fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| wrong(file, format!("not understood: {error}")))
}

fn wrong(file: &str, what: impl std::fmt::Display) -> Error {
    Error::weights(format!("{file}: {what}"))
}
