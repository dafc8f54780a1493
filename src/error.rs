//! One error for the whole crate, told apart by predicates.

use std::fmt;

/// What went wrong, in a sentence that says what was found, what is allowed and what to do.
///
/// The predicates tell whose input it was: [`is_image`](Self::is_image),
/// [`is_weights`](Self::is_weights), [`is_device`](Self::is_device),
/// [`is_request`](Self::is_request), [`is_cancelled`](Self::is_cancelled); [`kind`](Self::kind) names it in one word.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: Kind,
    message: String,
}

/// Result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Image,
    Weights,
    Device,
    Request,
    Cancelled,
}

impl Error {
    /// A device that failed in a way that only a front end can see, such as in what a browser logs.
    pub fn device_fault(what: &str) -> Self {
        Self::device(format!("the device failed, so its result is withheld: {what}"))
    }

    /// Something that must be given before the call, said in `message`.
    pub fn missing(message: &str) -> Self {
        Self::request(message)
    }

    pub(crate) fn image(message: impl fmt::Display) -> Self {
        Self::new(Kind::Image, message)
    }

    pub(crate) fn weights(message: impl fmt::Display) -> Self {
        Self::new(Kind::Weights, message)
    }

    pub(crate) fn device(message: impl fmt::Display) -> Self {
        Self::new(Kind::Device, message)
    }

    pub(crate) fn request(message: impl fmt::Display) -> Self {
        Self::new(Kind::Request, message)
    }

    pub(crate) fn cancelled() -> Self {
        Self::new(Kind::Cancelled, "cancelled before it was done; nothing has changed")
    }

    fn new(kind: Kind, message: impl fmt::Display) -> Self {
        Self { kind, message: message.to_string() }
    }

    /// `image`, `weights`, `device`, `request` or `cancelled`.
    pub fn kind(&self) -> &'static str {
        match self.kind {
            Kind::Image => "image",
            Kind::Weights => "weights",
            Kind::Device => "device",
            Kind::Request => "request",
            Kind::Cancelled => "cancelled",
        }
    }

    /// The picture could not be read.
    pub fn is_image(&self) -> bool {
        self.kind == Kind::Image
    }

    /// The weight file does not fit, or is damaged.
    pub fn is_weights(&self) -> bool {
        self.kind == Kind::Weights
    }

    /// The GPU is missing, was lost, or computes wrongly.
    pub fn is_device(&self) -> bool {
        self.kind == Kind::Device
    }

    /// The request names something that does not exist, or asks for what cannot be computed.
    pub fn is_request(&self) -> bool {
        self.kind == Kind::Request
    }

    /// Whoever watched the work broke it off.
    pub fn is_cancelled(&self) -> bool {
        self.kind == Kind::Cancelled
    }
}

/// `unknown` with what is allowed: the closest names first, then all of them if they are few.
pub(crate) fn unknown<'a>(what: &str, found: &str, allowed: impl IntoIterator<Item = &'a str>) -> Error {
    const SHOWN: usize = 24;
    let mut allowed: Vec<&str> = allowed.into_iter().collect();
    let total = allowed.len();
    if total > SHOWN {
        allowed.sort_by_key(|name| std::cmp::Reverse(shared_prefix(name, found)));
        allowed.truncate(SHOWN / 2);
    }
    let rest = match total - allowed.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let list = allowed.join(", ");
    Error::request(format!("unknown {what} `{found}`; choose one of: {list}{rest}"))
}

fn shared_prefix(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count()
}
