//! What one map explains: a class, or several that add up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::target::check_class;
use crate::error::error;
use crate::{Error, Result};

/// A class, or several whose scores add up to the one number that is explained.
///
/// ```
/// use cam_lucida::cam::ClassSum;
///
/// let warm: ClassSum = "2+0".parse()?;
/// assert_eq!(warm, ClassSum::new([0, 2])?);
/// assert_eq!((warm.classes(), warm.single()), (&[0, 2][..], None));
/// assert_eq!(warm.to_string(), "0+2");
/// assert_eq!(ClassSum::each([7, 3]), [7, 3]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Ids", into = "Ids")]
pub struct ClassSum(
    /// At least one, ascending.
    Vec<usize>,
);

impl ClassSum {
    /// The sum of these classes, each of which counts once.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request) when there are none.
    pub fn new(classes: impl IntoIterator<Item = usize>) -> Result<Self> {
        let mut classes: Vec<usize> = classes.into_iter().collect();
        classes.sort_unstable();
        classes.dedup();
        if classes.is_empty() {
            return Err(error!(Request, "empty-class-sum", "a sum of classes needs at least one class"));
        }
        Ok(Self(classes))
    }

    /// Each class on its own.
    pub fn each(classes: impl IntoIterator<Item = usize>) -> Vec<Self> {
        classes.into_iter().map(Self::from).collect()
    }

    /// Its classes, ascending.
    pub fn classes(&self) -> &[usize] {
        &self.0
    }

    /// The class, if it is one alone.
    pub fn single(&self) -> Option<usize> {
        if let [class] = self.0[..] { Some(class) } else { None }
    }

    /// Checks that a network of `classes` classes has all of them.
    pub(crate) fn check(&self, classes: usize) -> Result<()> {
        self.0.iter().try_for_each(|&class| check_class(class, classes))
    }
}

impl From<usize> for ClassSum {
    fn from(class: usize) -> Self {
        Self(vec![class])
    }
}

impl PartialEq<usize> for ClassSum {
    fn eq(&self, class: &usize) -> bool {
        self.single() == Some(*class)
    }
}

impl fmt::Display for ClassSum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let classes: Vec<String> = self.0.iter().map(usize::to_string).collect();
        f.write_str(&classes.join("+"))
    }
}

impl FromStr for ClassSum {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let wrong = |_| {
            error!(
                Request,
                "class-syntax",
                "`{text}` is no class; write its number, or several that add up, such as 0+4",
                text
            )
        };
        let classes: std::result::Result<Vec<usize>, _> =
            text.split('+').map(|class| class.trim().parse()).collect();
        Self::new(classes.map_err(wrong)?)
    }
}

/// How data write it: a number, or a list of numbers.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Ids {
    One(usize),
    Several(Vec<usize>),
}

impl TryFrom<Ids> for ClassSum {
    type Error = Error;

    fn try_from(ids: Ids) -> Result<Self> {
        match ids {
            Ids::One(class) => Ok(class.into()),
            Ids::Several(classes) => Self::new(classes),
        }
    }
}

impl From<ClassSum> for Ids {
    fn from(sum: ClassSum) -> Self {
        match sum.0[..] {
            [class] => Self::One(class),
            _ => Self::Several(sum.0),
        }
    }
}
