//! The caption of a scene.

use burn::tensor::{Device, Tensor, activation};

use super::gates::{Wanted, taken, ungated};
use super::{Batch, Lesson, Pictures, indices, rows};
use crate::Result;
use crate::network::language::{Captioner, END};
use crate::scenes::captions::{self, Caption, NUMBERS, Role, described};
use crate::scenes::shapes::{Arrangement, Shapes};
use crate::train::{Learner, Recipe};

/// How much it counts through which gates a word is read, beside itself.
const GATES: f32 = 1.0;
/// How much counts what networks find hard: a number.
const HARD: f32 = 3.0;

/// The captions of scenes of shapes.
pub struct Captions;

#[derive(Default)]
struct Described {
    pictures: Pictures,
    texts: Vec<Vec<usize>>,
    /// Of each word of each caption, at which thing it glances first.
    first: Vec<Vec<Wanted>>,
    /// From which things it is to be read.
    gates: Vec<Vec<Wanted>>,
}

impl Lesson for Captions {
    fn sizes(&self) -> (usize, usize) {
        (captions::words().len(), captions::words().len())
    }

    fn loss_name(&self) -> &'static str {
        "captions 1"
    }

    fn batch(&self, recipe: &Recipe, step: usize) -> Box<dyn Batch> {
        let shapes = Shapes::training();
        let mut batch = Described::default();
        for index in indices(recipe, step) {
            let (arrangement, caption) = described(&shapes, recipe.seed, index, recipe.side);
            let looks = (0..caption.words.len()).map(|word| looks(&arrangement, &caption, word));
            let (first, gates) = looks.map(|[first, gates]| (first, gates)).unzip();
            batch.first.push(first);
            batch.gates.push(gates);
            batch.texts.push(caption.tokens());
            batch.pictures.push(recipe, index, &arrangement.scene.picture);
        }
        Box::new(batch)
    }
}

impl Batch for Described {
    fn loss(self: Box<Self>, recipe: &Recipe, learner: &mut Learner, device: &Device) -> Result<Tensor<1>> {
        let Self { pictures, texts, first, gates } = *self;
        let captioner = Captioner::load(learner, device)?;
        let found = captioner.write_and_look(pictures.tensor(recipe, device), &texts)?;
        let [_, places, words] = found.logits.dims();
        let (labels, count) = next_words(&texts, places, words);
        let logits: Tensor<2> = found.logits.flatten(0, 1);
        let labels = rows(labels, words, device);
        let missed = -(activation::log_softmax(logits, 1) * labels).sum() / count as f32;
        let open = ungated(found.gates, &gates, device) + ungated(found.glances, &first, device);
        Ok(missed + open * GATES)
    }
}

/// How much of each of the network's pixels the things take that `word` glances at, and those that it is read from. A group's words
/// glance at its largest thing and are read from all of it, a relation's from what the first group is seen from.
fn looks(arrangement: &Arrangement, caption: &Caption, word: usize) -> [Wanted; 2] {
    let Arrangement { scene, things } = arrangement;
    match caption.roles[word] {
        Role::Number | Role::Colour | Role::Kind => {
            let group = &caption.objects[word];
            let by_area = |a: &&usize, b: &&usize| things[**a].area().total_cmp(&things[**b].area());
            let largest: Vec<usize> = group.iter().max_by(by_area).copied().into_iter().collect();
            [&largest, group].map(|things| Some(taken(scene, things)))
        }
        Role::Relation => {
            let others = caption.groups[1..].iter().flat_map(|group| group.objects.clone());
            [None, Some(taken(scene, &others.collect::<Vec<_>>()))]
        }
        Role::Link => [None, None],
    }
}

/// How much it counts, for the word that follows at each place of each text, its end included; and how many words there are.
fn next_words(texts: &[Vec<usize>], places: usize, words: usize) -> (Vec<f32>, usize) {
    let mut labels = vec![0.0; texts.len() * places * words];
    let mut count = 0;
    for (text, labels) in texts.iter().zip(labels.chunks_exact_mut(places * words)) {
        for (place, &word) in text.iter().chain([&END]).enumerate() {
            labels[place * words + word] =
                if NUMBERS.contains(&captions::words()[word]) { HARD } else { 1.0 };
            count += 1;
        }
    }
    (labels, count)
}

#[cfg(test)]
mod tests {
    use super::super::gates::board;
    use super::*;
    use crate::scenes::captions::caption;
    use crate::scenes::shapes::Thing;

    #[test]
    fn words_are_taught_to_be_read_from_what_they_speak_of() {
        // A smaller hydrant of the same colour beside the board's.
        let Arrangement { mut things, .. } = board();
        things.push(Thing::new(0, 0, [0.2, 0.8], 0.2));
        let board = Arrangement::from_things(things, 96);
        let caption = caption(&board);
        assert_eq!(caption.to_string(), "two red hydrants left of a blue car");
        let looks: Vec<_> = (0..caption.words.len()).map(|word| looks(&board, &caption, word)).collect();
        let on = |things: &[usize]| Some(taken(&board.scene, things));
        let hydrants = [on(&[0]), on(&[0, 2])];
        assert_ne!(hydrants[0], hydrants[1]);
        let relation = [None, on(&[1])];
        let car = [on(&[1]), on(&[1])];
        assert_eq!(looks, [vec![hydrants; 3], vec![relation; 2], vec![car; 3]].concat());
    }
}
