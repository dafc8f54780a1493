//! Which head the tensors of a file are that are not a network's features.

use serde::{Deserialize, Serialize};

use crate::error::error;
use crate::network::{HeadLayer, HeadPlan, pooling_to};
use crate::{Error, Note, Result};

/// The code of the note that ReLUs are assumed.
pub const ACTIVATIONS: &str = "head-activations";
/// The code of the note that what stands before the first layer is assumed.
pub const FIRST: &str = "head-first";

/// A tensor that may be a head's: its name and shape.
pub type Part<'a> = (&'a str, &'a [usize]);

/// A head as a card states it: not every weight file tells the order of its layers, and none where ReLUs are.
///
/// ```
/// use cam_lucida::weights::Card;
///
/// let config = r#"{ "architecture": "resnet18", "head": { "layers": ["fc.0", "fc.1", "relu", "fc.3"] } }"#;
/// let head = Card::read(config, None)?.head.expect("the card states one");
/// assert_eq!(head.layers, ["fc.0", "fc.1", "relu", "fc.3"]);
/// assert!(head.functional_relu);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedHead {
    /// The names of its linear layers and batch normalisations, without `.weight`, in the order in which they compute, and `relu` for
    /// each ReLU.
    pub layers: Vec<String>,
    /// As [`HeadPlan::functional_relu`].
    #[serde(default = "yes")]
    pub functional_relu: bool,
}

/// What stands for a ReLU in a [`StatedHead`].
const RELU: &str = "relu";

fn yes() -> bool {
    true
}

impl StatedHead {
    /// The statement of a plan.
    pub fn new(plan: &HeadPlan) -> Self {
        let layers = plan.layers.iter().map(|layer| layer.name().unwrap_or(RELU).to_string());
        Self { layers: layers.collect(), functional_relu: plan.functional_relu }
    }

    /// The head whose tensors have the shapes that `shape` tells.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights) when a layer is not there, or is none that a head may have.
    pub fn plan<'a>(&self, shape: impl Fn(&str) -> Option<&'a [usize]>) -> Result<HeadPlan> {
        let mut inputs = None;
        let mut layers = Vec::new();
        for name in &self.layers {
            let (layer, takes) = match shape(&format!("{name}.weight")) {
                None if name == RELU => {
                    layers.push(HeadLayer::Relu);
                    continue;
                }
                Some(&[outputs, inputs] | &[outputs, inputs, 1, 1]) => {
                    let bias = shape(&format!("{name}.bias")).is_some();
                    (HeadLayer::Linear { name: name.clone(), outputs, bias }, inputs)
                }
                Some(&[width]) => (HeadLayer::BatchNorm { name: name.clone() }, width),
                _ => {
                    return Err(error!(
                        Weights,
                        "head-stated",
                        "the model's card names `{name}` in its `head`, and the weights have no linear layer and no batch normalisation of this name; name all layers of the head in their order, and `relu` for each ReLU",
                        name
                    ));
                }
            };
            inputs.get_or_insert(takes);
            layers.push(layer);
        }
        let inputs = inputs.ok_or_else(|| {
            error!(
                Weights,
                "head-stated-empty",
                "the `head` of the model's card names no layer; name all layers of the head in their order, or leave it out"
            )
        })?;
        Ok(HeadPlan { inputs, layers, functional_relu: self.functional_relu })
    }
}

/// A module of a head, by its tensors.
enum Kind {
    Linear { inputs: usize, outputs: usize, bias: bool },
    BatchNorm { width: usize },
}

