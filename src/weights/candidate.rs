//! The networks that a weight file may hold.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::format::names::Named;
use super::format::{Entry, SavedModule, State, Stored, join, names};
use super::head::StatedHead;
use crate::error::error;
use crate::network::{Blueprint, Variant};
use crate::{Error, Result};

/// The most classes of a network.
pub const MAX_CLASSES: usize = 100_000;
/// Under what names training scripts keep averages of a network, or a second one that follows it.
const AVERAGES: [&str; 11] =
    ["ema", "averaged", "avg", "swa", "teacher", "momentum", "shadow", "polyak", "target", "k", "key"];
/// Under what names they keep the network itself.
const NETWORK_PATHS: [&str; 8] =
    ["", "state_dict", "model_state_dict", "model", "net", "network", "model.state_dict", "module"];

/// Tensors of a file that may be one network.
#[derive(Clone)]
pub struct Candidate {
    /// Where in the file they are.
    pub label: String,
    /// The dict or module of the file that they are from.
    pub path: String,
    /// How far it is from being the network itself: 0 under one of [`NETWORK_PATHS`], 2 an average, 1 elsewhere.
    pub rank: u8,
    /// What stands before the names of its features, such as `backbone.`.
    pub prefix: String,
    /// The tensors whose names do not start so.
    pub outside: HashSet<String>,
    /// Whether they were in several dicts.
    pub joined: bool,
    /// The class of a module that was saved whole.
    pub class: Option<String>,
    /// What such a module and those in it say of themselves.
    pub modules: Arc<[SavedModule]>,
    pub damaged: Option<Error>,
    /// Whether the file's order is that in which the network was built.
    pub ordered: bool,
    pub tensors: BTreeMap<String, Entry>,
    /// Their names in the file's order.
    pub order: Vec<String>,
    /// The file's names of those that were renamed.
    pub originals: HashMap<String, String>,
    /// How its network computes where tensors do not tell; `None`: nobody says.
    pub variant: Option<Variant>,
    /// The head, where a card states it.
    pub head: Option<StatedHead>,
    /// Whether other networks of the same dict may share those outside.
    pub several: bool,
    /// The place before the network's, where nothing that stands before it in its `Sequential` has tensors.
    pub behind: Option<String>,
}

impl Candidate {
    /// Those of a state; a state whose names clash gives an error.
    pub fn of(state: &State) -> Result<Vec<Self>> {
        let views = names::views(state)?;
        let several = views.len() > 1;
        let modules: Arc<[SavedModule]> = state.modules.clone().into();
        let views = views.into_iter().map(|view| {
            let label = match view.prefix.trim_end_matches('.') {
                "" => state.path.clone(),
                prefix => join(&state.path, prefix),
            };
            let words = label.split(['.', '_']).map(str::to_lowercase);
            let rank = match () {
                () if words.into_iter().any(|word| AVERAGES.contains(&word.as_str())) => 2,
                () if NETWORK_PATHS.contains(&state.path.as_str()) => 0,
                () => 1,
            };
            // timm's VGG, whose names become torchvision's.
            let is_timms = |tensor: &Named| {
                tensor.name == "classifier.0.weight" && tensor.original.ends_with("pre_logits.fc1.weight")
            };
            let variant = view.tensors.iter().any(is_timms).then_some(Variant::TimmPool);
            let mut candidate = Self {
                label,
                path: state.path.clone(),
                rank,
                outside: view.tensors.iter().skip(view.inside).map(|tensor| tensor.name.clone()).collect(),
                prefix: view.prefix,
                joined: state.joined,
                class: state.class.clone(),
                modules: Arc::clone(&modules),
                damaged: state.damaged.clone(),
                ordered: state.ordered,
                tensors: BTreeMap::new(),
                order: Vec::new(),
                originals: HashMap::new(),
                variant,
                head: None,
                several,
                behind: view.behind,
            };
            for tensor in view.tensors {
                candidate.order.push(tensor.name.clone());
                if tensor.original != tensor.name {
                    candidate.originals.insert(tensor.name.clone(), tensor.original);
                }
                candidate.tensors.insert(tensor.name, tensor.entry);
            }
            candidate
        });
        Ok(views.collect())
    }

