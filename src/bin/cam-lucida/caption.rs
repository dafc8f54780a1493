//! `caption`: a description of a picture, each word of it with its heatmap.

use std::ops::Range;
use std::str::FromStr;

use cam_lucida::network::language::Sentence;
use cam_lucida::{CaptionModel, Heatmap, Input, PhraseExplanation, printable};
use serde::Serialize;

use crate::Failure;
use crate::inputs::{InputArguments, of_language};
use crate::numbers::whole;
use crate::progress::{progress, watch};
use crate::report::{ClassRecord, RunRecord};
use crate::request::MethodArguments;
use crate::results::{Clock, NamedMap, ResultArguments, Results, in_file_name};
use crate::terminal;

/// A picture described.
#[derive(clap::Args)]
pub struct Caption {
    #[command(flatten)]
    inputs: InputArguments,

    /// A caption of your own, in English [default: the one that the network writes].
    #[arg(long, value_name = "TEXT", conflicts_with = "beam")]
    caption: Option<String>,

    /// Explain this word, 0 the first [default: every word, and the caption as a whole].
    #[arg(long, value_name = "N", conflicts_with = "phrase", value_parser = place)]
    word: Option<usize>,

    /// Explain the words A to B, each and together.
    #[arg(long, value_name = "A..B")]
    phrase: Option<Phrase>,

    /// How many captions are searched for at once; 1 takes the most probable word at each place.
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = whole::<usize>(1..=CaptionModel::MAX_BEAM as u64))]
    beam: usize,

    #[command(flatten)]
    methods: MethodArguments,

    #[command(flatten)]
    results: ResultArguments,
}

/// The help of what `caption` shares with other commands.
pub fn with_help(command: clap::Command) -> clap::Command {
    of_language(
        command,
        "The layer to explain [default: of each word, what is read for it: read.0 of the first]. `--merge` makes one map of several layers",
        "The number to explain: logit, probability, contrast:WORD, counterfactual, log-probability",
    )
}

/// Reads the number of a word; how many there are shows when there is a caption.
fn place(text: &str) -> Result<usize, String> {
    text.trim().parse().map_err(|_| "pass the number of a word, 0 the caption's first".into())
}

/// First and last word.
#[derive(Clone, Copy)]
struct Phrase(usize, usize);

impl FromStr for Phrase {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once("..").and_then(|(first, last)| {
            let last = last.strip_prefix('=').unwrap_or(last);
            Some(Self(first.trim().parse().ok()?, last.trim().parse().ok()?))
        });
        parsed.filter(|Self(first, last)| first <= last).ok_or_else(|| {
            "pass the numbers of the first and the last word, such as 1..3; 0 is the caption's first".into()
        })
    }
}

/// What `result.json` says of a caption.
#[derive(Serialize)]
struct Details {
    caption: CaptionRecord,
    /// What else the beam found, the best first.
    alternatives: Vec<Alternative>,
    /// The words that were explained.
    classes: Vec<ClassRecord>,
}

#[derive(Serialize)]
struct CaptionRecord {
    text: String,
    /// The natural logarithm of its probability, its end included.
    log_probability: f64,
    words: Vec<WordRecord>,
}

#[derive(Serialize)]
struct WordRecord {
    word: String,
    known: bool,
    /// Whether it names nothing that can be seen: its map is shown, but not scored.
    function_word: bool,
    /// Whether it says where a thing is, seen from another: what was read for it does not hold that, and its map there is not scored.
    relation_word: bool,
    log_probability: f64,
}

#[derive(Serialize)]
struct Alternative {
    text: String,
    log_probability: f64,
}

/// A caption, from wherever it is.
struct Read {
    words: Vec<String>,
    tokens: Vec<usize>,
    /// Of a caption that the network wrote. One without an end was broken off.
    log_probability: Option<f64>,
    alternatives: Vec<Sentence>,
}

impl Caption {
    pub async fn run(self) -> Result<(), Failure> {
        self.results.style()?;
        let Self { inputs, caption, word, phrase, beam, methods, results } = self;
        let progress = progress();
        let mut clock = Clock::start();
        let (captions, opened) =
            inputs.prepare_language(&progress, async |file| file.load_captions().await).await?;
        let request = methods.request_naming(|name| {
            let known = captions.vocabulary().token(name);
            known.ok_or_else(|| {
                format!("the network does not know the word “{name}”; contrast with one that it knows, such as contrast:red").into()
            })
        })?;
        let mut prepared = opened.with(captions.word(&[], 0)?, &progress)?;
        clock.lap("prepare");
        progress.set_message("writing");
        let read = Read::new(&captions, &prepared.input, caption.as_deref(), beam).await?;
        if read.tokens.is_empty() {
            return Err("the network finds no words for this picture; pass --caption TEXT".into());
        }
        let record = read.record(&captions, &prepared.input).await?;
        clock.lap("write");
        progress.suspend(|| record.tell());
        let places = match (word, phrase) {
            (Some(word), _) => word..word.saturating_add(1),
            (None, Some(Phrase(first, last))) => first..last.saturating_add(1),
            (None, None) => 0..read.tokens.len(),
        };
        progress.set_message("explaining");
        let explained = captions
            .explain_watched(&prepared.input, &read.tokens, places.clone(), &request, &watch(&progress))
            .await?;
        clock.lap("explain");
        if let Some(note) = left_out(&explained, &record.words[places.clone()]) {
            progress.suspend(|| terminal::tell(note));
        }
        prepared.model = captions.word(&read.tokens, places.start)?.into();
        let classes = explained
            .words
            .iter()
            .map(|word| ClassRecord::new(&prepared.model, &word.scores, &word.classes[0]));
        let alternatives = read.alternatives.iter().map(|sentence| Alternative {
            text: captions.vocabulary().text(&sentence.tokens),
            log_probability: sentence.log_probability,
        });
        let mut layers: Vec<String> = explained.words.iter().flat_map(|word| word.layers.clone()).collect();
        layers.dedup();
        let found = Results {
            run: RunRecord::new(&prepared, &request, layers.clone()),
            details: Details {
                caption: record,
                alternatives: alternatives.collect(),
                classes: classes.collect(),
            },
            maps: maps(&explained, &read.words, &layers),
            logits: explained.words.iter().map(|word| word.scores.logits.as_slice()).collect(),
            sentences: Vec::new(),
        };
        results.write(&prepared, found, clock, &progress).await
    }
}

