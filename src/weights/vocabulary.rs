//! The words that a network knows.

use std::collections::BTreeMap;

use crate::Result;
use crate::error::error;
use crate::network::language::UNKNOWN;
use crate::words::split;

/// The words that a network of language knows, in the order of their numbers.
///
/// ```
/// use cam_lucida::weights::Vocabulary;
///
/// let words = ["<pad>", "<unknown>", "color", "hydrant", "is", "the", "what"];
/// let vocabulary = Vocabulary::new(words.map(String::from).to_vec());
/// let question = vocabulary.read("What color is the OLD hydrant?")?;
/// assert_eq!(question.tokens, [6, 2, 4, 5, 1, 3]);
/// assert!(question.unknown().eq(["old"]));
/// assert_eq!(vocabulary.text(&question.tokens), "what color is the <unknown> hydrant");
/// let vocabulary = vocabulary.with_synonyms([("hue".into(), "color".into())].into());
/// let question = vocabulary.read("the hue")?;
/// assert_eq!(vocabulary.read_as(&question.words[1], question.tokens[1]), Some("color"));
/// assert_eq!(vocabulary.read("¿Por qué?").unwrap_err().code(), "no-known-word");
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vocabulary {
    words: Vec<String>,
    /// For words that are not known, known ones that mean the same.
    synonyms: BTreeMap<String, String>,
}

/// A text in the words of a [`Vocabulary`].
///
/// See the example of [`Vocabulary`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokenized {
    /// Its words in lower case, without punctuation.
    pub words: Vec<String>,
    /// Their numbers; [`UNKNOWN`] for a word that is not known.
    pub tokens: Vec<usize>,
}

impl Vocabulary {
    /// These words. The first ones stand for none; see [`PAD`](crate::network::language::PAD) and its neighbours.
    pub fn new(words: Vec<String>) -> Self {
        Self { words, synonyms: BTreeMap::new() }
    }

    /// The same, which reads each key of `synonyms` as the word that it stands for.
    pub fn with_synonyms(self, synonyms: BTreeMap<String, String>) -> Self {
        Self { synonyms, ..self }
    }

    /// The words, by their numbers.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The number of a word, or of one that means the same, if it is known.
    pub fn token(&self, word: &str) -> Option<usize> {
        let number = |word: &str| self.words.iter().position(|known| known == word);
        number(word).or_else(|| number(self.synonyms.get(word)?))
    }

    /// The known word that `word` was read as, if its token is not its own.
    pub fn read_as(&self, word: &str, token: usize) -> Option<&str> {
        let known = self.words.get(token).filter(|_| token != UNKNOWN)?;
        (known != word).then_some(known)
    }

    /// The words of these numbers, with spaces between them.
    pub fn text(&self, tokens: &[usize]) -> String {
        let words = tokens.iter().filter_map(|&token| self.words.get(token));
        words.map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Reads a text that somebody wrote. Case and punctuation do not matter.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request) when it has no words, or none that is known.
    pub fn read(&self, text: &str) -> Result<Tokenized> {
        let words = split(text);
        if words.is_empty() {
            return Err(error!(
                Request,
                "text-without-words", "there are no words in “{text}”; write some", text
            ));
        }
        let tokens: Vec<usize> = words.iter().map(|word| self.token(word).unwrap_or(UNKNOWN)).collect();
        if tokens.iter().all(|&token| token == UNKNOWN) {
            return Err(error!(
                Request,
                "no-known-word",
                "this network knows none of the words of “{text}”; it knows English words such as {examples}",
                text,
                examples = self.examples()
            ));
        }
        Ok(Tokenized { words, tokens })
    }

    /// A few of its words, far apart.
    fn examples(&self) -> String {
        const COUNT: usize = 8;
        let words = self.words.iter().map(String::as_str);
        let words: Vec<&str> = words.filter(|word| word.chars().all(char::is_alphabetic)).collect();
        words.iter().step_by((words.len() / COUNT).max(1)).take(COUNT).copied().collect::<Vec<_>>().join(", ")
    }
}

impl Tokenized {
    /// The words that are not known, in the text's order.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        let all = self.words.iter().zip(&self.tokens);
        all.filter(|(_, token)| **token == UNKNOWN).map(|(word, _)| word.as_str())
    }
}
