//! The networks that a weight file may hold, and how each differs from an architecture.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::format::names::Named;
use super::format::{Entry, SavedModule, State, Stored, join, names};
use super::head::{self, Part, StatedHead};
use super::saved::{self, Told};
use crate::error::error;
use crate::network::{Architecture, Blueprint, HeadLayer, HeadPlan, Parameters, Variant};
use crate::{Error, Note, Result};

/// The most numbers of a network: those of the largest file, of two bytes each.
const MAX_NUMBERS: usize = super::file::MAX_BYTES / 2;
/// How many numbers more than its file a network may have: tensors may share a few.
const MAX_SHARED: u64 = 1 << 20;
/// The most classes of a network.
pub const MAX_CLASSES: usize = 100_000;
/// Under what names training scripts keep averages of a network, or a second one that follows it.
const AVERAGES: [&str; 11] =
    ["ema", "averaged", "avg", "swa", "teacher", "momentum", "shadow", "polyak", "target", "k", "key"];
/// Under what names they keep the network itself.
const USUAL: [&str; 8] =
    ["", "state_dict", "model_state_dict", "model", "net", "network", "model.state_dict", "module"];

/// Tensors of a file that may be one network.
#[derive(Clone)]
pub struct Candidate {
    /// Where in the file they are.
    pub label: String,
    /// The dict or module of the file that they are from.
    pub path: String,
    /// How far it is from being the network itself: 0 under a usual name, 2 an average.
    pub rank: u8,
    /// What stands before the names of its features, such as `backbone.`.
    prefix: String,
    /// The tensors whose names do not start so.
    outside: HashSet<String>,
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
    several: bool,
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
                () if USUAL.contains(&state.path.as_str()) => 0,
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

    /// Whether these are exactly the tensors of `architecture`, perhaps with a head of another kind. Where nobody says which variant it
    /// is, modules that were saved whole may.
    pub fn fit(&self, architecture: &Architecture) -> std::result::Result<Fit, Difference> {
        let found = self.fit_as_stated(architecture);
        if found.is_ok() || self.variant.is_some() || self.modules.is_empty() {
            return found;
        }
        let others = architecture.variants.iter().skip(1);
        let mut told = others.filter_map(|&variant| {
            let candidate = Self { variant: Some(variant), ..self.clone() };
            Some((variant, candidate.fit_as_stated(architecture).ok()?))
        });
        match (told.next(), told.next()) {
            (None, _) => found,
            (Some((_, fit)), None) => Ok(fit),
            (Some((first, fit)), Some((second, _))) => {
                let error = error!(
                    Weights,
                    "variant-ambiguous",
                    "the file's modules fit the variants {first} and {second} of {title}; state one of them",
                    first,
                    second,
                    title = architecture.title
                );
                Err(Difference { alike: fit.blueprint.tensors.len(), error })
            }
        }
    }

