//! Whether captions are right, and where the maps of their words lie.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cam_lucida::measure::Map;
use cam_lucida::network::language::{Captioner, WritingPhrase};
use cam_lucida::scenes::captions::{Caption, FUNCTION_WORDS, Role, caption, described, words};
use cam_lucida::scenes::shapes::{Arrangement, COLOURS, HELD_OUT_PAIRS, KINDS, PLURALS, Shapes};
use pollster::block_on;

use super::case::{Seen, best, input, mask};
use super::marks::{Marks, Source};
use super::{BATCH, SEED, SIDE};
use crate::Failure;
use crate::estimate::Sample;

/// The words that are measured, with the names of the tables. Function words are none of them.
pub const ROLES: [(Role, &str); 4] = [
    (Role::Colour, "colour words"),
    (Role::Kind, "kind words"),
    (Role::Number, "number words"),
    (Role::Relation, RELATION_WORDS),
];
const RELATION_WORDS: &str = "relation words";
/// A layer from which on the network computes where its gates are open, which tells a relation; and the name of the table.
pub const EARLIER: (&str, &str) = ("blocks.1", "relation words at `blocks.1`");
/// First words of relations.
const RELATIONS: [&str; 5] = ["left", "right", "above", "below", "with"];

/// Figures of captions that the network writes.
#[derive(Default)]
pub struct Texts {
    /// Whether it is right to the last word.
    pub exact: Sample,
    /// The harmonic mean of precision and recall of its pairs of colour and kind.
    pub pairs: Sample,
    /// Whether it has the right relation, where there is one.
    pub relation: Sample,
    /// Of the true caption's pairs that no training scene held, the share that it names.
    pub unseen: Sample,
}

/// Figures of captions that the network writes, and of true ones that it reads.
#[derive(Default)]
pub struct Captions {
    /// Of plain scenes; see [`described`].
    pub plain: Texts,
    /// Of scenes as they come.
    pub all: Texts,
    /// Of plain scenes with a pair of kind and colour that no training scene held.
    pub held_out: Texts,
    /// By role: whether the most probable word is the true one, after those before it.
    pub right: BTreeMap<&'static str, Sample>,
    /// By role: the maps of words that are right.
    pub marks: BTreeMap<&'static str, Marks>,
}

impl Texts {
    /// Lets the network describe `count` scenes, and shows each with its true caption.
    fn write(
        &mut self,
        captioner: &Captioner,
        count: u64,
        scene: impl Fn(u64) -> (Arrangement, Caption),
        show: &mut dyn FnMut(u64, &Arrangement, &Caption) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        for first in (0..count).step_by(BATCH as usize) {
            let batch = first..count.min(first + BATCH);
            let scenes: Vec<(Arrangement, Caption)> = batch.clone().map(&scene).collect();
            let pictures = input(scenes.iter().map(|(arrangement, _)| &arrangement.scene.picture));
            let written = block_on(captioner.greedy(pictures))?;
            for ((index, (arrangement, caption)), written) in batch.zip(&scenes).zip(written) {
                self.compare(index, caption, &written.tokens);
                show(index, arrangement, caption)?;
            }
        }
        Ok(())
    }

    fn compare(&mut self, index: u64, caption: &Caption, written: &[usize]) {
        self.exact.note(index, f64::from(caption.tokens() == written));
        let written: Vec<&str> = written.iter().map(|&token| words()[token]).collect();
        let said: Vec<&str> = caption.words.iter().map(String::as_str).collect();
        let [found, wanted] = [pairs(&written), pairs(&said)];
        let both = found.intersection(&wanted).count();
        self.pairs.note(index, 2.0 * both as f64 / (found.len() + wanted.len()) as f64);
        let is_unseen = |(colour, kind): &&(&str, usize)| {
            HELD_OUT_PAIRS.iter().any(|&(of, in_colour)| of == *kind && COLOURS[in_colour] == *colour)
        };
        let unseen: Vec<_> = wanted.iter().filter(is_unseen).collect();
        if !unseen.is_empty() {
            let named = unseen.iter().filter(|pair| found.contains(pair)).count();
            self.unseen.note(index, named as f64 / unseen.len() as f64);
        }
        if let Some(wanted) = relation(&said) {
            self.relation.note(index, f64::from(relation(&written) == Some(wanted)));
        }
    }
}

impl Captions {
    /// Lets the network describe `count` plain scenes and as many as they come, and `held_out` ones of held-out pairs. Explains the
    /// words of the true captions of the first.
    pub fn study(captioner: &Arc<Captioner>, count: u64, held_out: u64) -> Result<Self, Failure> {
        let [training, unseen] = [Shapes::training(), Shapes::held_out()];
        let mut found = Self::default();
        let plain = |index| described(&training, SEED, index, SIDE);
        let mut texts = Texts::default();
        texts.write(captioner, count, plain, &mut |index, arrangement, caption| {
            found.explain(index, arrangement, caption, captioner)
        })?;
        let any = |index| {
            let arrangement = training.arrangement(SEED, index, SIDE);
            let caption = caption(&arrangement);
            (arrangement, caption)
        };
        found.plain = texts;
        found.all.write(captioner, count, any, &mut |_, _, _| Ok(()))?;
        let unseen = |index| described(&unseen, SEED, index, SIDE);
        found.held_out.write(captioner, held_out, unseen, &mut |_, _, _| Ok(()))?;
        Ok(found)
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
        let seen = Seen::new(&phrase, x.clone(), WritingPhrase::READ, 1, &tokens)?;
        for (role, name) in ROLES {
            let is_measured = |place: &usize| {
                caption.roles[*place] == role && !FUNCTION_WORDS.contains(&&*caption.words[*place])
            };
            let places: Vec<usize> = (0..tokens.len()).filter(is_measured).collect();
            if places.is_empty() {
                continue;
            }
            let is_right = |place: &usize| best(&seen.logits[*place]) == tokens[*place];
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
            let others = (places.len() > 1).then_some(&other as &dyn Fn(usize) -> usize);
            self.mark(index, name, &seen, &right, &masks, others)?;
            if role == Role::Relation {
                let (layer, name) = EARLIER;
                let earlier = Seen::new(&phrase, x.clone(), layer, tokens.len(), &tokens)?;
                self.mark(index, name, &earlier, &right, &masks, None)?;
            }
        }
        Ok(())
    }

    /// Measures the maps of words at `places` against `masks`, beside those that know less.
    fn mark(
        &mut self,
        index: u64,
        name: &'static str,
        Seen { maps, activations, .. }: &Seen,
        places: &[usize],
        masks: &[Vec<bool>],
        other: Option<&dyn Fn(usize) -> usize>,
    ) -> Result<(), Failure> {
        let marks = self.marks.entry(name).or_default();
        marks.note(index, Source::GradCam, &beside(places, masks, |place| Some(&maps[place])))?;
        marks.note(index, Source::Uniform, &beside(places, masks, |_| None))?;
        marks.note(index, Source::Activation, &beside(places, masks, |place| Some(&activations[place])))?;
        if let Some(other) = other {
            marks.note(index, Source::Other, &beside(places, masks, |place| Some(&maps[other(place)])))?;
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
