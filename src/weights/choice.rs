//! Which of a file's states is the network: those that an architecture fits, the file's own before averages of it.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::candidate::Candidate;
use super::checkpoint::Checkpoint;
use super::fit::{Difference, Fit};
use super::format::{Contents, Entry};
use super::hashed::Hashed;
use super::order;
use crate::error::error;
use crate::network::{Architecture, NETWORKS, OTHERS, language};
use crate::{Error, Note, Result};

/// The candidate that is used, and what it is.
pub struct Chosen {
    pub candidate: Candidate,
    /// The network that it fits, or why it fits none that is known.
    pub recognised: Result<Found>,
    /// The labels of all that fit a network; the first is that of the one that is used.
    pub states: Vec<String>,
    /// What the file says beside it.
    pub checkpoint: Checkpoint,
    /// Whether somebody wanted it.
    pub wanted: bool,
}

/// A network, and how a candidate fits it.
pub type Found = (&'static Architecture, Fit);

/// Chooses among the states of a file: the one that is `wanted`, or else the file's own.
///
/// # Errors
/// [`is_weights`](Error::is_weights) when none is wanted and several fit, or what has the label that is wanted fits none.
pub fn choose(file: Contents, wanted: Option<&str>) -> Result<Chosen> {
    let Contents { states, beside } = file;
    let mut candidates = Vec::new();
    let mut clash = None;
    for state in &states {
        match Candidate::of(state) {
            Ok(found) => candidates.extend(found),
            Err(error) => drop(clash.get_or_insert(error)),
        }
    }
    drop(states);
    candidates.sort_by_key(|c| (c.joined, c.rank == 2, std::cmp::Reverse(c.tensors.len()), c.rank));
    if candidates.is_empty()
        && let Some(clash) = clash
    {
        return Err(clash);
    }
    let joined = candidates.iter().position(|candidate| candidate.joined).unwrap_or(candidates.len());
    let mut refusals = HashMap::new();
    let mut by_names = |place: usize| match by_names(&candidates[place])? {
        Ok(found) => Some(found),
        Err(refusal) => {
            refusals.insert(place, refusal);
            None
        }
    };
    // What is in one dict goes before what is in several; names go before their order; and features alone come last.
    let (mut fitting, features): (Vec<_>, Vec<_>) =
        (0..joined).filter_map(&mut by_names).partition(|(_, (_, fit))| fit.has_head());
    if fitting.is_empty() {
        for candidate in &candidates[..joined] {
            fitting.extend(by_order(candidate)?.filter(|(_, (_, fit))| fit.has_head()));
        }
    }
    if fitting.is_empty() {
        let joined = (joined..candidates.len()).filter_map(&mut by_names);
        fitting.extend(joined.filter(|(_, (_, fit))| fit.has_head()));
    }
    if fitting.is_empty() {
        fitting = features;
    }
    fitting = unique(fitting);
    let unknown = fitting.iter().map(|(candidate, _)| candidate.rank).min().and_then(|rank| {
        let known = |path: &str| fitting.iter().any(|(candidate, _)| candidate.path == path);
        let mut own = candidates[..joined].iter().filter(|candidate| candidate.rank <= rank);
        own.find(|candidate| !known(&candidate.path) && candidate.is_like_a_network())
    });
    let labels = |fitting: &[(Candidate, Found)]| {
        fitting.iter().map(|(c, _)| label(c).to_string()).collect::<Vec<_>>()
    };
    let all = labels(&fitting);
    if let Some(wanted) = wanted.map(|wanted| meant(wanted, &all)) {
        fitting.retain(|(candidate, _)| label(candidate) == wanted);
        if fitting.is_empty() {
            return Err(no_network(&candidates, &mut refusals, wanted, &all));
        }
    } else {
        let best = fitting.iter().map(|(candidate, _)| candidate.rank).min();
        fitting.retain(|(candidate, _)| Some(candidate.rank) == best);
        // Whoever saved them may mean the other one.
        if let (Some(unknown), [(first, _), ..]) = (unknown, &fitting[..])
            && !first.joined
        {
            return Err(error!(
                Weights,
                "other-state",
                "under `{unknown}` the file holds a network that is not known, and under {states} one that is; choose the latter by its name (--state NAME), or save the state dict of one network",
                unknown = label(unknown),
                states = all.join(", ")
            ));
        }
        if fitting.len() > 1 {
            return Err(error!(
                Weights,
                "several-networks",
                "the file holds several networks, {states}; choose one of them (--state NAME), or save it alone",
                states = all.join(", ")
            ));
        }
    }
    Ok(match fitting.pop() {
        None => {
            let refusal = refusal(&candidates, &mut refusals, 0).unwrap_or_else(|| unlike(&candidates[0]));
            let candidate = candidates.swap_remove(0);
            let checkpoint = Checkpoint::new(beside, &candidate.path);
            Chosen { candidate, recognised: Err(refusal), states: Vec::new(), wanted: false, checkpoint }
        }
        Some((candidate, found)) => {
            let own = label(&candidate).to_string();
            let others = all.into_iter().filter(|label| *label != own);
            let states = std::iter::once(own.clone()).chain(others).collect();
            let checkpoint = Checkpoint::new(beside, &candidate.path);
            Chosen { candidate, recognised: Ok(found), states, wanted: wanted.is_some(), checkpoint }
        }
    })
}

/// The label that somebody means: their word itself, or the only label that has it among its words, such as `ema` of `state_dict_ema`.
fn meant<'a>(wanted: &'a str, known: &'a [String]) -> &'a str {
    let has = |label: &&String| label.split(['.', '_']).any(|word| word.eq_ignore_ascii_case(wanted));
    let mut like = known.iter().filter(has);
    match (like.next(), like.next()) {
        (Some(only), None) if known.iter().all(|label| label != wanted) => only,
        _ => wanted,
    }
}

/// A name for the state that is the file itself.
fn label(candidate: &Candidate) -> &str {
    if candidate.label.is_empty() { "." } else { &candidate.label }
}

/// Why the candidate at a place is no network: what was found, or is found now.
fn refusal(candidates: &[Candidate], refusals: &mut HashMap<usize, Error>, place: usize) -> Option<Error> {
    refusals.remove(&place).or_else(|| recognise(&candidates[place]).err())
}

/// Why there is no network under the label that is `wanted`: what is there is none, or nothing is, and `known` are those of
/// the networks. Without any network, the first candidate tells most.
fn no_network(
    candidates: &[Candidate],
    refusals: &mut HashMap<usize, Error>,
    wanted: &str,
    known: &[String],
) -> Error {
    let named = candidates.iter().position(|candidate| label(candidate) == wanted);
    let refused = named.or_else(|| known.is_empty().then_some(0));
    refused.and_then(|place| refusal(candidates, refusals, place)).unwrap_or_else(|| {
        error!(
            Weights,
            "unknown-state",
            "the file holds no network under `{wanted}`; choose one of: {known}",
            wanted,
            known = known.join(", ")
        )
    })
}

/// The network that a candidate is by its names. `None`: it has no convolution, such as an optimizer's state, and is not compared.
fn by_names(candidate: &Candidate) -> Option<Result<(Candidate, Found)>> {
    let mut stored = candidate.tensors.values().filter_map(Entry::stored);
    stored.any(|stored| stored.shape.len() == 4).then(|| {
        let (architecture, fit) = recognise(candidate)?;
        let mut candidate = candidate.clone();
        candidate.rename(&fit.renames);
        candidate.variant = fit.variant;
        Ok((candidate, (architecture, fit)))
    })
}

fn by_order(candidate: &Candidate) -> Result<Option<(Candidate, Found)>> {
    let mut found: Option<(Candidate, Found)> = None;
    for (architecture, renames) in order::matches(candidate) {
        let mut renamed = candidate.clone();
        renamed.rename(&renames);
        let Ok(mut fit) = renamed.fit(architecture) else { continue };
        renamed.rename(&fit.renames);
        renamed.variant = fit.variant;
        fit.told.notes.push(by_order_alone(architecture));
        if candidate.modules.is_empty() {
            fit.told
                .notes
                .extend(order::shifted(&renames).map(|(found, wanted)| shifted(found, wanted, architecture)));
        }
        if let Some((_, (other, _))) = found {
            return Err(error!(
                Weights,
                "order-ambiguous",
                "the names of the file's tensors say nothing, and by order and shape they fit {first} as well as {second}; name them as torchvision does",
                first = other.title,
                second = architecture.title
            ));
        }
        found = Some((renamed, (architecture, fit)));
    }
    Ok(found)
}

fn by_order_alone(architecture: &Architecture) -> Note {
    error!(
        Weights,
        "matched-by-order",
        "the names of the file's tensors say nothing: by their order and shapes they are those of {title}",
        title = architecture.title
    )
    .into()
}

fn shifted(found: &str, wanted: &str, architecture: &Architecture) -> Note {
    error!(
        Weights,
        "order-shifted",
        "the file's `{found}` stands where {title} has `{wanted}`: something without tensors stands before it, and is taken for a dropout, which does nothing here. A pool or an activation there would change the scores, and no weight file tells it",
        found,
        wanted,
        title = architecture.title
    )
    .into()
}

/// Those that do not share their numbers with one before.
fn unique(fitting: Vec<(Candidate, Found)>) -> Vec<(Candidate, Found)> {
    let start = |candidate: &Candidate, (_, fit): &Found| {
        let (name, _) = fit.blueprint.tensors.first()?;
        candidate.tensors.get(name)?.stored().map(|stored| stored.start)
    };
    let mut seen = std::collections::HashSet::new();
    fitting.into_iter().filter(|(candidate, found)| seen.insert(start(candidate, found))).collect()
}

/// The network that a candidate's tensors are in their order, and what in its modules contradicts that.
fn contradicted(candidate: &Candidate) -> Option<(usize, &'static Architecture, Error)> {
    order::matches(candidate).into_iter().find_map(|(architecture, renames)| {
        let mut renamed = candidate.clone();
        renamed.rename(&renames);
        let Difference { alike, error } = renamed.fit(architecture).err()?;
        ["module-order", "module-contradicts"].contains(&error.code()).then_some((alike, architecture, error))
    })
}

/// Name and outputs of the first convolution's weight.
type Stem = (String, usize);

/// Those of each listed network: without it, nothing of a candidate is alike.
fn stems() -> &'static [Option<Stem>] {
    static STEMS: OnceLock<Vec<Option<Stem>>> = OnceLock::new();
    STEMS.get_or_init(|| {
        let stem = |architecture: &Architecture| {
            let (name, [outputs, ..]) = architecture.stem(&Hashed { classes: 1 }).ok()??;
            Some((name, outputs))
        };
        NETWORKS.iter().map(stem).collect()
    })
}