    fn fit_as_stated(&self, architecture: &Architecture) -> std::result::Result<Fit, Difference> {
        let strange = |error: Error| {
            // Its names are of this family.
            let is_of_family = ["strides-unknown", "squeeze-excitation"].contains(&error.code());
            let alike = if is_of_family { usize::MAX } else { 0 };
            Difference { alike, error }
        };
        self.check_stem(architecture).map_err(strange)?;
        // Where the file told all sizes, it is of this family.
        let of_family = architecture.check_sizes_known().is_err();
        let unbuilt = |error| Difference { alike: if of_family { usize::MAX } else { 0 }, error };
        let lenient =
            architecture.blueprint(&Drawn { candidate: self, head: None, lenient: true }).map_err(unbuilt)?;
        check_numbers(&lenient).map_err(unbuilt)?;
        let is_misfit = |(name, shape): &(String, Vec<usize>)| self.find(name, shape).is_err();
        let own = lenient.head.as_ref().map_or(&[][..], |head| &head.layers);
        let of_head = |(name, _): &&(String, Vec<usize>)| own.iter().any(|layer| layer == module(name));
        let plan = if let Some(stated) = &self.head {
            let plan = stated.plan(|name| self.shape(name)).map_err(unbuilt)?;
            Head::Other(plan, Vec::new())
        } else if lenient.tensors.iter().filter(of_head).any(is_misfit) {
            match self.other_head(architecture, &lenient, own) {
                // The architecture's own is there, but does not fit: that says more.
                Err(Difference { error, .. })
                    if error.code() != "head-of-several"
                        && own.iter().all(|layer| self.tensors.contains_key(&format!("{layer}.weight"))) =>
                {
                    Head::Own
                }
                found => found?,
            }
        } else if self.extra(&lenient).next().is_some() {
            // More layers may stand behind the architecture's own.
            self.other_head(architecture, &lenient, own).unwrap_or(Head::Own)
        } else {
            Head::Own
        };
        let (mut head, renames, mut notes) = match plan {
            Head::Own => (None, Vec::new(), Vec::new()),
            Head::Renamed(renames, notes) => (None, renames, notes),
            Head::Other(plan, notes) => (Some(plan), Vec::new(), notes),
        };
        let mut candidate = Cow::Borrowed(self);
        if !renames.is_empty() {
            candidate.to_mut().rename(&renames);
        }
        let drawn = Drawn { candidate: &candidate, head: head.clone(), lenient: false };
        let features = || lenient.tensors.iter().take_while(|tensor| !is_misfit(tensor)).count();
        let undrawn = |error| Difference { alike: features(), error };
        let mut blueprint = architecture.blueprint(&drawn).map_err(undrawn)?;
        check_numbers(&blueprint).map_err(unbuilt)?;
        if let Some(difference) = candidate.differing(blueprint.tensors.iter()) {
            return Err(difference);
        }
        let alike = blueprint.tensors.len();
        let unlike = |error| Difference { alike, error };
        candidate.check_held(&blueprint).map_err(unlike)?;
        candidate.check_extra(&blueprint)?;
        let modules = match candidate.modules.is_empty() {
            true => Vec::new(),
            false => architecture.features(&drawn).map_err(unlike)?,
        };
        let Told { head: told, sigmoid, complete, transform_input, notes: more } =
            saved::compare(&candidate, &blueprint, architecture.title, &modules, head.as_ref())
                // All tensors fit: no other network comes closer.
                .map_err(|error| Difference { alike: usize::MAX, error })?;
        if !modules.is_empty() {
            notes.retain(|note| note.code() != head::FIRST);
        }
        if complete {
            notes.retain(|note| note.code() != "relu-assumed");
        }
        if let Some(told) = told {
            notes.retain(|note| note.code() != head::ACTIVATIONS);
            if head.as_ref() != Some(&told) && self.head.is_some() {
                let listed = |plan: Option<&HeadPlan>| {
                    plan.map_or(String::new(), |plan| StatedHead::new(plan).layers.join(", "))
                };
                return Err(head_contradicts(listed(head.as_ref()), listed(Some(&told))));
            }
            if head.as_ref() != Some(&told) {
                head = Some(told);
                let drawn = Drawn { candidate: &candidate, head: head.clone(), lenient: false };
                blueprint = architecture.blueprint(&drawn).map_err(unbuilt)?;
            }
        }
        notes.extend(more);
        let variant = self.variant;
        Ok(Fit { blueprint, head, renames, notes, sigmoid, complete, transform_input, variant })
    }