/// The head whose tensors `parts` are, in order, on features of `channels` channels.
///
/// Activations have no tensors. A gap in the numbers of a `Sequential` tells that something is between two layers: a ReLU, once
/// between two linear layers. Layers under names are taken to have one between them, too. A note says so, also where a gap is
/// taken for nothing that counts, such as a dropout.
///
/// `side`: rows and columns that the architecture's own head pools to.
///
/// Without parts, the features are all that there is.
///
/// # Errors
/// [`is_weights`](Error::is_weights) when they are no sequence of linear layers and batch normalisations.
pub fn plan(parts: &[Part], channels: usize, side: usize) -> Result<(HeadPlan, Vec<Note>)> {
    let modules = modules(parts)?;
    let takes_features = |inputs: usize| pooling_to(inputs, channels).is_some();
    let Some((_, first)) = modules.first() else {
        let note = error!(
            Weights,
            "no-head",
            "the file holds the network's features, but no classifier: there are no classes, and their mean activation takes the place of a score. For class scores, save the whole network's state dict"
        );
        let plan = HeadPlan { inputs: channels, layers: Vec::new(), functional_relu: true };
        return Ok((plan, vec![note.into()]));
    };
    let inputs = first.inputs();
    let mut width = inputs;
    let mut layers = Vec::new();
    // Since the last linear layer: its name, and whether a ReLU was put behind it.
    let mut last: Option<(&str, bool)> = None;
    let mut before: Option<&str> = None;
    let mut assumed = false;
    for (place, (name, kind)) in modules.iter().enumerate() {
        let parallel =
            last.is_some() && !siblings(modules[place - 1].0, name) && takes_features(kind.inputs());
        if kind.inputs() != width || place == 0 && !takes_features(inputs) || parallel {
            return Err(ambiguous(&modules, channels));
        }
        let between = before.map_or(Gap::Nothing, |before| gap(before, name));
        assumed |= matches!(between, Gap::Something);
        if let Some((_, rectified)) = &mut last {
            let is_last_chance = matches!(kind, Kind::Linear { .. });
            let wanted = match between {
                Gap::Something => true,
                Gap::Nothing => false,
                // Under names only linear layers tell that the one before is over.
                Gap::Unknown => is_last_chance,
            };
            if wanted && !*rectified {
                layers.push(HeadLayer::Relu);
                *rectified = true;
                assumed = true;
            }
        }
        before = Some(name);
        layers.push(match *kind {
            Kind::Linear { outputs, bias, .. } => {
                width = outputs;
                last = Some((name, false));
                HeadLayer::Linear { name: name.to_string(), outputs, bias }
            }
            Kind::BatchNorm { .. } => HeadLayer::BatchNorm { name: name.to_string() },
        });
    }
    // Without a linear layer there are no classes.
    if last.is_none() {
        return Err(ambiguous(&modules, channels));
    }
    let mut notes = Vec::new();
    if assumed {
        notes.push(error!(
            Weights,
            "head-activations",
            "the file's head has the layers {layers}; ReLUs are assumed between linear ones, since no weight file tells them",
            layers = names(&modules)
        ));
    }
    if let Some(place) = modules.first().and_then(|(name, _)| before_first(name)) {
        notes.push(behind(&place, modules[0].0));
    }
    if inputs == 2 * channels {
        notes.push(error!(
            Weights,
            "head-pooling",
            "the file's head takes {inputs} numbers of {channels} channels: their largest values, then their means are assumed, as fastai pools",
            inputs,
            channels
        ));
    }
    let pooled = (inputs / channels.max(1)).isqrt();
    if inputs == channels * pooled * pooled && pooled != side {
        notes.push(error!(
            Weights,
            "head-pooling-parts",
            "the file's head takes {inputs} numbers of {channels} channels: their means in {pooled} × {pooled} parts of the picture are assumed",
            inputs,
            channels,
            pooled
        ));
    }
    if let Some(HeadLayer::Linear { bias: false, .. }) = layers.last() {
        notes.push(error!(
            Weights,
            "head-without-bias",
            "the file's last layer has no bias: it is taken for a linear one. Heads that compare angles, such as ArcFace's, have no bias either, and compute otherwise"
        ));
    }
    Ok((HeadPlan { inputs, layers, functional_relu: true }, notes.into_iter().map(Note::from).collect()))
}

/// What is told of something without tensors, at `before`, ahead of a head's first layer.
pub fn behind(before: &str, first: &str) -> Error {
    error!(
        Weights,
        "head-first",
        "`{before}` stands before the head's first layer `{first}` and has no tensors: it is taken for a dropout, which does nothing here. An activation there, such as a Tanh, would change the scores, and no weight file tells it",
        before,
        first
    )
}

impl Kind {
    fn inputs(&self) -> usize {
        match *self {
            Self::Linear { inputs, .. } => inputs,
            Self::BatchNorm { width } => width,
        }
    }
}

