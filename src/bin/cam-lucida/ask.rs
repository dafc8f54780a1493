//! `ask`: answers to a question about a picture, each with its heatmap.

use cam_lucida::cam::ClassSum;
use cam_lucida::{Request, printable};
use serde::Serialize;

use crate::Failure;
use crate::explain::{Classes, results};
use crate::inputs::{InputArguments, of_language};
use crate::progress::{progress, watch};
use crate::request::MethodArguments;
use crate::results::{Clock, ResultArguments, Results, in_file_name};
use crate::terminal;

/// A question asked.
#[derive(clap::Args)]
pub struct Ask {
    #[command(flatten)]
    inputs: InputArguments,

    /// The question, in English.
    #[arg(long, short, value_name = "TEXT")]
    question: String,

    /// The answers to explain; those between plus signs add up [default: the most probable one].
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
}

/// The help of what `ask` shares with other commands.
pub fn with_help(command: clap::Command) -> clap::Command {
    of_language(
        command,
        "The layer to explain [default: head, from which the answer is read]. `--merge` makes one map of several layers",
        "The number to explain: logit, probability, contrast:ANSWER, counterfactual, log-probability",
    )
}

/// How many of the best answers are told.
const TOLD: usize = 3;

impl Ask {
    pub async fn run(self) -> Result<(), Failure> {
        self.results.style()?;
        let progress = progress();
        let mut clock = Clock::start();
        let (questions, opened) =
            self.inputs.prepare_language(&progress, async |file| file.load_questions().await).await?;
        let answers: Vec<ClassSum> =
            self.answer.iter().map(|answer| questions.answer(answer)).collect::<Result<_, _>>()?;
        let request = self.methods.request_naming(|name| match questions.answer(name)?.classes() {
            &[answer] => Ok(answer),
            _ => Err(format!("“{name}” are several answers; contrast with one, such as contrast:red").into()),
        })?;
        let read = questions.vocabulary().read(&self.question)?;
        let unknown: Vec<String> = read.unknown().map(String::from).collect();
        if !unknown.is_empty() {
            progress.suspend(|| {
                terminal::tell(format!("note: the network does not know these words: {}", unknown.join(", ")))
            });
        }
        let prepared = opened.with(questions.ask(&self.question)?, &progress)?;
        clock.lap("prepare");
        progress.set_message("explaining");
        let (model, request) = (&prepared.model, Request { classes: answers, ..request });
        let explanation = model.explain_watched(&prepared.input, &request, &watch(&progress)).await?;
        clock.laps(&explanation.times);
        let scores = &explanation.scores;
        for answer in scores.top(TOLD) {
            let (name, percent) = (&questions.answers()[answer], 100.0 * scores.probabilities[answer]);
            progress.suspend(|| terminal::tell(format!("answer: {}, {percent:.1} %", printable(name))));
        }
        let name = |answer: &ClassSum| {
            let names: Vec<&str> =
                answer.classes().iter().map(|&class| &*questions.answers()[class]).collect();
            in_file_name(&names.join("+"))
        };
        let Results { run, details, maps, logits, sentences } =
            results(&prepared, &request, &explanation, name);
        let question = Question { text: self.question, words: read.words, unknown };
        let details = Details { question, answers: details };
        self.results
            .write(&prepared, Results { run, details, maps, logits, sentences }, clock, &progress)
            .await
    }
}
