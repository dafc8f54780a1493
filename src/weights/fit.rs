//! Whether a candidate's tensors are those of an architecture, and how they differ.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::candidate::{Candidate, and_more, module};
use super::format::Entry;
use super::head::{self, Part, StatedHead};
use super::saved::{self, Told};
use crate::error::error;
use crate::network::{Architecture, Blueprint, HeadLayer, HeadPlan, Parameters, Variant};
use crate::{Error, Note, Result};

/// The most numbers of a network: those of the largest file, of two bytes each.
const MAX_NUMBERS: usize = super::file::MAX_BYTES / 2;
/// How many numbers more than its file a network may have: tensors may share a few.
const MAX_SHARED: u64 = 1 << 20;

/// What a candidate is, as an architecture's network.
pub struct Fit {
    pub blueprint: Blueprint,
    /// Names, and those that the architecture has for them.
    pub renames: Vec<(String, String)>,
    pub told: Told,
    /// As of the candidate, or as the file tells.
    pub variant: Option<Variant>,
}

impl Fit {
    /// Whether there is a head, and not the features alone.
    pub fn has_head(&self) -> bool {
        self.told.head.as_ref().is_none_or(|head| !head.layers.is_empty())
    }
}

/// How a file differs from a network.
pub struct Difference {
    /// How many tensors fit before the first that does not.
    pub alike: usize,
    pub error: Error,
}

