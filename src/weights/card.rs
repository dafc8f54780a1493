//! Model cards: what a model's folder says beside its weights.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Vocabulary;
use super::labels::{Pairs, numbered};
use super::preprocessing::{PreprocessorConfig, PreprocessorOverrides, Pretrained, check};
use crate::error::error;
use crate::network::{Architecture, Variant};
use crate::picture::Preprocessor;
use crate::{Problem, Result, Size};

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
    /// Whether the network's first step is torchvision's [`transform_input`](Architecture::transform_input). timm's Inception has
    /// none. `None`: nobody says.
    pub transform_input: Option<bool>,
    /// How the network computes where its tensors do not tell; `None`: nobody says.
    pub variant: Option<Variant>,
    /// Whether the card itself names the network, and so its strides, padding, activations and pooling.
    pub names_network: bool,
    /// What the card repeats, though nobody stated it.
    pub assumed: Vec<Assumption>,
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
/// assert!(card.assumes(Assumption::Colours));
/// assert!(!card.assumes(Assumption::Strides) && !card.assumes(Assumption::Outputs));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::EnumString, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Assumption {
    /// Strides, padding, activations and pooling are torchvision's.
    Strides,
    /// Colours are normalised as for ImageNet.
    Colours,
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
        let stated = match what {
            Assumption::Strides => self.names_network || self.variant.is_some(),
            Assumption::Colours if self.overrides.state_colours() => return false,
            Assumption::Colours => self.preprocessor.is_some(),
            Assumption::Outputs => self.problem.is_some(),
        };
        !stated || self.assumed.contains(&what)
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
    /// [`is_weights`](crate::Error::is_weights): a size outside [`Preprocessor::SIDES`], or a normalisation that is not finite.
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
            let [height, width] = [size.height, size.width].map(|side| side * from / cut);
            Size { height, width }
        };
        let (size, resize) = size.map_or((stated.size, stated.resize), |size| (size, resize(size)));
        let [mean, std] = self.overrides.normalisation([stated.mean, stated.std]);
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
    /// - `num_classes`;
    /// - class names, as `id2label`, an object `{id: name}` (Hugging Face), or `label_names`, a list (timm);
    /// - `problem_type`, `single_label_classification`, `multi_label_classification` or `regression`;
    ///   `visual_question_answering` or `image_to_text` for a network of language, which chooses one of its answers or words;
    /// - `transform_input`, whether Inception's first step is torchvision's of this name; with timm's `pretrained_cfg` it has none
    ///   unless this says otherwise;
    /// - `variant`, a name of a [`Variant`]; Hugging Face's `downsample_in_bottleneck` is [`Variant::CaffeStrides`];
    /// - `assumed`, a list of those of `strides`, `colours` and `outputs` that the card only repeats;
    /// - for a network of language, its `words`, a list, which of them are `function_words` and `relation_words`, and
    ///   `synonyms`, an object `{word: known word}`.
    ///
    /// The preprocessor says `size` as a number, `{height, width}` or `{shortest_edge}`, `image_mean`, `image_std`,
    /// `crop_pct` or `crop_size`, and `resample` (Pillow's number of the filter, 2 or 3). `do_center_crop`, `do_rescale`,
    /// `rescale_factor`, `rescale_offset`, `do_normalize` and `do_flip_channel_order` (blue first) mean what they mean to Hugging Face;
    /// mean and deviation are of red, green and blue in any order. Without a preprocessor, the config's
    /// `pretrained_cfg` counts (timm: `input_size` `[3, height, width]`, `mean`, `std`, `crop_pct`, `interpolation`).
    /// Without either, torchvision's numbers count.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights), naming the file: JSON of another form, an unknown network or problem,
    /// class names that are not as many as the classes, an input of other than three channels, or of sides
    /// outside [`Preprocessor::SIDES`], a normalisation that is not finite or, unless rescaling is off, of values 0 to 255.
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
        let config: Config = parse(CONFIG, config)?;
        config.check_variant()?;
        let Config {
            architecture,
            num_classes,
            id2label,
            label_names,
            problem_type,
            pretrained_cfg,
            words,
            function_words,
            relation_words,
            synonyms,
            transform_input,
            variant,
            assumed,
            model_type,
            downsample_in_bottleneck,
            ..
        } = config;
        let variant = variant.map(|name| name.parse().map_err(in_config)).transpose()?;
        let is_caffe = model_type.as_deref() == Some("resnet") && downsample_in_bottleneck == Some(true);
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
            None => architecture.as_deref().map(named).transpose()?.flatten(),
        };
        let by_id = id2label.map(|names| numbered(names.0.into_iter())).transpose().map_err(|cause| {
            error!(Weights, "card-labels", "{file}: {cause}", file = CONFIG, cause).with_source(cause)
        })?;
        let labels = by_id.or(label_names);
        let transform_input = transform_input.or(pretrained_cfg.is_some().then_some(false));
        let preprocessor = match (preprocessor, pretrained_cfg) {
            (Some(text), _) => Some(parse::<PreprocessorConfig>(PREPROCESSOR, text)?.read(PREPROCESSOR)?),
            (None, Some(pretrained)) => Some(pretrained.to_preprocessor()?.read(CONFIG)?),
            (None, None) => None,
        };
        let card = Self {
            architecture,
            labels,
            words: words.map(|words| Vocabulary::new(words).with_synonyms(synonyms.unwrap_or_default())),
            function_words: function_words.unwrap_or_default(),
            relation_words: relation_words.unwrap_or_default(),
            classes: num_classes,
            problem: problem(problem_type)?,
            preprocessor,
            transform_input,
            variant: variant.or(is_caffe.then_some(Variant::CaffeStrides)),
            names_network,
            assumed: assumed.iter().flatten().filter_map(|name| name.parse().ok()).collect(),
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

pub(super) const CONFIG: &str = "config.json";
const PREPROCESSOR: &str = "preprocessor_config.json";

#[derive(Deserialize)]
struct Config {
    architecture: Option<String>,
    num_classes: Option<usize>,
    id2label: Option<Pairs<String>>,
    label_names: Option<Vec<String>>,
    problem_type: Option<String>,
    pretrained_cfg: Option<Pretrained>,
    words: Option<Vec<String>>,
    function_words: Option<Vec<String>>,
    relation_words: Option<Vec<String>>,
    synonyms: Option<BTreeMap<String, String>>,
    transform_input: Option<bool>,
    variant: Option<String>,
    assumed: Option<Vec<String>>,
    /// Hugging Face's name of the family.
    model_type: Option<String>,
    downsample_in_bottleneck: Option<bool>,
    tf_padding: Option<bool>,
    layer_norm_eps: Option<f64>,
    output_stride: Option<usize>,
    downsample_in_first_stage: Option<bool>,
    hidden_act: Option<String>,
    /// timm's settings beside the name.
    model_args: Option<BTreeMap<String, Value>>,
    /// timm's name of how features are pooled.
    global_pool: Option<String>,
}

impl Config {
    /// Checks that the network computes as torchvision's, where tensors do not tell.
    fn check_variant(&self) -> Result<()> {
        /// timm's settings that leave no trace in tensors.
        const SILENT: [&str; 8] = [
            "aa_layer",
            "act_layer",
            "bn_eps",
            "norm_eps",
            "norm_layer",
            "output_stride",
            "pad_type",
            "replace_stem_pool",
        ];
        /// timm's names of the mean of all places.
        const MEANS: [&str; 4] = ["", "avg", "fast", "fastavg"];
        let name = self.architecture.as_deref().unwrap_or_default();
        let hugging_face = self.model_type.as_deref();
        let silent =
            self.model_args.iter().flat_map(BTreeMap::keys).find(|key| SILENT.contains(&key.as_str()));
        let chosen = self.model_args.as_ref().and_then(|args| args.get("global_pool")?.as_str());
        let mut pools = chosen.into_iter().chain(self.global_pool.as_deref());
        let activation = match hugging_face {
            Some("resnet" | "regnet") => Some("relu"),
            Some("mobilenet_v2") => Some("relu6"),
            _ => None,
        };
        let what = if pools.any(|pool| !MEANS.contains(&pool)) {
            "another pooling before its classifier than the mean"
        } else if ["resnetaa", "resnetblur", "densenetblur"].iter().any(|family| name.contains(family)) {
            "anti-aliasing"
        } else if hugging_face == Some("mobilenet_v2") && self.tf_padding == Some(false) {
            "PyTorch's padding in place of TensorFlow's (tf_padding)"
        } else if hugging_face == Some("mobilenet_v2") && self.layer_norm_eps.is_some_and(|eps| eps != 1e-3) {
            "another ε in its normalisations than 0.001 (layer_norm_eps)"
        } else if hugging_face == Some("mobilenet_v2")
            && self.output_stride.is_some_and(|stride| stride != 32)
        {
            "dilated convolutions (output_stride)"
        } else if hugging_face == Some("regnet") && self.downsample_in_first_stage == Some(false) {
            "no stride in its first stage (downsample_in_first_stage)"
        } else if hugging_face == Some("resnet") && self.downsample_in_first_stage == Some(true) {
            "a stride in its first stage (downsample_in_first_stage)"
        } else if silent.is_some()
            || self.hidden_act.as_deref().is_some_and(|act| activation.is_some_and(|own| own != act))
        {
            "other activations, strides or padding"
        } else {
            return Ok(());
        };
        Err(error!(
            Weights,
            "card-variant",
            "{file}: the network has {what}, which its tensors do not tell and this program does not compute; choose weights of another network",
            file = CONFIG,
            what
        ))
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
        error!(Weights, "card-json", "{file}: not understood ({cause})", file, cause).with_source(cause)
    })
}
