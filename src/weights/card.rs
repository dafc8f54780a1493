//! Model cards: what a model's folder says beside its weights.

use serde::de::DeserializeOwned;

use super::config::{CONFIG, Config, PREPROCESSOR};
use super::head::StatedHead;
use super::noted::to_note;
use super::preprocessing::{
    PreprocessorConfig, PreprocessorOverrides, StatedPreprocessor, ValueRange, check,
};
use super::{Vocabulary, text};
use crate::error::{error, unknown};
use crate::network::{Architecture, Variant};
use crate::picture::{ChannelOrder, Preprocess, Preprocessor};
use crate::{Note, Problem, Result, Size};

/// What is said of a model beside its weights, in the layout of Hugging Face's model folders: `config.json` and
/// `preprocessor_config.json` (<https://huggingface.co/docs/transformers/main_classes/configuration>).
///
/// ```
/// use cam_lucida::weights::Card;
///
/// let config = r#"{ "architecture": "resnet18", "num_classes": 2, "label_names": ["cat", "dog"] }"#;
/// let card = Card::read(config, None)?;
/// let network = card.architecture.expect("the card names one");
/// assert_eq!(network.name, "resnet18");
/// assert_eq!(card.labels.as_deref(), Some(&["cat".to_string(), "dog".to_string()][..]));
/// assert_eq!(card.preprocessor_for(network)?.size, cam_lucida::Size::square(224));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Card {
    /// The network; `None`: the weight file tells it.
    pub architecture: Option<&'static Architecture>,
    /// The names of all classes, in order; of a network that answers questions, the answers.
    pub labels: Option<Vec<String>>,
    /// The words that a network of language knows.
    pub words: Option<Vocabulary>,
    /// Those of them that name nothing that can be seen, such as articles.
    pub function_words: Vec<String>,
    /// Those of them that say where a thing is, seen from another.
    pub relation_words: Vec<String>,
    /// How many classes the weights must have; `None`: as many as they have.
    pub classes: Option<usize>,
    /// What the outputs are; `None`: one of the classes, or what the weight file tells.
    pub problem: Option<Problem>,
    /// Input size and normalisation; `None`: torchvision's numbers for ImageNet.
    pub preprocessor: Option<Preprocessor>,
    /// How the card's pictures are prepared; `None`: they are squashed, or nobody says.
    pub preprocess: Option<Preprocess>,
    /// Of what values the card's file gives mean and deviation; `None`: of values 0 to 1.
    pub range: Option<ValueRange>,
    /// How many channels the network must take; `None`: as many as it takes.
    pub channels: Option<usize>,
    /// Whether the network's first step is torchvision's [`transform_input`](Architecture::transform_input). timm's Inception has
    /// none. `None`: nobody says.
    pub transform_input: Option<bool>,
    /// How the network computes where its tensors do not tell; `None`: nobody says.
    pub variant: Option<Variant>,
    /// The network's head, where the weights do not tell the order of its layers; `None`: the weights tell, or it is assumed.
    pub head: Option<StatedHead>,
    /// Whether the card itself names the network, and so its strides, padding, activations and pooling.
    pub names_network: bool,
    /// What the card repeats, though nobody stated it.
    pub assumed: Vec<Assumption>,
    /// Notes of the file that the weights were converted from, to which the weights no longer lead.
    pub noted: Vec<Note>,
    /// The parts of the preprocessing that somebody chose in place of the card's.
    pub overrides: PreprocessorOverrides,
}

/// What may have to be assumed of a network: no weight file tells it.
///
/// ```
/// use cam_lucida::weights::{Assumption, Card};
///
/// let config = r#"{ "architecture": "resnet18", "problem_type": "regression" }"#;
/// let card = Card::read(config, None)?;
/// assert!(card.assumes(Assumption::Normalisation) && card.assumes(Assumption::Order));
/// assert!(!card.assumes(Assumption::Strides) && !card.assumes(Assumption::Outputs));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::EnumString, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Assumption {
    /// Strides, padding, activations and pooling are torchvision's.
    Strides,
    /// Colours are normalised as for ImageNet.
    Normalisation,
    /// Red comes first.
    Order,
    /// What the outputs are.
    Outputs,
}

impl Card {
    /// The card of torchvision's ImageNet weights, without class names.
    pub fn new(architecture: &'static Architecture) -> Self {
        Self { architecture: Some(architecture), names_network: true, ..Self::default() }
    }