    /// The file's name of a tensor.
    pub fn original<'a>(&'a self, name: &'a str) -> &'a str {
        self.originals.get(name).map_or(name, String::as_str)
    }

    /// The shape of a tensor that can be read.
    pub fn shape(&self, name: &str) -> Option<&[usize]> {
        self.tensors.get(name)?.stored().map(|stored| stored.shape.as_slice())
    }

    /// Gives tensors other names.
    pub fn rename(&mut self, renames: &[(String, String)]) {
        for (from, to) in renames.iter().filter(|(from, to)| from != to) {
            let Some(entry) = self.tensors.remove(from) else { continue };
            self.tensors.insert(to.clone(), entry);
            let original = self.originals.remove(from).unwrap_or_else(|| from.clone());
            self.originals.insert(to.clone(), original);
            self.order.iter_mut().filter(|name| *name == from).for_each(|name| name.clone_from(to));
        }
    }

    /// Whether no prediction needs a tensor that no network has.
    pub fn is_unused(&self, name: &str, blueprint: &Blueprint) -> bool {
        name.ends_with("num_batches_tracked")
            || blueprint.training_only.iter().any(|start| name.starts_with(start))
            || matches!(self.tensors.get(name), Some(Entry::Other(_))) && !is_parameter(name)
            || self.tensors.get(name).and_then(Entry::stored).is_some_and(Stored::is_counter)
            || self.is_of_training(name)
    }

    /// Whether a tensor is of a loss, a measure or a queue, which training scripts keep beside the network. A measure has no
    /// layer: `f1` may also be a linear one, and `test_norm` a normalisation.
    pub fn is_of_training(&self, name: &str) -> bool {
        let first = name.split('.').next().unwrap_or_default();
        let is_layer = |tensor: &String| tensor.split('.').next() == Some(first) && is_parameter(tensor);
        is_loss(first) || is_measure(first) && !self.tensors.keys().any(is_layer)
    }

    /// Why there is no network, where the file holds parts of which PyTorch computes a tensor anew at every step.
    pub fn in_parts(&self) -> Option<Error> {
        let has = |name: &str| self.tensors.contains_key(name);
        let part = |end: &str| self.order.iter().find_map(|name| Some((name, name.strip_suffix(end)?)));
        let pruned = part(".weight_orig").filter(|(_, module)| has(&format!("{module}.weight_mask")));
        let pruned = pruned.or(part(".bias_orig").filter(|(_, module)| has(&format!("{module}.bias_mask"))));
        if let Some((name, _)) = pruned {
            return Some(error!(
                Weights,
                "tensor-pruned",
                "the network was pruned, and the file holds `{name}` and its mask in place of a tensor: make it permanent with torch.nn.utils.prune.remove(module, name) for each module that was pruned, and save the state dict again",
                name = self.original(name)
            ));
        }
        let normalised = part(".weight_g").filter(|(_, module)| has(&format!("{module}.weight_v")));
        let (name, call) = None
            .or(normalised.map(|(name, _)| (name, "torch.nn.utils.remove_weight_norm(module)")))
            .or(part(".weight_orig").map(|(name, _)| (name, "torch.nn.utils.remove_spectral_norm(module)")))
            .or(part(".parametrizations.weight.original0")
                .or(part(".parametrizations.weight.original"))
                .map(|(name, _)| {
                    (name, "torch.nn.utils.parametrize.remove_parametrizations(module, \"weight\")")
                }))?;
        Some(error!(
            Weights,
            "tensor-parametrised",
            "the file holds `{name}`, of which PyTorch computes a weight anew at every step: make it permanent with {call}, and save the state dict again",
            name = self.original(name),
            call
        ))
    }

