//! What training scripts say beside a network's tensors in their file: read as a card, where none is there.

use serde_json::Value;

use super::format::{Beside, join};
use super::settings::{self, Computed, Timm};
use crate::error::error;
use crate::network::{Architecture, Variant};
use crate::{Note, Result};

/// What stands for the file in errors.
const CHECKPOINT: &str = "checkpoint";
/// The keys under which scripts name a network.
const NAMES: [&str; 15] = [
    "arch",
    "architecture",
    "backbone",
    "backbone_name",
    "base_model",
    "encoder",
    "encoder_name",
    "model",
    "model_arch",
    "model_name",
    "net",
    "network",
    "network_name",
    "timm_model",
    "timm_model_name",
];
/// Dicts of timm's settings for a network.
const MODEL_SETTINGS: [&str; 2] = ["model_args", "model_kwargs"];
/// What such dicts may say that changes nothing that a network computes.
const OF_LOADING: [&str; 8] = [
    "cache_dir",
    "checkpoint_path",
    "pretrained_cfg",
    "pretrained_cfg_overlay",
    "pretrained_strict",
    "progress",
    "scriptable",
    "weights",
];
/// timm's settings that scripts also keep elsewhere.
const SETTINGS: [&str; 9] = [
    "aa_layer",
    "act_layer",
    "bn_eps",
    "bn_tf",
    "global_pool",
    "output_stride",
    "pad_type",
    "replace_stem_pool",
    "stem_type",
];
/// mmpretrain's settings of a ResNet, and what they are here. Its configuration is Python code.
const OF_MMPRETRAIN: [(&str, &[&str]); 3] = [
    ("strides", &["(1,2,2,2)", "[1,2,2,2]"]),
    ("dilations", &["(1,1,1,1)", "[1,1,1,1]"]),
    ("conv_cfg", &["None"]),
];
/// What names of networks contain, without `_`, and one name for each family.
const FAMILIES: [(&str, &str); 10] = [
    ("resnet", "resnet"),
    ("resnext", "resnet"),
    ("resnetv1", "resnet"),
    ("densenet", "densenet"),
    ("mobilenetv2", "mobilenet"),
    ("inception", "inception"),
    ("regnet", "regnet"),
    ("shufflenet", "shufflenet"),
    ("squeezenet", "squeezenet"),
    ("vgg", "vgg"),
];
/// The longest name in a note, in characters.
const MAX_NAME: usize = 60;

/// One thing that is said: where, under which key, in which dict, and the value, which holds no others.
struct Said {
    at: String,
    within: String,
    key: String,
    value: Value,
}

/// What a file says beside the tensors of its network.
#[derive(Clone, Default)]
pub struct Checkpoint(Vec<Beside>);

/// What follows from it.
#[derive(Default)]
pub struct Followed {
    /// How the network computes where its tensors do not tell.
    pub variant: Option<Variant>,
    pub notes: Vec<Note>,
}

impl Checkpoint {
    /// What the dicts say that the state at `path` is in.
    pub fn new(beside: Vec<Beside>, path: &str) -> Self {
        let is_around = |beside: &Beside| match path.strip_prefix(beside.path.as_str()) {
            Some(rest) => beside.path.is_empty() || rest.is_empty() || rest.starts_with('.'),
            None => false,
        };
        Self(beside.into_iter().filter(is_around).collect())
    }

    /// Checks that the network is computed as the file says, where its tensors, those of `architecture`, do not tell.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights), naming what says otherwise.
    pub fn follow(&self, architecture: &Architecture) -> Result<Followed> {
        let mut followed = Followed::default();
        let mut named: Vec<String> = Vec::new();
        for said in self.said() {
            let Said { at, within, key, value } = &said;
            let is_name = NAMES.contains(&key.as_str())
                || key == "name" && NAMES.contains(&within.as_str())
                || key == "type" && within == "backbone";
            if let (true, Some(name)) = (is_name, value.as_str()) {
                // A repository's owner stands before the name.
                let name = name.rsplit('/').next().unwrap_or(name).to_lowercase();
                settings::check_name(CHECKPOINT, &name)?;
                if !name.is_empty() && family(&name) != family(architecture.name) && !named.contains(&name) {
                    followed.notes.push(named_otherwise(&name, at, architecture));
                    named.push(name);
                }
            }
            self.check(&said, architecture)?;
            match value.as_str() {
                Some("caffe") if key == "style" => followed.variant = caffe(architecture),
                Some(code) if key == "cfg" => {
                    if let Some(variant) = check_python(at, code, architecture)? {
                        followed.variant = Some(variant);
                    }
                }
                _ => {}
            }
        }
        Ok(followed)
    }

