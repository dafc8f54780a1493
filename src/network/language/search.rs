//! The most probable captions: word by word, or by a beam.

use burn::tensor::Tensor;

use super::Captioner;
use super::captioner::{FIRST, written};
use super::tokens::{END, PAD, START, UNKNOWN, check, length};
use crate::Result;
use crate::network::Tap;
use crate::read_back::{check_finite, read};

/// Words of a caption at most.
const LONGEST: usize = 30;

/// A caption that a [`Captioner`] wrote.
///
/// See the example of [`Captioner`].
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// Its words, without start and end.
    pub tokens: Vec<usize>,
    /// The logarithm of its probability, its end included where it has come to one.
    pub log_probability: f64,
}

impl Captioner {
    /// A caption of each picture of `x` `[n, 3, h, w]`: at each place the most probable word.
    ///
    /// # Errors
    /// [`is_device`](crate::Error::is_device) when the device fails; [`is_weights`](crate::Error::is_weights) when a score is not
    /// finite.
    pub async fn greedy(&self, x: Tensor<4>) -> Result<Vec<Sentence>> {
        let n = x.dims()[0];
        let seen = self.look(x, &mut Tap::default());
        let (mut writer, mut last) = (self.start(&seen), vec![START; n]);
        let mut sentences = vec![Sentence { tokens: Vec::new(), log_probability: 0.0 }; n];
        for _ in 0..LONGEST {
            (writer, _) = self.advance(&seen, self.embedding.forward(&last), writer);
            let scores = self.log_probabilities(self.logits_at(&writer)).await?;
            for ((sentence, last), scores) in sentences.iter_mut().zip(&mut last).zip(&scores) {
                if [END, PAD].contains(last) {
                    *last = PAD;
                    continue;
                }
                let word = ranked(scores).remove(0);
                sentence.log_probability += scores[word];
                *last = word;
                if word != END {
                    sentence.tokens.push(word);
                }
            }
            if last.iter().all(|last| [END, PAD].contains(last)) {
                break;
            }
        }
        Ok(sentences)
    }

    /// The `width` most probable captions that a beam of as many finds for a picture `[1, 3, h, w]`, the best first.
    ///
    /// # Errors
    /// As [`greedy`](Self::greedy).
    pub async fn beam(&self, x: Tensor<4>, width: usize) -> Result<Vec<Sentence>> {
        let width = width.max(1);
        let seen = self.look(x, &mut Tap::default()).of_rows(width);
        let mut writer = self.start(&seen);
        // Rows beyond those that are under way are computed and not looked at.
        let mut open = vec![Sentence { tokens: Vec::new(), log_probability: 0.0 }];
        let mut ended: Vec<Sentence> = Vec::new();
        for _ in 0..LONGEST {
            let last = |row: usize| {
                open.get(row).map_or(PAD, |sentence| sentence.tokens.last().copied().unwrap_or(START))
            };
            let words: Vec<usize> = (0..width).map(last).collect();
            (writer, _) = self.advance(&seen, self.embedding.forward(&words), writer);
            let scores = self.log_probabilities(self.logits_at(&writer)).await?;
            let mut next: Vec<(f64, usize, usize)> = Vec::new();
            for (row, (sentence, scores)) in open.iter().zip(&scores).enumerate() {
                let best = ranked(scores).into_iter().take(width);
                next.extend(best.map(|word| (sentence.log_probability + scores[word], row, word)));
            }
            next.sort_by(|a, b| b.0.total_cmp(&a.0));
            next.truncate(width);
            let (mut rows, mut under_way) = (Vec::new(), Vec::new());
            for (log_probability, row, word) in next {
                let mut tokens = open[row].tokens.clone();
                if word == END {
                    ended.push(Sentence { tokens, log_probability });
                } else {
                    tokens.push(word);
                    under_way.push(Sentence { tokens, log_probability });
                    rows.push(row);
                }
            }
            ended.sort_by(|a, b| b.log_probability.total_cmp(&a.log_probability));
            ended.truncate(width);
            open = under_way;
            // A longer caption is never more probable.
            let best = open.first().map(|sentence| sentence.log_probability);
            let better = |worst: &Sentence| best.is_none_or(|best| worst.log_probability >= best);
            if open.is_empty() || (ended.len() == width && ended.last().is_some_and(better)) {
                break;
            }
            rows.resize(width, 0);
            writer = writer.select(&rows);
        }
        // Only where nothing came to an end.
        ended.extend(if ended.is_empty() { open } else { Vec::new() });
        ended.truncate(width);
        Ok(ended)
    }

    /// The logarithm of the probability of each word of a caption for a picture `[1, 3, h, w]`, and of its end.
    ///
    /// # Errors
    /// As [`greedy`](Self::greedy), and [`is_request`](crate::Error::is_request) when it does not know a token.
    pub async fn score(&self, x: Tensor<4>, tokens: &[usize]) -> Result<Vec<f64>> {
        check(tokens, FIRST, self.words())?;
        let places = length(tokens) + 1;
        let logits = self.write(x, &[tokens.to_vec()])?;
        let scores = self.log_probabilities(logits.reshape([places, self.words()])).await?;
        Ok(scores.iter().enumerate().map(|(place, scores)| scores[written(tokens, place)]).collect())
    }

    /// Of logits `[n, words]`, row by row.
    async fn log_probabilities(&self, logits: Tensor<2>) -> Result<Vec<Vec<f64>>> {
        let numbers = read(logits.flatten(0, 1)).await?;
        check_finite(&numbers, "scores")?;
        let row = |logits: &[f32]| {
            let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let sum: f64 = logits.iter().map(|logit| f64::from(logit - largest).exp()).sum();
            logits.iter().map(|logit| f64::from(logit - largest) - sum.ln()).collect()
        };
        Ok(numbers.chunks_exact(self.words()).map(row).collect())
    }
}

/// The words that a caption can go on with, and its end, the most probable first.
fn ranked(scores: &[f64]) -> Vec<usize> {
    let is_written = |word: &usize| ![PAD, UNKNOWN, START].contains(word);
    let mut words: Vec<usize> = (0..scores.len()).filter(is_written).collect();
    words.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    words
}
