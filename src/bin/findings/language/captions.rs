//! Whether captions are right, and where the maps of their words lie.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cam_lucida::measure::Map;
use cam_lucida::network::language::{Captioner, WritingPhrase};
use cam_lucida::scenes::captions::{Caption, Role, described, words};
use cam_lucida::scenes::shapes::{Arrangement, COLOURS, KINDS, PLURALS, Shapes};
use pollster::block_on;

use super::case::{Seen, best, input, mask};
use super::marks::{Marks, Source};
use super::{BATCH, SEED, SIDE};
use crate::Failure;
use crate::estimate::Sample;

/// The words that are measured, with the names of the tables.
pub const ROLES: [(Role, &str); 2] = [(Role::Colour, "colour words"), (Role::Kind, "kind words")];
/// First words of relations.
const RELATIONS: [&str; 5] = ["left", "right", "above", "below", "with"];

/// Figures of captions that the network writes, and of true ones that it reads.
#[derive(Default)]
pub struct Captions {
    /// Whether it is right to the last word.
    pub exact: Sample,
    /// The harmonic mean of precision and recall of its pairs of colour and kind.
    pub pairs: Sample,
    /// Whether it has the right relation, where there is one.
    pub relation: Sample,
    /// By role: whether the most probable word is the true one, after those before it.
    pub right: BTreeMap<&'static str, Sample>,
    /// By role: the maps of words that are right.
    pub marks: BTreeMap<&'static str, Marks>,
}

impl Captions {
    /// Lets the network describe `count` scenes, and explains the words of their true captions.
    pub fn study(captioner: &Arc<Captioner>, count: u64) -> Result<Self, Failure> {
        let shapes = Shapes::training();
        let mut found = Self::default();
        for first in (0..count).step_by(BATCH as usize) {
            let batch = first..count.min(first + BATCH);
            let scenes: Vec<(Arrangement, Caption)> =
                batch.clone().map(|index| described(&shapes, SEED, index, SIDE)).collect();
            let pictures = input(scenes.iter().map(|(arrangement, _)| &arrangement.scene.picture));
            let written = block_on(captioner.greedy(pictures))?;
            for ((index, (arrangement, caption)), written) in batch.zip(&scenes).zip(written) {
                found.compare(index, caption, &written.tokens);
                found.explain(index, arrangement, caption, captioner)?;
            }
        }
        Ok(found)
    }

    fn compare(&mut self, index: u64, caption: &Caption, written: &[usize]) {
        self.exact.note(index, f64::from(caption.tokens() == written));
        let written: Vec<&str> = written.iter().map(|&token| words()[token]).collect();
        let said: Vec<&str> = caption.words.iter().map(String::as_str).collect();
        let [found, wanted] = [pairs(&written), pairs(&said)];
        let both = found.intersection(&wanted).count();
        self.pairs.note(index, 2.0 * both as f64 / (found.len() + wanted.len()) as f64);
        if let Some(wanted) = relation(&said) {
            self.relation.note(index, f64::from(relation(&written) == Some(wanted)));
        }
    }

    fn explain(
        &mut self,
        index: u64,
        arrangement: &Arrangement,
        caption: &Caption,
        captioner: &Arc<Captioner>,
    ) -> Result<(), Failure> {
        let tokens = caption.tokens();
        let phrase = captioner.bind_phrase(&tokens, 0..tokens.len())?;
        let x = input([&arrangement.scene.picture]);
        let seen = Seen::new(&phrase, x, WritingPhrase::READ, 1, &tokens)?;
        let is_right = |place: &usize| best(&seen.logits[*place]) == tokens[*place];
        for (role, name) in ROLES {
            let places: Vec<usize> =
                (0..tokens.len()).filter(|&place| caption.roles[place] == role).collect();
            let right: Vec<usize> = places.iter().copied().filter(is_right).collect();
            self.right.entry(name).or_default().note(index, right.len() as f64 / places.len() as f64);
            if right.is_empty() {
                continue;
            }
            let masks: Vec<Vec<bool>> =
                right.iter().map(|&place| mask(arrangement, &caption.objects[place])).collect();
            // The same role in the next group of things.
            let other = |place: usize| {
                let at = places.iter().position(|&other| other == place).unwrap_or_default();
                places[(at + 1) % places.len()]
            };
            let marks = self.marks.entry(name).or_default();
            let (maps, activations) = (&seen.maps, &seen.activations);
            marks.note(index, Source::GradCam, &beside(&right, &masks, |place| Some(&maps[place])))?;
            marks.note(index, Source::Uniform, &beside(&right, &masks, |_| None))?;
            marks.note(
                index,
                Source::Activation,
                &beside(&right, &masks, |place| Some(&activations[place])),
            )?;
            if places.len() > 1 {
                marks.note(
                    index,
                    Source::Other,
                    &beside(&right, &masks, |place| Some(&maps[other(place)])),
                )?;
            }
        }
        Ok(())
    }
}

/// The map that is wanted for each place, with its mask.
fn beside<'a>(
    places: &[usize],
    masks: &'a [Vec<bool>],
    map: impl Fn(usize) -> Option<&'a Map>,
) -> Vec<(Option<&'a Map>, &'a [bool])> {
    places.iter().map(|&place| map(place)).zip(masks.iter().map(Vec::as_slice)).collect()
}

/// The pairs of colour and kind that a caption names.
fn pairs<'a>(words: &[&'a str]) -> BTreeSet<(&'a str, usize)> {
    let kind =
        |word: &str| [KINDS, PLURALS].iter().find_map(|kinds| kinds.iter().position(|kind| *kind == word));
    let pair = |pair: &[&'a str]| COLOURS.contains(&pair[0]).then_some((pair[0], kind(pair[1])?));
    words.windows(2).filter_map(pair).collect()
}

/// Its relation; nothing where it names one group.
fn relation<'a>(words: &[&'a str]) -> Option<&'a str> {
    words.iter().copied().find(|word| RELATIONS.contains(word))
}
