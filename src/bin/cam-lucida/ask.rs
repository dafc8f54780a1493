//! `ask`: answers to a question about a picture, each with its heatmap.

use std::collections::BTreeMap;

use cam_lucida::cam::ClassSum;
use cam_lucida::weights::Vocabulary;
use cam_lucida::{ModelFile, Request};
use serde::Serialize;

use crate::Failure;
use crate::embedded::{ANSWERS, QUESTION, QUESTIONS};
use crate::explain::{Classes, results};
use crate::inputs::{InputArguments, progress, watch};
use crate::request::MethodArguments;
use crate::results::{Clock, ResultArguments, Results};

/// A question asked.
#[derive(clap::Args)]
pub struct Ask {
    #[command(flatten)]
    inputs: InputArguments,

    /// The question, in English [default for the sample scene: "what color is the hydrant?"].
    #[arg(long, short, value_name = "TEXT")]
    question: Option<String>,

    /// The answers to explain; those between plus signs add up [default: the most probable one; without a question, the colours of
    /// the hydrants].
    #[arg(long, short, value_delimiter = ',', value_name = "ANSWER[+ANSWER][,ANSWER]")]
    answer: Vec<String>,

    #[command(flatten)]
    methods: MethodArguments,

    #[command(flatten)]
    results: ResultArguments,
}

/// What `result.json` says of question and answers.
#[derive(Serialize)]
struct Details {
    question: Question,
    #[serde(flatten)]
    answers: Classes,
}

#[derive(Serialize)]
struct Question {
    text: String,
    words: Vec<String>,
    /// Those that the network does not know.
    unknown: Vec<String>,
    /// Words that were read as others, which the network knows.
    read_as: BTreeMap<String, String>,
}

/// How many of the best answers are told.
const TOLD: usize = 3;

impl Ask {
    pub async fn run(self) -> Result<(), Failure> {
        self.results.style()?;
        let (text, answers) = self.asked()?;
        let request = self.methods.request()?;
        let progress = progress();
        let mut clock = Clock::start();
        let load = async |file: ModelFile| file.load_questions().await;
        let (questions, opened) = self.inputs.prepare_language(&progress, &QUESTIONS, load).await?;
        let answers: Vec<ClassSum> =
            answers.iter().map(|answer| questions.answer(answer)).collect::<Result<_, _>>()?;
        let question = Question::new(text, questions.vocabulary())?;
        progress.suspend(|| question.note());
        let prepared = opened.with(questions.ask(&question.text)?)?;
        clock.lap("prepare");
        progress.set_message("explaining");
        let (model, request) = (&prepared.model, Request { classes: answers, ..request });
        let explanation = model.explain_watched(&prepared.input, &request, &watch(&progress)).await?;
        clock.laps(&explanation.times);
        let scores = &explanation.scores;
        for answer in scores.top(TOLD) {
            let (name, percent) = (&questions.answers()[answer], 100.0 * scores.probabilities[answer]);
            progress.suspend(|| eprintln!("answer: {name}, {percent:.1} %"));
        }
        let name = |answer: &ClassSum| {
            let names: Vec<&str> =
                answer.classes().iter().map(|&class| &*questions.answers()[class]).collect();
            names.join("+").replace(|c: char| !(c.is_alphanumeric() || c == '+'), "_")
        };
        let Results { run, details, maps, logits, sentences } =
            results(&prepared, &request, &explanation, name);
        let details = Details { question, answers: details };
        self.results
            .write(&prepared, Results { run, details, maps, logits, sentences }, clock, &progress)
            .await
    }

    /// The question and the answers to explain.
    fn asked(&self) -> Result<(String, Vec<String>), Failure> {
        match &self.question {
            Some(question) => Ok((question.clone(), self.answer.clone())),
            None if self.inputs.is_sample()? => {
                let answers = if self.answer.is_empty() {
                    ANSWERS.map(String::from).to_vec()
                } else {
                    self.answer.clone()
                };
                Ok((QUESTION.into(), answers))
            }
            None => Err("no question: pass --question TEXT, such as \"what color is the car?\"".into()),
        }
    }
}

impl Question {
    fn new(text: String, vocabulary: &Vocabulary) -> Result<Self, Failure> {
        let read = vocabulary.read(&text)?;
        let unknown = read.unknown().map(String::from).collect();
        let words = read.words.iter().zip(&read.tokens);
        let read_as =
            words.filter_map(|(word, &token)| Some((word.clone(), vocabulary.read_as(word, token)?.into())));
        let read_as = read_as.collect();
        Ok(Self { text, words: read.words, unknown, read_as })
    }

    /// Says which words were not read as they stand.
    fn note(&self) {
        for (word, known) in &self.read_as {
            eprintln!("note: “{word}” is read as “{known}”");
        }
        if !self.unknown.is_empty() {
            eprintln!("note: the network does not know these words: {}", self.unknown.join(", "));
        }
    }
}