    fn check(&self, said: &Said, architecture: &Architecture) -> Result<()> {
        let Said { at, within, key, value } = said;
        if value.is_null() {
            return Ok(());
        }
        let of_model = MODEL_SETTINGS.contains(&within.as_str());
        let computed = match key.as_str() {
            // timm's train.py.
            "gp" => Some(settings::MEAN),
            key if of_model && OF_LOADING.contains(&key) => None,
            key if of_model || SETTINGS.contains(&key) => {
                match settings::of_timm(Some(architecture.name), key) {
                    Timm::Any => None,
                    Timm::Only(computed) => Some(computed),
                    Timm::Unknown => {
                        return Err(error!(
                            Weights,
                            "checkpoint-setting-unknown",
                            "beside the network's tensors the file says `{name}`, a setting that is not known, and tensors do not tell what it changes. If it changes nothing that the network computes, state the variant `torchvision`",
                            name = at
                        ));
                    }
                }
            }
            _ => None,
        };
        computed.map_or(Ok(()), |computed: Computed| computed.check(CHECKPOINT, at, value))
    }

    /// Everything that is said.
    fn said(&self) -> Vec<Said> {
        let mut said = Vec::new();
        for Beside { path, said: dict } in &self.0 {
            for (key, value) in dict {
                add(&mut said, path, "", key, value);
            }
        }
        said
    }
}

/// Adds what `value` says, which stands under `key` in the dict `within`, which is at `path`.
fn add(said: &mut Vec<Said>, path: &str, within: &str, key: &str, value: &Value) {
    let at = join(path, key);
    match value {
        Value::Object(dict) if key != "block_args" => {
            dict.iter().for_each(|(inner, value)| add(said, &at, key, inner, value));
        }
        _ => said.push(Said { at, within: within.into(), key: key.into(), value: value.clone() }),
    }
}

/// The variant of Caffe's strides, where the network may have them.
fn caffe(architecture: &Architecture) -> Option<Variant> {
    Some(Variant::CaffeStrides).filter(|variant| architecture.variants.contains(variant))
}

/// What family a network of this name is of.
fn family(name: &str) -> Option<&'static str> {
    let name = name.replace('_', "");
    FAMILIES.iter().find(|(part, _)| name.contains(part)).map(|(_, family)| *family)
}

fn named_otherwise(name: &str, at: &str, architecture: &Architecture) -> Note {
    error!(
        Weights,
        "checkpoint-network",
        "beside the network's tensors the file names `{name}` (`{at}`), which is no name of {title}: they are computed as those of {title}. Where that network computes otherwise, the scores are wrong",
        name = name.chars().take(MAX_NAME).collect::<String>(),
        at,
        title = architecture.title
    )
    .into()
}

/// Checks a configuration of mmpretrain, which is Python code at `at`.
fn check_python(at: &str, code: &str, architecture: &Architecture) -> Result<Option<Variant>> {
    let Some(backbone) = argument(code, "backbone") else { return Ok(None) };
    for (setting, computed) in OF_MMPRETRAIN {
        let Some(found) = argument(backbone, setting) else { continue };
        let found: String = found.chars().filter(|c| !c.is_whitespace()).collect();
        if !computed.contains(&found.as_str()) {
            let name = format!("{at}.backbone.{setting}");
            Computed::OneOf(computed).check(CHECKPOINT, &name, &Value::from(found))?;
        }
    }
    let style = argument(backbone, "style").map(|style| style.trim_matches(['\'', '"']));
    Ok(if style == Some("caffe") { caffe(architecture) } else { None })
}

/// The value of the first keyword argument of this name in a piece of Python code.
fn argument<'a>(code: &'a str, name: &str) -> Option<&'a str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let (start, _) = code.match_indices(name).find(|(at, _)| {
        !code[..*at].ends_with(is_word) && code[at + name.len()..].trim_start().starts_with('=')
    })?;
    let value = code[start + name.len()..].trim_start().strip_prefix('=')?.trim_start();
    let mut depth = 0_usize;
    let end = value.find(|c| match c {
        '(' | '[' | '{' => {
            depth += 1;
            false
        }
        ')' | ']' | '}' if depth > 0 => {
            depth -= 1;
            false
        }
        ')' | ']' | '}' => true,
        ',' | '\n' => depth == 0,
        _ => false,
    });
    Some(value[..end.unwrap_or(value.len())].trim())
}
