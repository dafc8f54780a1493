//! What networks are there for: to classify a picture, or to read and write words about it.

use super::{Architecture, Description, Shapes};
use crate::error::error;
use crate::{Error, Result};

/// What a network does with a picture.
///
/// ```
/// use cam_lucida::network::{Architecture, Task};
///
/// let film = Architecture::named("film_small")?;
/// assert_eq!(film.task(), Task::QuestionAnswering);
/// let error = film.check_task(Task::Classification).unwrap_err();
/// assert!(error.to_string().contains("`cam-lucida ask`"));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// It scores classes.
    Classification,
    /// It scores the answers to a question.
    QuestionAnswering,
    /// It describes the picture, word by word.
    Captioning,
}

/// How an [`Architecture`] becomes a network.
#[derive(Clone, Copy)]
pub enum Design {
    /// In the language of the families.
    Classifier(fn(&Shapes) -> Result<Description>),
    /// As a [`Film`](super::language::Film).
    Film,
    /// As a [`Captioner`](super::language::Captioner).
    Captioner,
}

impl Architecture {
    /// What it does with a picture.
    pub fn task(&self) -> Task {
        match self.design {
            Design::Classifier(_) => Task::Classification,
            Design::Film => Task::QuestionAnswering,
            Design::Captioner => Task::Captioning,
        }
    }

    /// Checks that this is what it does.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request) when it does something else, saying how to use it.
    pub fn check_task(&self, task: Task) -> Result<()> {
        if self.task() == task { Ok(()) } else { Err(self.other_task()) }
    }

    /// It does something else than what it was asked for.
    pub(super) fn other_task(&self) -> Error {
        let (title, network) = (self.title, self.name);
        match self.task() {
            Task::Classification => error!(
                Request,
                "network-classifies",
                "{title} ({network}) scores classes and knows no words: give it a picture alone (`cam-lucida explain`)",
                title,
                network
            ),
            Task::QuestionAnswering => error!(
                Request,
                "network-answers",
                "{title} ({network}) needs a question about the picture: ask it one (`cam-lucida ask`)",
                title,
                network
            ),
            Task::Captioning => error!(
                Request,
                "network-describes",
                "{title} ({network}) writes captions: let it write one (`cam-lucida caption`)",
                title,
                network
            ),
        }
    }
}
