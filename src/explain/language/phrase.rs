//! Phrases: the words of a caption together.

use std::ops::{ControlFlow, Range};

use super::CaptionModel;
use crate::Result;
use crate::cam::{Progress, Watch};
use crate::error::error;
use crate::explain::{Explanation, Heatmap, Input, Request};

/// What speaks for each word of a phrase, and for all of them together.
///
/// See the example of [`CaptionModel`].
pub struct PhraseExplanation {
    /// Which words of the caption it explains.
    pub places: Range<usize>,
    /// One for each of them.
    pub words: Vec<Explanation>,
    /// For each method of the request, the sum of the words' raw maps.
    pub heatmaps: Vec<Heatmap>,
}

impl CaptionModel {
    /// Explains the words `places` of a caption, 0 the first: each after those before it, and the phrase by the sum of their
    /// raw maps. Without a layer in the request, each is explained at what was read for it.
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
        if places.is_empty() || places.end > tokens.len() {
            return Err(error!(
                Request,
                "phrase-range",
                "the caption has {words} words, 0 to {last}; {first} to {end} are not among them",
                words = tokens.len(),
                last = tokens.len().saturating_sub(1),
                first = places.start,
                end = places.end.saturating_sub(1)
            ));
        }
        if !request.classes.is_empty() {
            return Err(error!(
                Request,
                "phrase-classes",
                "the words of a phrase are what is explained; ask for no classes beside them"
            ));
        }
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
        let mut heatmaps = Vec::new();
        for method in 0..request.methods.len() {
            let maps: Vec<&Heatmap> = words.iter().map(|word| &word.heatmaps[method]).collect();
            heatmaps.push(Heatmap::sum(&maps).await?);
        }
        Ok(PhraseExplanation { places, words, heatmaps })
    }
}