    /// Whether the card leaves `what` to be assumed.
    pub fn assumes(&self, what: Assumption) -> bool {
        let overrides = &self.overrides;
        let has_own_range = overrides.replace_range_of(self.stated_range());
        let stated = match what {
            Assumption::Strides => self.names_network || self.variant.is_some(),
            Assumption::Normalisation if has_own_range || overrides.mean.and(overrides.std).is_some() => {
                return false;
            }
            Assumption::Order if overrides.order.is_some() || self.is_bgr() => return false,
            // Networks of other values than the card's are others than its, too.
            Assumption::Order => self.preprocessor.is_some() && !has_own_range,
            Assumption::Normalisation => self.preprocessor.is_some(),
            Assumption::Outputs => self.problem.is_some(),
        };
        !stated || self.assumed.contains(&what)
    }

    fn is_bgr(&self) -> bool {
        self.preprocessor.as_ref().is_some_and(|stated| stated.order == ChannelOrder::Bgr)
    }

    /// The values of pixels that the card's mean and deviation are of, where it states them and does not only repeat them.
    fn stated_range(&self) -> Option<ValueRange> {
        let is_stated = self.preprocessor.is_some() && !self.assumed.contains(&Assumption::Normalisation);
        is_stated.then(|| self.range.unwrap_or(ValueRange::Unit))
    }

    /// The chosen range of values, where the card states mean and deviation of another and neither was chosen.
    pub(crate) fn replaced_by(&self) -> Option<ValueRange> {
        let PreprocessorOverrides { mean, std, range, .. } = self.overrides;
        let stated = self.stated_range();
        range.filter(|_| {
            stated.is_some() && self.overrides.replace_range_of(stated) && mean.is_none() && std.is_none()
        })
    }

    /// Says how the network computes, in place of what the card says or assumes.
    pub fn state_variant(&mut self, variant: Variant) {
        self.variant = Some(variant);
        self.assumed.retain(|what| *what != Assumption::Strides);
    }

    /// Says what the outputs are, in place of what the card says or assumes.
    pub fn state_problem(&mut self, problem: Problem) {
        self.problem = Some(problem);
        self.assumed.retain(|what| *what != Assumption::Outputs);
    }