    /// The first of a network's tensors that does not fit. Where that is the very first, such as a stem of another size, all others
    /// that fit are alike.
    fn differing<'a>(
        &self,
        tensors: impl Iterator<Item = &'a (String, Vec<usize>)> + Clone,
    ) -> Option<Difference> {
        let fits = |(name, shape): &&(String, Vec<usize>)| self.find(name, shape).is_ok();
        let (place, error) = tensors
            .clone()
            .enumerate()
            .find_map(|(place, (name, shape))| Some((place, self.find(name, shape).err()?)))?;
        let alike = if place > 0 { place } else { tensors.filter(fits).count() };
        Some(Difference { alike, error })
    }

    /// Checks that the file holds a network's numbers: tensors may share them.
    fn check_held(&self, blueprint: &Blueprint) -> Result<()> {
        let stored = self.tensors.values().filter_map(Entry::stored);
        let regions: HashMap<u64, u64> =
            stored.map(|stored| (stored.region.range.start, stored.region_numbers())).collect();
        let held = regions.into_values().fold(0, u64::saturating_add);
        let numbers = numbers(blueprint) as u64;
        if numbers <= held.saturating_add(MAX_SHARED) {
            return Ok(());
        }
        Err(error!(
            Weights,
            "numbers-shared",
            "the network would have {numbers} weights, but the file holds {held} numbers, which its tensors share; save a plain copy of each tensor (tensor.clone())",
            numbers,
            held
        ))
    }

    /// Checks the first convolution, which tells most networks apart.
    fn check_stem(&self, architecture: &Architecture) -> Result<()> {
        let drawn = |lenient| Drawn { candidate: self, head: None, lenient };
        let Some((name, shape)) = architecture.stem(&drawn(true))? else { return Ok(()) };
        if self.shape(&name).is_some_and(|found| found.first() == shape.first()) {
            return Ok(());
        }
        // A classifier that is missing tells most of what the file is not.
        architecture.stem(&drawn(false))?;
        self.find(&name, &shape).map(drop)
    }

    /// The head that is not the architecture's own, where the features are.
    fn other_head(
        &self,
        architecture: &Architecture,
        lenient: &Blueprint,
        own: &[String],
    ) -> std::result::Result<Head, Difference> {
        let is_own = |name: &str| own.iter().any(|layer| module(name) == layer);
        let features = || lenient.tensors.iter().filter(|(name, _)| !is_own(name));
        if let Some(Difference { alike, error }) = self.differing(features()) {
            if alike > 0 {
                return Err(Difference { alike, error });
            }
            // Nothing is alike: the classifier tells most of what the file is not.
            let strict = architecture.blueprint(&Drawn { candidate: self, head: None, lenient: false });
            return Err(Difference { alike, error: strict.err().unwrap_or(error) });
        }
        let wanted: HashSet<&str> = features().map(|(name, _)| name.as_str()).collect();
        let parts: Vec<Part> = self
            .order
            .iter()
            .filter(|name| !wanted.contains(name.as_str()) && !self.is_unused(name, lenient))
            .filter_map(|name| Some((name.as_str(), self.shape(name)?)))
            .collect();
        let alike = wanted.len();
        let channels = lenient.head.as_ref().map_or(1, |head| head.channels);
        let side = lenient.head.as_ref().map_or(1, |head| head.side);
        let (mut plan, mut notes) =
            head::plan(&parts, channels, side).map_err(|error| Difference { alike, error })?;
        // Hugging Face's classifiers begin with a Flatten.
        if self.originals.values().any(|name| name.contains("encoder.stages.")) {
            notes.retain(|note| note.code() != head::FIRST);
        }
        let functional_relu = lenient.head.as_ref().is_some_and(|head| head.functional_relu);
        if let Some(name) = plan.layers.iter().find_map(HeadLayer::name).filter(|_| functional_relu) {
            match self.relu_before(name) {
                Relu::There => {}
                Relu::Absent => plan.functional_relu = false,
                Relu::Assumed => notes.push(relu_assumed(name)),
            }
        }
        let is_shared = parts.first().is_some_and(|(name, _)| self.several && self.outside.contains(*name));
        if is_shared && plan.inputs != channels * side * side {
            let error = error!(
                Weights,
                "head-of-several",
                "the file's head takes {inputs} numbers, and beside the network's features with their {channels} channels the file holds those of another network: the head may take both; save a network with one set of features",
                inputs = plan.inputs,
                channels
            );
            return Err(Difference { alike, error });
        }
        // One linear layer under another name is the architecture's own.
        if let ([layer], [HeadLayer::Linear { name, bias: true, .. }]) = (own, &plan.layers[..])
            && plan.inputs == channels * side * side
            && plan.functional_relu
            && self.shape(&format!("{name}.weight")).is_some_and(|shape| shape.len() == 2)
        {
            let rename = |part: &str| (format!("{name}.{part}"), format!("{layer}.{part}"));
            return Ok(Head::Renamed(vec![rename("weight"), rename("bias")], notes));
        }
        Ok(Head::Other(plan, notes))
    }

    /// Whether the ReLU that torchvision's DenseNet calls as a function stands before a head whose first layer is `name`.
    fn relu_before(&self, name: &str) -> Relu {
        let outside = self.outside.iter().any(|tensor| module(tensor) == name);
        match name {
            // fastai's `Sequential(Sequential(features), Sequential(pool, flatten, …))` calls nothing between.
            "1.2" if outside && self.prefix == "0.0." => Relu::Absent,
            // The package `pretrainedmodels` calls it.
            "last_linear" => Relu::There,
            _ if !outside && name.starts_with("classifier") => Relu::There,
            _ => Relu::Assumed,
        }
    }

    fn check_extra(&self, blueprint: &Blueprint) -> std::result::Result<(), Difference> {
        let alike = blueprint.tensors.len();
        let mut extra = self.extra(blueprint);
        let Some(first) = extra.next() else { return Ok(()) };
        let unreadable = match self.tensors.get(first) {
            Some(Entry::Unreadable(error) | Entry::Other(error)) => Some(error.clone()),
            _ => None,
        };
        let superfluous = error!(
            Weights,
            "tensor-superfluous",
            "the file holds tensor `{name}`{more}, which this network does not have",
            name = self.originals.get(first).unwrap_or(first),
            more = and_more(extra.count())
        );
        Err(Difference { alike, error: unreadable.unwrap_or(superfluous) })
    }

    /// The tensors that the network does not have, in the file's order, without those that no prediction needs.
    fn extra<'a>(&'a self, blueprint: &'a Blueprint) -> impl Iterator<Item = &'a String> {
        let wanted: HashSet<&str> = blueprint.tensors.iter().map(|(name, _)| name.as_str()).collect();
        let extra = move |name: &&String| !wanted.contains(name.as_str()) && !self.is_unused(name, blueprint);
        self.order.iter().filter(extra)
    }

    /// Whether no prediction needs a tensor that no network has.
    fn is_unused(&self, name: &str, blueprint: &Blueprint) -> bool {
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

/// What a candidate is, as an architecture's network.
pub struct Fit {
    pub blueprint: Blueprint,
    pub head: Option<HeadPlan>,
    /// Names, and those that the architecture has for them.
    pub renames: Vec<(String, String)>,
    pub notes: Vec<Note>,
    /// Whether the file says that a Sigmoid stands behind the last layer.
    pub sigmoid: bool,
    /// Whether the file tells strides, padding, activations and pooling.
    pub complete: bool,
    /// Inception's, where the file tells it.
    pub transform_input: Option<bool>,
    /// As of the candidate, or as the file tells.
    pub variant: Option<Variant>,
}

impl Fit {
    /// Whether there is a head, and not the features alone.
    pub fn has_head(&self) -> bool {
        self.head.as_ref().is_none_or(|head| !head.layers.is_empty())
    }
}

/// How a file differs from a network.
pub struct Difference {
    /// How many tensors fit before the first that does not.
    pub alike: usize,
    pub error: Error,
}

fn head_contradicts(stated: String, told: String) -> Difference {
    let error = error!(
        Weights,
        "head-contradicts",
        "the model's card states the head {stated}, but the file is a whole module whose head is {told}; state the same, or nothing",
        stated,
        told
    );
    Difference { alike: usize::MAX, error }
}

enum Head {
    Own,
    Renamed(Vec<(String, String)>, Vec<Note>),
    Other(HeadPlan, Vec<Note>),
}

/// What is known of a ReLU that has no module.
enum Relu {
    There,
    Absent,
    Assumed,
}

fn relu_assumed(head: &str) -> Note {
    error!(
        Weights,
        "relu-assumed",
        "the head `{head}` is none of torchvision's DenseNet: a ReLU is assumed between the features and it, as torchvision calls one, since no weight file tells it",
        head
    )
    .into()
}

/// A candidate as a network asks for its tensors.
pub struct Drawn<'a> {
    pub candidate: &'a Candidate,
    pub head: Option<HeadPlan>,
    /// Whether any number of classes will do where the classifier is missing.
    pub lenient: bool,
}

