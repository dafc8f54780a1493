//! Grey pictures of 16 bits: X-rays, microscopes, depth. Their values seldom fill the 16 bits, so a window of them is shown.

use std::fmt;
use std::str::FromStr;

use crate::error::error;
use crate::{Error, Result};

/// The values of a grey picture of 16 bits that are shown as black and as white; what lies between is shown in proportion.
///
/// ```
/// use cam_lucida::picture::Window;
///
/// let window: Window = "0,4095".parse()?;
/// assert_eq!((window.low(), window.high()), (0, 4095));
/// assert!("9,9".parse::<Window>().unwrap_err().is_request());
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    low: u16,
    high: u16,
}

impl Window {
    /// From black to white.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request): `low` is not below `high`.
    pub fn new(low: u16, high: u16) -> Result<Self> {
        if low < high { Ok(Self { low, high }) } else { Err(unreadable(&format!("{low},{high}"))) }
    }

    /// What is shown as black.
    pub fn low(self) -> u16 {
        self.low
    }

    /// What is shown as white.
    pub fn high(self) -> u16 {
        self.high
    }

    /// The smallest and the largest of `values`, if they differ.
    pub(super) fn of(values: impl Iterator<Item = u16> + Clone) -> Option<Self> {
        Self::new(values.clone().min()?, values.max()?).ok()
    }

    /// A value in 8 bits, rounded to the nearest.
    pub(super) fn shown(self, value: u16) -> u8 {
        let span = u32::from(self.high - self.low);
        let above = u32::from(value.clamp(self.low, self.high) - self.low);
        ((255 * above + span / 2) / span) as u8
    }
}

impl Default for Window {
    /// All 16 bits.
    fn default() -> Self {
        Self { low: 0, high: u16::MAX }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.low, self.high)
    }
}

impl FromStr for Window {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let numbers = text
            .split_once(',')
            .and_then(|(low, high)| Some((low.trim().parse().ok()?, high.trim().parse().ok()?)));
        let (low, high) = numbers.ok_or_else(|| unreadable(text))?;
        Self::new(low, high)
    }
}

fn unreadable(found: &str) -> Error {
    error!(
        Request,
        "window",
        "a window is two whole numbers of 0 to {max}, the first the smaller, such as 0,4095; found `{found}`",
        max = u16::MAX,
        found
    )
}