fn names(modules: &[(&str, Kind)]) -> String {
    modules.iter().take(8).map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn ambiguous(modules: &[(&str, Kind)], channels: usize) -> Error {
    error!(
        Weights,
        "head-ambiguous",
        "beside the network's features the file holds the layers {layers}, which are no sequence of linear layers on {channels} channels; save a network with one head",
        layers = names(modules),
        channels
    )
}

/// The modules of these tensors, in the order in which each starts.
fn modules<'a>(parts: &[Part<'a>]) -> Result<Vec<(&'a str, Kind)>> {
    let mut found: Vec<(&str, Vec<Part>)> = Vec::new();
    for &(name, shape) in parts {
        let (module, part) = name.rsplit_once('.').unwrap_or((name, ""));
        match found.iter_mut().find(|(found, _)| *found == module) {
            Some((_, parts)) => parts.push((part, shape)),
            None => found.push((module, vec![(part, shape)])),
        }
    }
    let count = found.len();
    let mut modules = Vec::new();
    for (module, parts) in found {
        let shape = |name: &str| parts.iter().find(|(part, _)| *part == name).map(|(_, shape)| *shape);
        let one = |name: &str| shape(name).and_then(|shape| <[usize; 1]>::try_from(shape).ok());
        let known = |names: &[&str]| parts.iter().all(|(part, _)| names.contains(part));
        let kind = match shape("weight") {
            // On pooled features, a convolution of one pixel is a linear layer.
            Some(&[outputs, inputs] | &[outputs, inputs, 1, 1])
                if known(&["weight", "bias"]) && one("bias").is_none_or(|[bias]| bias == outputs) =>
            {
                Some(Kind::Linear { inputs, outputs, bias: shape("bias").is_some() })
            }
            Some(&[width]) if known(&["weight", "bias", "running_mean", "running_var"]) => {
                ["bias", "running_mean", "running_var"]
                    .iter()
                    .all(|part| one(part) == Some([width]))
                    .then_some(Kind::BatchNorm { width })
            }
            _ => None,
        };
        let (part, shape) = parts[0];
        let kind = kind.filter(|kind| kind.inputs() > 0).ok_or_else(|| {
            let name = if part.is_empty() { module.into() } else { format!("{module}.{part}") };
            error!(
                Weights,
                "head-unknown",
                "beside the network's features the file holds tensor `{name}` of shape {shape}, one of {count} modules there; a head may have linear layers and batch normalisations",
                name,
                shape = format!("{shape:?}"),
                count
            )
        })?;
        modules.push((module, kind));
    }
    Ok(modules)
}

/// What is between two layers that follow one another.
enum Gap {
    Nothing,
    Something,
    Unknown,
}

/// The name of the one module that stands before `first` in its Sequential.
fn before_first(first: &str) -> Option<String> {
    first.strip_suffix(".1").map(|parent| format!("{parent}.0"))
}

/// The parts of two names from where they differ.
fn differing<'a>(a: &'a str, b: &'a str) -> (Vec<&'a str>, Vec<&'a str>) {
    let (a, b): (Vec<_>, Vec<_>) = (a.split('.').collect(), b.split('.').collect());
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    (a[same..].to_vec(), b[same..].to_vec())
}

/// Whether two names differ in a number first, such as `fc.0` and `fc.3`, or `fc1` and `fc2`: the layers are a sequence.
fn siblings(a: &str, b: &str) -> bool {
    let stem = |parts: &[&str]| {
        let part = *parts.first()?;
        let stem = part.trim_end_matches(|c: char| c.is_ascii_digit());
        (stem != part).then(|| stem.to_string())
    };
    let (a, b) = differing(a, b);
    stem(&a).is_some() && stem(&a) == stem(&b)
}

fn gap(before: &str, after: &str) -> Gap {
    let (before, after) = differing(before, after);
    let number = |parts: &[&str]| parts.first().and_then(|part| part.parse::<usize>().ok());
    match (number(&before), number(&after)) {
        (Some(a), Some(b)) if b == a + 1 && before.len() == 1 => {
            // Within a Sequential of its own there may be something first.
            let leads = after[1..].first().and_then(|part| part.parse::<usize>().ok());
            if leads.is_some_and(|place| place > 0) { Gap::Something } else { Gap::Nothing }
        }
        (Some(a), Some(b)) if b > a + 1 => Gap::Something,
        _ => Gap::Unknown,
    }
}