impl Parameters for Drawn<'_> {
    fn take(&mut self, name: &str, _shape: &[usize]) -> Result<Vec<f32>> {
        Err(error!(Weights, "tensor-undrawn", "tensor `{name}` is only drawn, not read", name))
    }

    fn rows(&self, name: &str) -> Result<usize> {
        match self.candidate.rows(name) {
            Err(_) if self.lenient => Ok(1),
            found => found,
        }
    }

    fn shape(&self, name: &str) -> Option<&[usize]> {
        self.candidate.shape(name)
    }

    fn head(&self) -> Option<&HeadPlan> {
        self.head.as_ref()
    }

    fn variant(&self) -> Option<Variant> {
        self.candidate.variant
    }
}

fn numbers(blueprint: &Blueprint) -> usize {
    blueprint.tensors.iter().fold(0, |sum: usize, (_, shape)| {
        sum.saturating_add(shape.iter().fold(1, |count: usize, &side| count.saturating_mul(side)))
    })
}

fn check_numbers(blueprint: &Blueprint) -> Result<()> {
    let numbers = numbers(blueprint);
    if numbers <= MAX_NUMBERS {
        return Ok(());
    }
    Err(error!(
        Weights,
        "network-size",
        "the network would have {numbers} weights; up to {max} are allowed",
        numbers,
        max = MAX_NUMBERS
    ))
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
