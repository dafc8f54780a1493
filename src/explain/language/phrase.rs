//! Phrases: the words of a caption together.

use std::ops::{ControlFlow, Range};

use super::CaptionModel;
use crate::Result;
use crate::cam::{ClassSum, Needs, Progress, Watch};
use crate::error::error;
use crate::explain::explanation::Clock;
use crate::explain::{Explanation, Heatmap, Input, Request, Scores};
use crate::network::Network;
use crate::network::language::{Writing, WritingPhrase};

/// What speaks for each word of a phrase, and for all of them together.
///
/// See the example of [`CaptionModel`].
pub struct PhraseExplanation {
    /// Which words of the caption it explains.
    pub places: Range<usize>,
    /// One for each of them.
    pub words: Vec<Explanation>,
    /// For each of them, whether its maps are in the sums. Left out are function words and, at what was read, relation words; see
    /// [`CaptionModel::explain`].
    pub summed: Vec<bool>,
    /// For each method of the request, the sum of the words' raw maps.
    pub heatmaps: Vec<Heatmap>,
}

impl CaptionModel {
    /// Explains the words `places` of a caption, 0 the first: each after those before it, and the phrase by the sum of their
    /// raw maps. Without a layer in the request, each word is explained at what was read for it.
    ///
    /// Some words are explained and left out of the sum: [function words](Self::is_function_word) always, and
    /// [relation words](Self::is_relation_word) where a method looks at what was read. There is nothing of what decides between left
    /// and right in it. From any earlier layer on, there is. Of a phrase of such words alone, the sum is theirs.
    ///
    /// Methods that need a single pass explain all words in one, unless it is to be smoothed or a layer `read.…` is asked for.
    ///
    /// # Errors
    /// As [`Model::explain`](crate::Model::explain); [`is_request`](crate::Error::is_request) when the caption has no such words,
    /// or the request names classes: the words are the classes.
    pub async fn explain(
        &self,
        input: &Input,
        tokens: &[usize],
        places: Range<usize>,
        request: &Request,
    ) -> Result<PhraseExplanation> {
        self.explain_watched(input, tokens, places, request, &|_| ControlFlow::Continue(())).await
    }

    /// [`explain`](Self::explain), telling `watch` of every step of the methods that take many.
    ///
    /// # Errors
    /// As `explain`, and [`is_cancelled`](crate::Error::is_cancelled) when `watch` breaks off.
    pub async fn explain_watched(
        &self,
        input: &Input,
        tokens: &[usize],
        places: Range<usize>,
        request: &Request,
        watch: &dyn Watch,
    ) -> Result<PhraseExplanation> {
        let phrase = self.captioner.bind_phrase(tokens, places.clone())?;
        if !request.classes.is_empty() {
            return Err(error!(
                Request,
                "phrase-classes",
                "the words of a phrase are what is explained; ask for no classes beside them"
            ));
        }
        let at_once = request.methods.iter().all(|method| method.is_single_pass())
            && !request.smooth
            && !request.layers.iter().any(|layer| is_of_a_word(layer));
        let words = if at_once {
            self.explain_at_once(&phrase, input, &tokens[places.clone()], places.start, request, watch)
                .await?
        } else {
            self.explain_one_by_one(input, tokens, places.clone(), request, watch).await?
        };
        let summed = self.summed(&tokens[places.clone()], request);
        let mut heatmaps = Vec::new();
        for method in 0..request.methods.len() {
            let counted = words.iter().zip(&summed).filter(|(_, summed)| **summed);
            let maps: Vec<&Heatmap> = counted.map(|(word, _)| &word.heatmaps[method]).collect();
            heatmaps.push(Heatmap::sum(&maps).await?);
        }
        Ok(PhraseExplanation { places, words, summed, heatmaps })
    }

    /// Which words' maps are summed.
    fn summed(&self, words: &[usize], request: &Request) -> Vec<bool> {
        let is_read = request.layers.is_empty() || request.layers.iter().any(|layer| is_of_a_word(layer));
        let looks_there = is_read && request.methods.iter().any(|method| method.needs != Needs::Nothing);
        let is_summed = |&token: &usize| {
            let word = self.vocabulary().words().get(token);
            let is_left_out =
                |word: &String| self.is_function_word(word) || looks_there && self.is_relation_word(word);
            !word.is_some_and(is_left_out)
        };
        let summed: Vec<bool> = words.iter().map(is_summed).collect();
        if summed.contains(&true) { summed } else { vec![true; words.len()] }
    }

    /// Each word by passes of its own.
    async fn explain_one_by_one(
        &self,
        input: &Input,
        tokens: &[usize],
        places: Range<usize>,
        request: &Request,
        watch: &dyn Watch,
    ) -> Result<Vec<Explanation>> {
        let mut words = Vec::new();
        for (done, place) in places.clone().enumerate() {
            let part = |progress: Progress| {
                let Progress { done: steps, total, .. } = progress;
                let (done, total) = (done * total + steps, places.len() * total);
                watch.step(Progress { done, total, ..progress })
            };
            let request = Request { classes: vec![tokens[place].into()], ..request.clone() };
            words.push(self.word(tokens, place)?.explain_watched(input, &request, &part).await?);
        }
        Ok(words)
    }

    /// All `words` by one pass. The first of them is at place `first`.
    async fn explain_at_once(
        &self,
        phrase: &dyn Network,
        input: &Input,
        words: &[usize],
        first: usize,
        request: &Request,
        watch: &dyn Watch,
    ) -> Result<Vec<Explanation>> {
        let model = &self.unwritten;
        model.check_input(input)?;
        // What is read has a row for each word already; from any other layer on, the tap makes them.
        let (layers, rows) = if request.layers.is_empty() {
            (vec![WritingPhrase::READ], 1)
        } else {
            (model.layers_named(&request.layers)?, words.len())
        };
        let explainer = model.explainer_of(phrase, layers, request, watch)?;
        let mut clock = Clock::start();
        let x = input.tensor(model.device());
        let forward = explainer.forward(x.clone(), rows);
        let scores = Scores::read_rows(forward.logits(), model.problem()).await?;
        clock.lap("forward");
        let classes = ClassSum::each(words.iter().copied());
        let attributions = explainer.explain(x, forward, &classes).await?;
        let mut heatmaps = Heatmap::read(attributions, &classes).await?.into_iter();
        clock.lap("map");
        let mut by_method: Vec<_> = request
            .methods
            .iter()
            .map(|_| heatmaps.by_ref().take(words.len()).collect::<Vec<_>>().into_iter())
            .collect();
        let share = |&(phase, seconds): &(&'static str, f64)| (phase, seconds / words.len() as f64);
        let word = |(at, (class, scores)): (usize, (ClassSum, Scores))| Explanation {
            layers: match &request.layers[..] {
                [] => vec![Writing::layer(first + at)],
                _ => explainer.layers().iter().copied().map(String::from).collect(),
            },
            classes: vec![class],
            target: request.target,
            scores,
            heatmaps: by_method.iter_mut().filter_map(Iterator::next).collect(),
            times: clock.laps.iter().map(share).collect(),
        };
        Ok(classes.into_iter().zip(scores).enumerate().map(word).collect())
    }
}

/// Whether a layer holds what was read for a word.
fn is_of_a_word(layer: &str) -> bool {
    layer.starts_with(WritingPhrase::READ)
}