impl Candidate {
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
            (Some((_, mut fit)), None) => {
                // Modules that do not tell strides leave what tensors alone have assumed.
                if !fit.told.strides {
                    let drawn =
                        architecture.blueprint(&Shapes { candidate: self, head: None, lenient: true });
                    fit.told.notes.extend(drawn.map(|drawn| drawn.notes).unwrap_or_default());
                }
                Ok(fit)
            }
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
        let lenient = architecture
            .blueprint(&Shapes { candidate: self, head: None, lenient: true })
            .map_err(unbuilt)?;
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
                    if !["head-of-several", "head-pooling-order"].contains(&error.code())
                        && own.iter().all(|layer| self.tensors.contains_key(&format!("{layer}.weight"))) =>
                {
                    Head::Own
                }
                found => found?,
            }
        } else if self.extra(&lenient).next().is_some() {
            // More layers may follow the architecture's own.
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
        let shapes = Shapes { candidate: &candidate, head: head.clone(), lenient: false };
        let features = || lenient.tensors.iter().take_while(|tensor| !is_misfit(tensor)).count();
        let undescribed = |error| Difference { alike: features(), error };
        let mut blueprint = architecture.blueprint(&shapes).map_err(undescribed)?;
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
            false => architecture.features(&shapes).map_err(unlike)?,
        };
        let mut told = saved::compare(&candidate, &blueprint, architecture.title, &modules, head.as_ref())
            // All tensors fit: no other network comes closer.
            .map_err(|error| Difference { alike: usize::MAX, error })?;
        if !modules.is_empty() {
            notes.retain(|note| note.code() != head::FIRST);
        }
        if told.complete {
            notes.retain(|note| note.code() != "relu-assumed");
        }
        if told.head.is_some() {
            notes.retain(|note| note.code() != head::ACTIVATIONS);
            if told.head != head && self.head.is_some() {
                return Err(head_contradicts(head.as_ref(), told.head.as_ref()));
            }
            if told.head != head {
                head = told.head;
                let shapes = Shapes { candidate: &candidate, head: head.clone(), lenient: false };
                blueprint = architecture.blueprint(&shapes).map_err(unbuilt)?;
            }
        }
        notes.append(&mut told.notes);
        if let Some(before) = self.behind.as_deref().filter(|_| modules.is_empty()) {
            notes.push(behind(before, architecture));
        }
        Ok(Fit { blueprint, renames, told: Told { head, notes, ..told }, variant: self.variant })
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
        let shapes = |lenient| Shapes { candidate: self, head: None, lenient };
        let Some((name, shape)) = architecture.stem(&shapes(true))? else { return Ok(()) };
        if self.shape(&name).is_some_and(|found| found.first() == shape.first()) {
            return Ok(());
        }
        // A classifier that is missing tells most of what the file is not.
        architecture.stem(&shapes(false))?;
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
            let strict = architecture.blueprint(&Shapes { candidate: self, head: None, lenient: false });
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
        if notes.iter().all(|note| note.code() != head::FIRST)
            && let (Some((first, _)), Some((feature, _))) = (parts.first(), features().next_back())
        {
            let before = self.gap_before(module(first), module(feature));
            notes.extend(before.map(|before| head::behind(&before, module(first)).into()));
        }
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
        // fastai's heads begin with a normalisation, in a `Sequential` of their own.
        if let Some(name) = plan.layers.first().and_then(HeadLayer::name)
            && plan.inputs == 2 * channels
            && self.modules.is_empty()
            && own.iter().any(|own| own == name)
        {
            let error = error!(
                Weights,
                "head-pooling-order",
                "the file's layer `{name}` takes {inputs} numbers of {channels} channels, largest values and means: timm (catavgmax) puts the means first, fastai the largest values, and no weight file tells which. Save the whole module, or a network that pools to means",
                name = self.original(&format!("{name}.weight")).trim_end_matches(".weight"),
                inputs = plan.inputs,
                channels
            );
            return Err(Difference { alike: usize::MAX, error });
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

    /// The place before that of a head's `first` layer, where more stands between it and the features' last module in one `Sequential`
    /// than a pool and a flattening.
    fn gap_before(&self, first: &str, feature: &str) -> Option<String> {
        let file = |name: &str| module(self.original(&format!("{name}.weight"))).to_string();
        let (head, feature) = (file(first), file(feature));
        let (head, feature): (Vec<&str>, Vec<&str>) =
            (head.split('.').collect(), feature.split('.').collect());
        let same = head.iter().zip(&feature).take_while(|(a, b)| a == b).count();
        let place = |parts: &[&str]| parts.get(same)?.parse::<usize>().ok();
        let (last, place) = (place(&feature)?, place(&head)?);
        // A whole network pools by itself.
        let is_apart = feature.get(same + 1).is_none_or(|part| part.bytes().all(|b| b.is_ascii_digit()))
            || self.prefix.ends_with("features.");
        let usual = if is_apart { 2 } else { 0 };
        (place > last + 1 + usual).then(|| {
            let around = head[..same].iter().map(|part| format!("{part}.")).collect::<String>();
            format!("{around}{}", place - 1)
        })
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
}

fn head_contradicts(stated: Option<&HeadPlan>, told: Option<&HeadPlan>) -> Difference {
    let [stated, told] =
        [stated, told].map(|plan| plan.map_or(String::new(), |plan| StatedHead::new(plan).layers.join(", ")));
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

/// The note of a network that stands behind something without tensors in its `Sequential`.
fn behind(before: &str, architecture: &Architecture) -> Note {
    error!(
        Weights,
        "network-behind",
        "`{before}` stands before {title} in the file's network and has no tensors: it is taken for nothing. A normalisation of colours there, or a pool, would change the scores, and no weight file tells it: if it normalises, state its mean and deviation",
        before,
        title = architecture.title
    )
    .into()
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

/// The shapes of a candidate's tensors: with them a network is described, not computed.
pub struct Shapes<'a> {
    pub candidate: &'a Candidate,
    pub head: Option<HeadPlan>,
    /// Whether any number of classes will do where the classifier is missing.
    pub lenient: bool,
}

impl Parameters for Shapes<'_> {
    fn take(&mut self, name: &str, _shape: &[usize]) -> Result<Vec<f32>> {
        Err(error!(Weights, "tensor-shape-only", "of tensor `{name}` only the shape is read so far", name))
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