    /// The form of `network` that the card means.
    pub fn form_of(&self, network: &'static Architecture) -> &'static Architecture {
        self.transform_input.map_or(network, |transform_input| network.with_transform_input(transform_input))
    }

    /// Whether there are as many class names as `outputs`, or none; of one output that says yes or no, there may be a name for each.
    pub fn labels_fit(&self, outputs: usize) -> bool {
        let both = outputs == 1 && self.problem != Some(Problem::Value);
        self.labels.as_ref().is_none_or(|names| names.len() == outputs || both && names.len() == 2)
    }

    /// The preprocessing for `architecture`: what the card says, or the default, with the parts that were chosen.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights): a size outside [`Preprocessor::SIDES`], a normalisation that is not finite, or half of
    /// one that was chosen of other values than the card's other half.
    pub fn preprocessor_for(&self, architecture: &Architecture) -> Result<Preprocessor> {
        let stated = match &self.preprocessor {
            Some(stated) => stated.clone(),
            // timm's numbers, and what `transform_input` makes of ImageNet's.
            None if architecture.has_forms() && !architecture.transform_input => {
                Preprocessor { mean: [0.5; 3], std: [0.5; 3], ..Preprocessor::imagenet(architecture.size) }
            }
            None => Preprocessor::imagenet(architecture.size),
        };
        let PreprocessorOverrides { size, order, fill, .. } = self.overrides;
        let [cut, from] = [stated.size, stated.resize].map(Size::min_side);
        let resize = |size: Size| {
            let [height, width] = [size.height, size.width].map(|side| side.saturating_mul(from) / cut);
            Size { height, width }
        };
        let (size, resize) = size.map_or((stated.size, stated.resize), |size| (size, resize(size)));
        let [mean, std] = self.overrides.normalisation(self.stated_range(), [stated.mean, stated.std])?;
        let (order, fill) = (order.unwrap_or(stated.order), fill.or(stated.fill));
        let chosen = Preprocessor { size, resize, mean, std, order, fill, ..stated };
        check(&chosen, "the model's preprocessing")?;
        Ok(chosen)
    }

    /// Reads the text of a `config.json`, and of a `preprocessor_config.json` if there is one.
    ///
    /// The config says
    /// - `architecture`, a name that [`Architecture::named`] knows, or one of the same families: then the weight file
    ///   tells the network's sizes;
    /// - `model_args` (timm): settings that give the named network other sizes leave these to the weight file;
    /// - `num_classes`;
    /// - class names, as `id2label`, an object `{id: name}` (Hugging Face), or `label_names`, a list (timm);
    /// - `problem_type`, `single_label_classification`, `multi_label_classification` or `regression`;
    ///   `visual_question_answering` or `image_to_text` for a network of language, which chooses one of its answers or words;
    /// - `transform_input`, whether Inception's first step is torchvision's of this name; with timm's `pretrained_cfg` it has none
    ///   unless this says otherwise;
    /// - `variant`, a name of a [`Variant`]; Hugging Face's `downsample_in_bottleneck` is [`Variant::CaffeStrides`];
    /// - `head`, a [`StatedHead`]: `{"layers": ["fc.0", "relu", "fc.3"]}`;
    /// - `num_channels` (Hugging Face), the channels of the input;
    /// - `assumed`, a list of those of `strides`, `normalisation`, `order`, `colours` (both of these) and `outputs` that the card only
    ///   repeats;
    /// - `noted`, a list of `{code, message, arguments}`: notes of the file that the weights were converted from;
    /// - for a network of language, its `words`, a list, which of them are `function_words` and `relation_words`, and
    ///   `synonyms`, an object `{word: known word}`.
    ///
    /// The preprocessor says `size` as a number, `{height, width}` or `{shortest_edge}`, `image_mean`, `image_std`,
    /// `crop_pct` or `crop_size`, and `resample` (Pillow's number of the filter, 2 or 3). ConvNeXt's processor (`image_processor_type`)
    /// has a `crop_pct` of its own, and none from 384 pixels on. `do_center_crop`, `do_rescale`,
    /// `rescale_factor`, `rescale_offset`, `do_normalize` and `do_flip_channel_order` (blue first) mean what they mean to Hugging Face;
    /// mean and deviation are of red, green and blue in any order, or one number for all. `do_center_crop`, `crop_size`, `crop_pct`, timm's
    /// `crop_mode`, a `shortest_edge` and `preprocess`, a name of a [`Preprocess`], say how pictures are prepared. What `pretrained_cfg` or `image_size` (Hugging
    /// Face) of the config says of the same must agree. Without a preprocessor, the config's
    /// `pretrained_cfg` counts (timm: `input_size` `[channels, height, width]`, `mean`, `std`, `crop_pct`, `interpolation`).
    /// Without either, torchvision's numbers count.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights), naming the file:
    /// - a text of more than 4 MiB;
    /// - JSON of another form, an unknown network or an unknown problem;
    /// - more or fewer class names than classes, or more or fewer numbers than channels;
    /// - sides outside [`Preprocessor::SIDES`];
    /// - a normalisation that is not finite, or one of values 0 to 255 where rescaling is on;
    /// - two entries that contradict each other.
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
        text::check(CONFIG, config)?;
        preprocessor.map_or(Ok(()), |preprocessor| text::check(PREPROCESSOR, preprocessor))?;
        let config: Config = parse(CONFIG, config)?;
        config.check_settings()?;
        config.check_contradictions()?;
        let image_size = config.image_size();
        let channels = config.channels();
        let labels = config.labels()?;
        let has_own_sizes = config.has_own_sizes();
        let Config {
            architecture,
            num_classes,
            num_labels,
            problem_type,
            pretrained_cfg,
            words,
            function_words,
            relation_words,
            synonyms,
            transform_input,
            variant,
            head,
            assumed,
            noted,
            model_type,
            downsample_in_bottleneck,
            ..
        } = config;
        let variant = variant.map(|name| name.parse().map_err(in_config)).transpose()?;
        // Hugging Face has one network of each family; their variants were refused.
        let is_hugging_face = matches!(model_type.as_deref(), Some("resnet" | "mobilenet_v2" | "regnet"));
        let names_network = match (&architecture, network) {
            (Some(name), Some(chosen)) => {
                Architecture::named(name).is_ok_and(|named| named.name == chosen.name)
            }
            (named, chosen) => named.is_some() || chosen.is_none() && is_hugging_face,
        };
        let architecture = match network {
            Some(chosen) => Some(chosen),
            None => {
                let named = architecture.as_deref().map(named).transpose()?.flatten();
                // The tensors tell them.
                named.filter(|_| !has_own_sizes)
            }
        };
        let transform_input = transform_input.or(pretrained_cfg.is_some().then_some(false));
        let beside: Option<PreprocessorConfig> =
            preprocessor.map(|text| parse(PREPROCESSOR, text)).transpose()?;
        let stated = match (beside, pretrained_cfg) {
            (Some(beside), pretrained) => {
                if let Some(pretrained) = &pretrained {
                    pretrained.check_beside(&beside, channels)?;
                }
                if let Some(size) = image_size {
                    beside.check_size(("image_size", size))?;
                }
                Some(beside.read(PREPROCESSOR, channels)?)
            }
            (None, Some(pretrained)) => Some(pretrained.to_preprocessor()?.read(CONFIG, channels)?),
            (None, None) => None,
        };
        let assumed = assumptions(assumed.unwrap_or_default())?;
        let (preprocessor, way, range, stated_channels) = match stated {
            Some(StatedPreprocessor { preprocessor, way, range, channels }) => {
                (Some(preprocessor), Some(way), Some(range), channels)
            }
            None => (None, None, None, None),
        };
        let is_repeated = assumed.contains(&Assumption::Normalisation);
        let card = Self {
            architecture,
            labels,
            words: words.map(|words| Vocabulary::new(words).with_synonyms(synonyms.unwrap_or_default())),
            function_words: function_words.unwrap_or_default(),
            relation_words: relation_words.unwrap_or_default(),
            classes: num_classes.or(num_labels),
            problem: problem(problem_type)?,
            preprocessor,
            preprocess: way.filter(|way| *way != Preprocess::Squash && !is_repeated),
            range,
            channels: channels.or(stated_channels),
            transform_input,
            variant: variant
                .or_else(|| (downsample_in_bottleneck == Some(true)).then_some(Variant::CaffeStrides)),
            head,
            names_network,
            assumed,
            noted: noted.unwrap_or_default().into_iter().map(to_note).collect::<Result<_>>()?,
            ..Self::default()
        };
        if let (Some(labels), Some(classes)) = (&card.labels, card.classes)
            && !card.labels_fit(classes)
        {
            return Err(error!(
                Weights,
                "card-label-count",
                "{file}: {labels} class names do not fit `num_classes` {classes}",
                file = CONFIG,
                labels = labels.len(),
                classes
            ));
        }
        Ok(card)
    }
}