    /// Whether the stem is of three convolutions, as that of timm's ResNet-D.
    pub fn has_deep_stem(&self) -> bool {
        ["conv1.0.weight", "conv1.3.weight", "layer1.0.conv1.weight"]
            .iter()
            .all(|name| self.tensors.contains_key(*name))
    }

    /// Whether there are as many matrices as networks have, whether or not their network is known.
    pub fn is_like_a_network(&self) -> bool {
        const MIN_MATRICES: usize = 8;
        let matrices =
            self.tensors.values().filter_map(Entry::stored).filter(|stored| stored.shape.len() > 1);
        matrices.count() >= MIN_MATRICES
    }

    /// Tensor `name`, which must have this `shape`.
    pub fn find(&self, name: &str, shape: &[usize]) -> Result<&Stored> {
        let stored = self.stored(name)?;
        let found = &stored.shape;
        let is_linear = matches!(shape, &[_, _]) && matches!(found[..], [_, _, 1, 1]) && found[..2] == *shape;
        // On pooled features, a convolution of one pixel is a linear layer.
        if found != shape && !is_linear {
            return Err(error!(
                Weights,
                "tensor-shape",
                "tensor `{name}` has shape {found}, but this network needs {wanted}",
                name,
                found = format!("{found:?}"),
                wanted = format!("{shape:?}")
            ));
        }
        Ok(stored)
    }

    fn stored(&self, name: &str) -> Result<&Stored> {
        match self.tensors.get(name) {
            Some(Entry::Stored(stored)) => Ok(stored),
            Some(Entry::Unreadable(error) | Entry::Other(error)) => Err(error.clone()),
            None => Err(error!(
                Weights,
                "tensor-missing",
                "tensor `{name}` is missing; the file {contents}",
                name,
                contents = self.contents()
            )),
        }
    }

    /// The length of a tensor's first axis, which counts classes.
    pub fn rows(&self, name: &str) -> Result<usize> {
        let shape = &self.stored(name)?.shape;
        shape.first().copied().filter(|rows| (1..=MAX_CLASSES).contains(rows)).ok_or_else(|| {
            error!(
                Weights,
                "class-count",
                "tensor `{name}` has shape {shape}; its first axis counts the classes, 1 to {max}",
                name,
                shape = format!("{shape:?}"),
                max = MAX_CLASSES
            )
        })
    }

    /// What the file holds, in a few words.
    pub fn contents(&self) -> String {
        let first = self.tensors.keys().next();
        let contents = first.map(|first| format!("holds `{first}`{}", and_more(self.tensors.len() - 1)));
        contents.unwrap_or("holds no tensors".into())
    }
}

/// Whether layers call what they are made of so.
fn is_parameter(name: &str) -> bool {
    const PARTS: [&str; 4] = ["weight", "bias", "running_mean", "running_var"];
    name.rsplit('.').next().is_some_and(|part| PARTS.contains(&part))
}

/// Whether training scripts call a loss so.
fn is_loss(name: &str) -> bool {
    const WEIGHTS: [&str; 3] = ["class_weight", "class_weights", "pos_weight"];
    let name = name.to_lowercase();
    WEIGHTS.contains(&name.as_str())
        || name.ends_with("loss")
        || name.split('_').any(|word| ["criterion", "loss"].contains(&word))
}

/// Whether Lightning or MoCo calls a measure or a queue so.
fn is_measure(name: &str) -> bool {
    const WORDS: [&str; 10] =
        ["metric", "metrics", "acc", "accuracy", "auroc", "f1", "queue", "train", "val", "test"];
    name.to_lowercase().split('_').any(|word| WORDS.contains(&word))
}

/// The name of a tensor's module.
pub fn module(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(module, _)| module)
}

pub fn and_more(count: usize) -> String {
    match count {
        0 => String::new(),
        more => format!(" and {more} more"),
    }
}
