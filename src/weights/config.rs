//! A model's `config.json`, as Hugging Face, timm and this program write it.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::Deserialize;
use serde_json::Value;

use super::head::StatedHead;
use super::labels::{Pairs, numbered};
use super::noted::Noted;
use super::preprocessing::Pretrained;
use super::settings::{self, Timm};
use crate::error::error;
use crate::network::{Variant, untagged};
use crate::{Error, Result};

pub const CONFIG: &str = "config.json";
pub const PREPROCESSOR: &str = "preprocessor_config.json";

#[derive(Deserialize)]
pub struct Config {
    pub architecture: Option<String>,
    pub num_classes: Option<usize>,
    /// Hugging Face's number of the same.
    pub num_labels: Option<usize>,
    id2label: Option<Pairs<String>>,
    label2id: Option<Pairs<Value>>,
    label_names: Option<Vec<String>>,
    pub problem_type: Option<String>,
    pub pretrained_cfg: Option<Pretrained>,
    pub words: Option<Vec<String>>,
    pub function_words: Option<Vec<String>>,
    pub relation_words: Option<Vec<String>>,
    pub synonyms: Option<BTreeMap<String, String>>,
    pub transform_input: Option<bool>,
    pub variant: Option<String>,
    pub head: Option<StatedHead>,
    pub assumed: Option<Vec<String>>,
    pub noted: Option<Vec<Noted>>,
    /// Hugging Face's name of the family.
    pub model_type: Option<String>,
    pub downsample_in_bottleneck: Option<bool>,
    /// Hugging Face's number of the input's channels.
    num_channels: Option<usize>,
    /// Hugging Face's settings that leave no trace in tensors.
    tf_padding: Option<Value>,
    layer_norm_eps: Option<Value>,
    output_stride: Option<Value>,
    downsample_in_first_stage: Option<Value>,
    hidden_act: Option<Value>,
    /// Hugging Face's rows and columns of the input: one number for both, or two.
    image_size: Option<Value>,
    /// timm's settings beside the name.
    model_args: Option<BTreeMap<String, Value>>,
    /// timm's name of how features are pooled.
    global_pool: Option<Value>,
}

impl Config {
    /// Checks that the network is computed as the config says, where tensors do not tell.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights), naming the entry that says otherwise.
    pub fn check_settings(&self) -> Result<()> {
        let name = self.architecture.as_deref();
        name.map_or(Ok(()), |name| settings::check_name(CONFIG, name))?;
        let of_hugging_face = [
            ("hidden_act", &self.hidden_act),
            ("tf_padding", &self.tf_padding),
            ("layer_norm_eps", &self.layer_norm_eps),
            ("output_stride", &self.output_stride),
            ("downsample_in_first_stage", &self.downsample_in_first_stage),
        ];
        for (setting, value) in of_hugging_face {
            if let (Some(value), Some(computed)) =
                (value, settings::of_hugging_face(self.model_type.as_deref(), setting))
            {
                computed.check(CONFIG, setting, value)?;
            }
        }
        if let Some(pool) = &self.global_pool {
            settings::MEAN.check(CONFIG, "global_pool", pool)?;
        }
        for (setting, value) in self.model_args.iter().flatten().filter(|(_, value)| !value.is_null()) {
            match settings::of_timm(name, setting) {
                Timm::Any => {}
                Timm::Only(computed) => computed.check(CONFIG, &format!("model_args.{setting}"), value)?,
                Timm::Unknown => {
                    return Err(error!(
                        Weights,
                        "card-setting-unknown",
                        "{file}: `model_args` has the unknown setting `{name}`, and tensors do not tell what it changes; remove it if it changes nothing that the network computes",
                        file = CONFIG,
                        name = setting
                    ));
                }
            }
        }
        Ok(())
    }

    /// Whether timm's settings may give the network other sizes than its name says.
    pub fn has_own_sizes(&self) -> bool {
        let mut settings = self.model_args.iter().flatten();
        settings.any(|(name, value)| settings::is_size(name) && !value.is_null())
    }

    /// Rows and columns of the input, where the config says them as Hugging Face does.
    pub fn image_size(&self) -> Option<[u64; 2]> {
        match self.image_size.as_ref()? {
            Value::Array(sides) => match &sides[..] {
                [height, width] => Some([height.as_u64()?, width.as_u64()?]),
                _ => None,
            },
            side => side.as_u64().map(|side| [side; 2]),
        }
    }