/// What is said of words whose maps are not in the sum of a phrase.
fn left_out(explained: &PhraseExplanation, words: &[WordRecord]) -> Option<String> {
    let left: Vec<&WordRecord> =
        words.iter().zip(&explained.summed).filter(|(_, summed)| !**summed).map(|(word, _)| word).collect();
    let of = |is: &dyn Fn(&WordRecord) -> bool, why: &str| {
        let mut names: Vec<String> =
            left.iter().filter(|word| is(word)).map(|word| format!("“{}”", printable(&word.word))).collect();
        names.dedup();
        (!names.is_empty()).then(|| format!("{}: {why}", names.join(", ")))
    };
    let parts = [
        of(&|word| word.function_word, "they name nothing that can be seen"),
        of(
            &|word| word.relation_word,
            "they are told from where the network looks, which what it read does not hold; an earlier layer, such as --layer blocks.1, does",
        ),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty())
        .then(|| format!("note: the sum of the words' maps leaves out {}", parts.join("; and ")))
}

/// The map of each word, and that of all where there are several.
fn maps<'a>(explained: &'a PhraseExplanation, words: &[String], layers: &'a [String]) -> Vec<NamedMap<'a>> {
    let Range { start, end } = explained.places;
    let of_words = explained.words.iter().zip(start..end).flat_map(|(word, place)| {
        word.heatmaps.iter().map(move |heatmap| NamedMap {
            heatmap,
            layers: &word.layers,
            name: format!("{place}-{}", in_file_name(&words[place])),
            title: format!("word {place}, “{}”", words[place]),
            words: Some([place, place]),
        })
    });
    let last = end - 1;
    let of_all = |heatmap: &'a Heatmap| NamedMap {
        heatmap,
        layers,
        name: format!("{start}-{last}"),
        title: format!("“{}”", words[start..end].join(" ")),
        words: Some([start, last]),
    };
    let of_all = explained.heatmaps.iter().filter(|_| end - start > 1).map(of_all);
    of_words.chain(of_all).collect()
}

impl Read {
    /// The caption that somebody wrote, or the best that the network writes.
    async fn new(
        captions: &CaptionModel,
        input: &Input,
        text: Option<&str>,
        beam: usize,
    ) -> Result<Self, Failure> {
        if let Some(text) = text {
            let read = captions.vocabulary().read(text)?;
            return Ok(Self {
                words: read.words,
                tokens: read.tokens,
                log_probability: None,
                alternatives: Vec::new(),
            });
        }
        let mut alternatives = captions.write(input, beam).await?;
        let Sentence { tokens, log_probability } = alternatives.remove(0);
        let word = |&token: &usize| captions.vocabulary().words()[token].clone();
        Ok(Self {
            words: tokens.iter().map(word).collect(),
            tokens,
            log_probability: Some(log_probability),
            alternatives,
        })
    }

    async fn record(&self, captions: &CaptionModel, input: &Input) -> Result<CaptionRecord, Failure> {
        let scores = captions.score(input, &self.tokens).await?;
        let words = self.words.iter().zip(&self.tokens).zip(&scores);
        let words = words.map(|((word, &token), &log_probability)| {
            let meant = captions.vocabulary().read_as(word, token).unwrap_or(word);
            WordRecord {
                word: word.clone(),
                known: captions.vocabulary().token(word).is_some(),
                function_word: captions.is_function_word(meant),
                relation_word: captions.is_relation_word(meant),
                log_probability,
            }
        });
        let words = words.collect();
        let log_probability = self.log_probability.unwrap_or_else(|| scores.iter().sum());
        Ok(CaptionRecord { text: self.words.join(" "), log_probability, words })
    }
}

impl CaptionRecord {
    /// Says it, word by word.
    fn tell(&self) {
        terminal::tell(format!(
            "caption: {}, log-probability {:.2}",
            printable(&self.text),
            self.log_probability
        ));
        for (place, word) in self.words.iter().enumerate() {
            let percent = 100.0 * word.log_probability.exp();
            let note = match word {
                WordRecord { known: false, .. } => ", not known to the network",
                WordRecord { function_word: true, .. } => ", a function word: its map is shown, not scored",
                WordRecord { relation_word: true, .. } => {
                    ", a relation word: told from where the network looks; at what it read, its map is shown, not scored"
                }
                _ => "",
            };
            terminal::tell(format!("{place:>5}  {}, {percent:.1} %{note}", printable(&word.word)));
        }
    }
}