/// Whether a candidate has that convolution; a network without one may be anything.
fn begins_with(candidate: &Candidate, stem: Option<&Stem>) -> bool {
    stem.is_none_or(|(name, outputs)| candidate.shape(name).and_then(<[usize]>::first) == Some(outputs))
}

/// The error for tensors that are like those of no network.
fn unlike(candidate: &Candidate) -> Error {
    error!(
        Weights,
        "unknown-tensors",
        "these tensors match no known network: the file {contents}. Use weights of a listed network, under the names of torchvision or timm",
        contents = candidate.contents()
    )
}

/// The network of a candidate.
///
/// # Errors
/// [`is_weights`](Error::is_weights) when there is none, with the closest.
pub fn recognise(candidate: &Candidate) -> Result<Found> {
    #[cfg(test)]
    tests::RECOGNISED.with(|times| times.set(times.get() + 1));
    let mut closest: Option<(usize, &'static Architecture, Error)> = None;
    let mut features = None;
    let listed = NETWORKS.iter().zip(stems()).filter(|(_, stem)| begins_with(candidate, stem.as_ref()));
    let listed = listed.map(|(architecture, _)| architecture);
    for architecture in listed.chain(OTHERS).chain(language::NETWORKS) {
        let Difference { alike, error } = match candidate.fit(architecture) {
            Ok(fit) if fit.has_head() => return Ok((architecture, fit)),
            Ok(fit) => {
                features.get_or_insert((architecture, fit));
                continue;
            }
            Err(difference) => difference,
        };
        if closest.as_ref().is_none_or(|(max, ..)| alike > *max) {
            closest = Some((alike, architecture, error));
        }
    }
    if let Some(found) = features {
        return Ok(found);
    }
    if let Some(found) = contradicted(candidate) {
        closest = Some(found);
    }
    let unreadable = candidate.tensors.values().find_map(|entry| match entry {
        Entry::Unreadable(error) => Some(error.clone()),
        _ => None,
    });
    let error = match (closest, unreadable) {
        _ if let Some(error) = candidate.in_parts() => error,
        _ if candidate.has_deep_stem() => error!(
            Weights,
            "deep-stem",
            "its stem is of three convolutions of 3×3, as that of timm's ResNet-D (resnet18d, resnet50d); ResNets are computed with a stem of one convolution"
        ),
        (Some((1.., closest, difference)), _) => error!(
            Weights,
            "unknown-network",
            "these tensors match no known network: {title} ({network}) comes closest, but {difference}. Use weights of a listed network, under the names of torchvision or timm",
            title = closest.title,
            network = closest.name,
            difference
        )
        .with_source(difference),
        (_, Some(unreadable)) => unreadable,
        _ => unlike(candidate),
    };
    Err(match &candidate.class {
        None => error,
        Some(class) => error!(
            Weights,
            "unknown-class", "the file is a whole module of class {class}, and {error}", class, error
        )
        .with_source(error),
    })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::network::Variant;
    use crate::weights::{Weights, format};

    thread_local! {
        /// How often a candidate was compared with all networks.
        pub static RECOGNISED: Cell<usize> = const { Cell::new(0) };
    }

    #[test]
    fn a_file_that_is_no_known_network_is_compared_with_them_once() {
        let file = include_bytes!("../../tests/fixtures/weights/wild/stem-of-five.pth").to_vec();
        let before = RECOGNISED.get();
        let weights = Weights::read(file).unwrap();
        let codes = [(); 3].map(|()| weights.recognise().err().unwrap().code());
        assert_eq!((codes, RECOGNISED.get() - before), (["unknown-network"; 3], 1));
    }

    /// No two variants of today fit the same modules, so one of them stands for two.
    #[test]
    fn modules_that_fit_two_variants_are_refused_until_one_is_stated() {
        let file = include_bytes!("../../tests/fixtures/weights/wild/told-caffe.pth").to_vec();
        let Chosen { candidate, .. } = choose(format::read(&file).unwrap(), None).unwrap();
        let mut network = *Architecture::named("resnet_other").unwrap();
        network.variants = &[Variant::Torchvision, Variant::CaffeStrides, Variant::CaffeStrides];
        let candidate = |variant| {
            let mut candidate = candidate.clone();
            candidate.variant = variant;
            candidate
        };
        let error = candidate(None).fit(&network).err().unwrap().error;
        assert_eq!(error.code(), "variant-ambiguous");
        assert!(error.to_string().contains("caffe-strides and caffe-strides"), "{error}");
        assert!(candidate(Some(Variant::CaffeStrides)).fit(&network).is_ok());
    }
}