    /// Checks that no two entries say different things of one.
    pub fn check_contradictions(&self) -> Result<()> {
        let variant = self.variant.as_deref();
        let caffe: &str = Variant::CaffeStrides.into();
        if let (Some(variant), Some(strides)) = (variant, self.downsample_in_bottleneck)
            && (variant == caffe) != strides
        {
            return Err(contradiction(("variant", variant), ("downsample_in_bottleneck", strides)));
        }
        if let (Some(name), Some(family)) = (&self.architecture, self.model_type.as_deref()) {
            let start = match family {
                "resnet" => "resn",
                "mobilenet_v2" => "mobilenetv2",
                "regnet" => "regnet",
                _ => "",
            };
            if !name.to_lowercase().replace('_', "").contains(start) {
                return Err(contradiction(("architecture", name), ("model_type", family)));
            }
        }
        let of_numbers =
            self.pretrained_cfg.as_ref().and_then(|pretrained| pretrained.architecture.as_deref());
        if let (Some(name), Some(other)) = (self.architecture.as_deref(), of_numbers)
            && untagged(name) != untagged(other)
        {
            return Err(contradiction(("architecture", name), ("pretrained_cfg.architecture", other)));
        }
        if let (Some(classes), Some(labels)) = (self.num_classes, self.num_labels)
            && classes != labels
        {
            return Err(contradiction(("num_classes", classes), ("num_labels", labels)));
        }
        let argument = |name| self.model_args.as_ref().and_then(|arguments| arguments.get(name)?.as_u64());
        if let (Some(classes), Some(other)) = (self.num_classes, argument("num_classes"))
            && classes as u64 != other
        {
            return Err(contradiction(("num_classes", classes), ("model_args.num_classes", other)));
        }
        let of_network = argument("in_chans");
        let of_cfg = self.pretrained_cfg.as_ref().map(|pretrained| pretrained.input_size[0] as usize);
        let of_cfg = of_cfg.filter(|&channels| channels != Pretrained::CHANNELS);
        let stated = [
            ("num_channels", self.num_channels),
            ("in_chans", of_network.map(|channels| channels as usize)),
            ("input_size[0]", of_cfg),
        ];
        let mut stated = stated.into_iter().filter_map(|(key, channels)| Some((key, channels?)));
        if let Some(first) = stated.next()
            && let Some(other) = stated.find(|(_, channels)| *channels != first.1)
        {
            return Err(contradiction(first, other));
        }
        let says = |at: usize, name: Option<&String>| {
            name.map_or(format!("nothing of class {at}"), |name| format!("{name} of class {at}"))
        };
        let by_id = self.labels_by_id()?;
        if let (Some(labels), Some(names)) = (&by_id, &self.label_names) {
            let differs = |&at: &usize| labels.get(at) != names.get(at);
            if let Some(at) = (0..labels.len().max(names.len())).find(differs) {
                let (first, second) = (says(at, labels.get(at)), says(at, names.get(at)));
                return Err(contradiction(("id2label", first), ("label_names", second)));
            }
        }
        // Of two classes of one name it has one alone.
        for (name, id) in self.labels_to_ids() {
            let labels = by_id.as_ref().or(self.label_names.as_ref());
            let at = id.trim().parse().unwrap_or(usize::MAX);
            if let Some(found) = labels.map(|labels| labels.get(at)).filter(|found| *found != Some(name)) {
                let key = if by_id.is_some() { "id2label" } else { "label_names" };
                return Err(contradiction((key, says(at, found)), ("label2id", says(at, Some(name)))));
            }
        }
        Ok(())
    }

    /// How many channels the network takes, where the config says it.
    pub fn channels(&self) -> Option<usize> {
        let of_network = || self.model_args.as_ref()?.get("in_chans")?.as_u64().map(|count| count as usize);
        self.num_channels.or_else(of_network)
    }

    /// The class names.
    pub fn labels(&self) -> Result<Option<Vec<String>>> {
        if let Some(labels) = self.labels_by_id()?.or_else(|| self.label_names.clone()) {
            return Ok(Some(labels));
        }
        let pairs: Vec<_> = self.labels_to_ids().map(|(name, id)| (id, name.clone())).collect();
        if pairs.is_empty() { Ok(None) } else { numbered(pairs.into_iter()).map(Some).map_err(in_labels) }
    }

    fn labels_by_id(&self) -> Result<Option<Vec<String>>> {
        let pairs = self.id2label.as_ref().map(|names| numbered(names.0.iter().cloned()));
        pairs.transpose().map_err(in_labels)
    }

    /// The entries of `label2id`, whose ids may be texts.
    fn labels_to_ids(&self) -> impl Iterator<Item = (&String, String)> {
        let pairs = self.label2id.iter().flat_map(|pairs| &pairs.0);
        pairs.map(|(name, id)| (name, id.as_str().map_or_else(|| id.to_string(), String::from)))
    }
}

fn in_labels(cause: Error) -> Error {
    error!(Weights, "card-labels", "{file}: {cause}", file = CONFIG, cause).with_source(cause)
}

/// The error for an entry of the config and one of the preprocessor's file that say different things of one.
pub fn contradiction_beside<A: Display, B: Display>(first: (&str, A), second: (&str, B)) -> Error {
    error!(
        Weights,
        "card-files-contradict",
        "{file}: `{first}` says {a}, and `{second}` in {other} says {b}, which contradict each other; remove the wrong one, or make both say the same",
        file = CONFIG,
        first = first.0,
        a = first.1,
        second = second.0,
        other = PREPROCESSOR,
        b = second.1
    )
}

/// The error for two entries that say different things of one.
fn contradiction<A: Display, B: Display>(first: (&str, A), second: (&str, B)) -> Error {
    error!(
        Weights,
        "card-contradiction",
        "{file}: `{first}` says {a}, and `{second}` says {b}, which contradict each other; remove the wrong one",
        file = CONFIG,
        first = first.0,
        a = first.1,
        second = second.0,
        b = second.1
    )
}