/// The network of this name, as [`Architecture::from_card`].
fn named(name: &str) -> Result<Option<&'static Architecture>> {
    Architecture::from_card(name).map_err(in_config)
}

/// What the config says, and nobody knows.
fn in_config(cause: crate::Error) -> crate::Error {
    error!(Weights, "card-network", "{file}: {cause}", file = CONFIG, cause).with_source(cause)
}

/// What the config only repeats.
fn assumptions(names: Vec<String>) -> Result<Vec<Assumption>> {
    use strum::VariantArray;
    /// Normalisation and order.
    const COLOURS: &str = "colours";
    let mut found = Vec::new();
    for name in names {
        match name.parse() {
            Ok(what) => found.push(what),
            Err(_) if name == COLOURS => found.extend([Assumption::Normalisation, Assumption::Order]),
            Err(_) => {
                let known = Assumption::VARIANTS.iter().map(<&str>::from).chain([COLOURS]);
                return Err(in_config(unknown("assumption", &name, known)));
            }
        }
    }
    Ok(found)
}

fn problem(name: Option<String>) -> Result<Option<Problem>> {
    use strum::VariantArray;
    /// What a network of language does. It chooses one of its answers or words.
    const LANGUAGE: [&str; 2] = ["image_to_text", "visual_question_answering"];
    let Some(found) = name else { return Ok(None) };
    let language = LANGUAGE.map(|name| (name, Problem::SingleLabel));
    let all =
        || language.into_iter().chain(Problem::VARIANTS.iter().map(|problem| (problem.in_card(), *problem)));
    all().find(|(name, _)| *name == found).map(|(_, problem)| Some(problem)).ok_or_else(|| {
        error!(
            Weights,
            "card-problem",
            "{file}: `problem_type` is `{found}`; only {known} are known",
            file = CONFIG,
            found,
            known = all().map(|(name, _)| name).collect::<Vec<_>>().join(", ")
        )
    })
}

fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|cause| {
        error!(Weights, "card-json", "{file}: not understood ({cause}); correct the file", file, cause)
            .with_source(cause)
    })
}
