//! Settings: the numbers that a method can be told, each with its bounds and its default.

use std::str::FromStr;

use super::{METHODS, Method};
use crate::{Error, Result};

/// A number that a method can be told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// The name on the command line.
    pub name: &'static str,
    /// What it does, in half a sentence.
    pub summary: &'static str,
    /// Its value unless another is given.
    pub default: f64,
    /// Least value.
    pub least: f64,
    /// Largest value.
    pub most: f64,
    /// Whether it counts something.
    pub whole: bool,
}

impl Setting {
    /// How many inputs are averaged.
    pub(super) const fn samples(default: f64, summary: &'static str) -> Self {
        Self { name: "samples", summary, default, least: 1.0, most: 100_000.0, whole: true }
    }

    /// How wide the noise is.
    pub(super) const fn spread(summary: &'static str) -> Self {
        Self { name: "spread", summary, default: 0.15, least: 0.0, most: 10.0, whole: false }
    }

    /// Where random numbers start.
    pub(super) const SEED: Self = Self {
        name: "seed",
        summary: "where the random numbers start: the same seed gives the same map",
        default: 0.0,
        least: 0.0,
        most: u32::MAX as f64,
        whole: true,
    };

    /// The budget of methods that try every channel.
    pub(super) const MAX_CHANNELS: Self = Self {
        name: "max_channels",
        summary: "tries only so many channels, those of the highest mean activation",
        default: f64::INFINITY,
        least: 1.0,
        most: f64::INFINITY,
        whole: true,
    };

    /// A count of pixels or cells.
    pub(super) const fn count(name: &'static str, summary: &'static str, default: f64, most: f64) -> Self {
        Self { name, summary, default, least: 1.0, most, whole: true }
    }

    fn check(&self, value: f64) -> Result<()> {
        let whole = !self.whole || value.fract() == 0.0;
        if value.is_finite() && whole && (self.least..=self.most).contains(&value) {
            return Ok(());
        }
        let kind = if self.whole { "a whole number" } else { "a number" };
        let bounds = match self.most {
            f64::INFINITY => format!("from {} on", self.least),
            most => format!("from {} to {most}", self.least),
        };
        Err(Error::request(format!("the setting {} is {kind} {bounds}, found {value}", self.name)))
    }
}

/// Values given to settings by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings(Vec<(String, f64)>);

impl Settings {
    /// Gives setting `name` a value, in place of one given before.
    pub fn set(&mut self, name: &str, value: f64) {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.into(), value));
    }

    /// The values given, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(name, value)| (name.as_str(), *value))
    }

    /// The value of setting `name` of `method`.
    pub(super) fn of(&self, method: &Method, name: &str) -> f64 {
        let given = self.iter().find(|(given, _)| *given == name).map(|(_, value)| value);
        let default = || method.settings.iter().find(|setting| setting.name == name).map(|s| s.default);
        given.or_else(default).unwrap_or_else(|| panic!("{} lists no setting `{name}`", method.name))
    }

    /// Checks that each value is of a setting that one of `methods` has, and within its bounds.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request), saying what is allowed.
    pub fn check(&self, methods: &[&'static Method]) -> Result<()> {
        for (name, value) in self.iter() {
            let named = |methods: &[&'static Method]| -> Vec<&'static Setting> {
                let all = methods.iter().flat_map(|method| method.settings);
                all.filter(|setting| setting.name == name).collect()
            };
            let used = named(methods);
            for setting in &used {
                setting.check(value)?;
            }
            if !used.is_empty() {
                continue;
            }
            if named(METHODS).is_empty() {
                let mut names: Vec<&str> = METHODS.iter().flat_map(|m| m.settings).map(|s| s.name).collect();
                names.sort_unstable();
                names.dedup();
                return Err(crate::error::unknown("setting", name, names));
            }
            let chosen: Vec<&str> = methods.iter().map(|method| method.name).collect();
            return Err(Error::request(format!(
                "the setting {name} means nothing to {}; leave it out",
                chosen.join(", ")
            )));
        }
        Ok(())
    }
}

impl FromIterator<(String, f64)> for Settings {
    fn from_iter<I: IntoIterator<Item = (String, f64)>>(given: I) -> Self {
        let mut settings = Self::default();
        given.into_iter().for_each(|(name, value)| settings.set(&name, value));
        settings
    }
}

/// Reads `name=value,name=value`.
impl FromStr for Settings {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let pairs = text.split(',').filter(|pair| !pair.trim().is_empty());
        pairs
            .map(|pair| {
                let value = |value: &str| value.trim().parse().ok();
                let read = pair.split_once('=').and_then(|(n, v)| Some((n.trim().to_string(), value(v)?)));
                read.ok_or_else(|| {
                    Error::request(format!("`{pair}` is no setting; write name=number, such as samples=32"))
                })
            })
            .collect()
    }
}
