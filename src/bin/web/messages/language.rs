//! Messages of networks that answer questions and write captions.

use cam_lucida::network::Architecture;
use cam_lucida::network::language::Sentence;
use cam_lucida::weights::{Tokenized, Vocabulary};
use cam_lucida::{CaptionModel, Explanation, PhraseExplanation, QuestionModel};
use serde::{Deserialize, Serialize};
#[cfg(test)]
use ts_rs::TS;

use super::{
    Class, Explain, ExplainedClass, Loaded, OutputInfo, Size, Time, explained_class, output, size, time, top,
};

/// A model of language that the engine keeps. It explains nothing before `ask` or `bind_word` has given it words.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct LanguageLoaded<'a> {
    pub id: u32,
    pub network: &'a str,
    pub title: &'a str,
    pub task: TaskInfo,
    /// Of the input, in pixels.
    pub size: Size,
    /// What it knows, by number. The first few stand for no word.
    pub words: &'a [String],
    /// What it chooses from, of one that answers questions.
    pub answers: Option<&'a [String]>,
}

/// What a model of language does.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub enum TaskInfo {
    QuestionAnswering,
    Captioning,
}

/// A text in the words of a model.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct TextRead {
    pub words: Vec<WordRead>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct WordRead {
    /// In lower case.
    pub word: String,
    pub token: usize,
    pub known: bool,
    /// The known word that it is read as, where it is not known itself.
    pub read_as: Option<String>,
    /// Whether it names nothing that can be seen, in a caption.
    pub function_word: bool,
    /// Whether it says where a thing is, seen from another, in a caption: what is read for it does not hold that.
    pub relation_word: bool,
}

/// A question that was asked: a model whose classes are the answers.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Asked<'a> {
    pub question: TextRead,
    pub model: Loaded<'a>,
}

/// Captions that are wanted of a picture.
#[derive(Deserialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Write {
    pub preprocess: String,
    /// How many are searched for at once; 1 takes the most probable word at each place.
    pub beam: usize,
}

/// A caption whose probability is wanted.
#[derive(Deserialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Score {
    pub preprocess: String,
    pub tokens: Vec<usize>,
}

/// Captions of a picture, the most probable first.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Written {
    pub captions: Vec<CaptionWritten>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct CaptionWritten {
    pub words: Vec<WordRead>,
    /// Natural, the end included.
    pub log_probability: f64,
}

/// How probable a caption is.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Scored {
    /// Natural, of each word and at last of the end.
    pub log_probabilities: Vec<f64>,
}

/// Words of a caption to explain: each, and all of them together.
#[derive(Deserialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct ExplainPhrase {
    /// The caption.
    pub tokens: Vec<usize>,
    /// The first of the words, 0 the caption's first.
    pub first: usize,
    /// The last of them.
    pub last: usize,
    /// How; its classes are empty.
    pub how: Explain,
}

/// Words of a caption that were explained. The explanation that the engine keeps has a heatmap for each of them, and at last
/// the sum of the raw maps of those that are summed.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct PhraseExplained {
    pub id: u32,
    pub method: &'static str,
    pub output: OutputInfo,
    pub words: Vec<WordExplained>,
    /// Whether the sum is the same everywhere.
    pub flat: bool,
    pub channels: usize,
    pub map: Size,
    pub view: Size,
    /// The phases of each word, one after another.
    pub times: Vec<Time>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct WordExplained {
    pub layers: Vec<String>,
    pub class: ExplainedClass,
    /// The most probable words at its place.
    pub top: Vec<Class>,
    /// Whether its map is in the sum. Function words and relation words are left out, unless there are no others.
    pub summed: bool,
}

impl<'a> LanguageLoaded<'a> {
    pub fn from_questions(id: u32, model: &'a QuestionModel) -> Self {
        Self {
            answers: Some(model.answers()),
            size: size(model.preprocessor().size),
            ..Self::new(id, TaskInfo::QuestionAnswering, model.architecture(), model.vocabulary())
        }
    }

    pub fn from_captions(id: u32, model: &'a CaptionModel) -> Self {
        let size = size(model.preprocessor().size);
        Self { size, ..Self::new(id, TaskInfo::Captioning, model.architecture(), model.vocabulary()) }
    }

    fn new(id: u32, task: TaskInfo, network: &'a Architecture, vocabulary: &'a Vocabulary) -> Self {
        Self {
            id,
            network: network.name,
            title: network.title,
            task,
            size: size(cam_lucida::Size::square(network.size as usize)),
            words: vocabulary.words(),
            answers: None,
        }
    }
}

impl TextRead {
    pub fn question(read: Tokenized, model: &QuestionModel) -> Self {
        Self::new(read, model.vocabulary(), |_| [false; 2])
    }

    pub fn caption(read: Tokenized, model: &CaptionModel) -> Self {
        let vocabulary = model.vocabulary();
        let is = |word: &str| [model.is_function_word(word), model.is_relation_word(word)];
        Self::new(read, vocabulary, is)
    }

    /// `is` tells of a word whether it is a function word and whether it is a relation word.
    fn new(read: Tokenized, vocabulary: &Vocabulary, is: impl Fn(&str) -> [bool; 2]) -> Self {
        let unknown: Vec<String> = read.unknown().map(String::from).collect();
        let words = read.words.into_iter().zip(read.tokens).map(|(word, token)| {
            let read_as = vocabulary.read_as(&word, token).map(String::from);
            let [function_word, relation_word] = is(read_as.as_deref().unwrap_or(&word));
            WordRead { known: !unknown.contains(&word), read_as, function_word, relation_word, word, token }
        });
        Self { words: words.collect() }
    }
}

impl Written {
    pub fn new(captions: Vec<Sentence>, model: &CaptionModel) -> Self {
        let caption = |Sentence { tokens, log_probability }: Sentence| {
            let words = tokens.iter().map(|&token| model.vocabulary().words()[token].clone()).collect();
            let TextRead { words } = TextRead::caption(Tokenized { words, tokens }, model);
            CaptionWritten { words, log_probability }
        };
        Self { captions: captions.into_iter().map(caption).collect() }
    }
}

impl PhraseExplained {
    /// `model` names the words; `view` is the size of what the heatmaps are drawn over.
    pub fn new(
        id: u32,
        explained: &PhraseExplanation,
        model: &cam_lucida::Model,
        view: cam_lucida::Size,
    ) -> Self {
        let sum = &explained.heatmaps[0];
        let [channels, height, width] = sum.map.dims();
        let word = |(word, &summed): (&Explanation, &bool)| WordExplained {
            layers: word.layers.clone(),
            class: explained_class(model, &word.scores, &word.heatmaps[0]),
            top: top(model, &word.scores),
            summed,
        };
        Self {
            id,
            method: sum.method.name,
            output: output(sum.method),
            words: explained.words.iter().zip(&explained.summed).map(word).collect(),
            flat: sum.is_flat(),
            channels,
            map: Size { width, height },
            view: size(view),
            times: explained.words.iter().flat_map(|word| &word.times).map(time).collect(),
        }
    }
}
