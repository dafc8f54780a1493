//! Settings: the numbers that a method takes, each with its bounds and its default.

use std::str::FromStr;

use super::{METHODS, Method};
use crate::error::{error, unknown};
use crate::{Error, Result};

/// A number that a method takes: one of its [`settings`](super::Method::settings).
///
/// ```
/// let rise = cam_lucida::cam::method("rise")?;
/// let samples = rise.settings.iter().find(|setting| setting.name == "samples").unwrap();
/// assert_eq!((samples.default, samples.min, samples.whole), (1000.0, 1.0, true));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// The name on the command line.
    pub name: &'static str,
    /// What it does, in half a sentence.
    pub summary: &'static str,
    /// Its value unless another is given. Infinite: no limit.
    pub default: f64,
    /// The smallest value allowed.
    pub min: f64,
    /// The largest value allowed. Infinite: any.
    pub max: f64,
    /// Whether it takes whole numbers only.
    pub whole: bool,
}

impl Setting {
    /// How many inputs are averaged.
    pub(super) const fn samples(default: f64, summary: &'static str) -> Self {
        Self { name: "samples", summary, default, min: 1.0, max: 100_000.0, whole: true }
    }

    /// How wide the noise is.
    pub(super) const fn spread(summary: &'static str) -> Self {
        Self { name: "spread", summary, default: 0.15, min: 0.0, max: 10.0, whole: false }
    }

    /// A count of pixels or cells.
    pub(super) const fn count(name: &'static str, summary: &'static str, default: f64, max: f64) -> Self {
        Self { name, summary, default, min: 1.0, max, whole: true }
    }

    /// Where random numbers start, see [`Study::random`](super::Study::random).
    pub(super) const SEED: Self = Self {
        name: "seed",
        summary: "seed of the random numbers; the same seed gives the same map",
        default: 0.0,
        min: 0.0,
        max: u32::MAX as f64,
        whole: true,
    };

    /// The budget of methods that try every channel, see [`Study::channels`](super::Study::channels).
    pub(super) const MAX_CHANNELS: Self = Self {
        name: "max_channels",
        summary: "how many channels to try, starting with the highest mean activation",
        default: f64::INFINITY,
        min: 1.0,
        max: f64::INFINITY,
        whole: true,
    };

    fn check(&self, value: f64) -> Result<()> {
        let Self { name, min, max, whole, .. } = *self;
        if value.is_finite() && (!whole || value.fract() == 0.0) && (min..=max).contains(&value) {
            return Ok(());
        }
        Err(match (whole, max.is_finite()) {
            (true, true) => error!(
                Request,
                "setting-whole-range",
                "the setting {name} must be a whole number from {min} to {max}, found {value}",
                name,
                min,
                max,
                value
            ),
            (true, false) => error!(
                Request,
                "setting-whole-min",
                "the setting {name} must be a whole number of at least {min}, found {value}",
                name,
                min,
                value
            ),
            (false, _) => error!(
                Request,
                "setting-range",
                "the setting {name} must be a number from {min} to {max}, found {value}",
                name,
                min,
                max,
                value
            ),
        })
    }
}

/// Values given to settings by name.
///
/// ```
/// use cam_lucida::cam::{self, Settings};
///
/// let settings: Settings = "samples=32,spread=0.2".parse()?;
/// assert_eq!(settings.iter().collect::<Vec<_>>(), [("samples", 32.0), ("spread", 0.2)]);
///
/// settings.check(&[cam::method("smooth-grad")?])?;
/// let error = settings.check(&[cam::method("grad-cam")?]).unwrap_err();
/// assert_eq!(error.to_string(), "grad-cam has no setting `samples`; leave it out");
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings(Vec<(String, f64)>);

impl Settings {
    /// Gives setting `name` a value, which replaces any earlier one.
    pub fn set(&mut self, name: &str, value: f64) {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.into(), value));
    }

    /// The values given, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(name, value)| (name.as_str(), *value))
    }

    /// The value given to `setting`, or its default.
    pub fn value(&self, setting: &Setting) -> f64 {
        self.iter().find(|(name, _)| *name == setting.name).map_or(setting.default, |(_, value)| value)
    }

    /// Checks that at least one of `methods` has each setting, and that each value is within the setting's bounds.
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
                return Err(unknown("setting", name, names));
            }
            let methods: Vec<&str> = methods.iter().map(|method| method.name).collect();
            let verb = if methods.len() == 1 { "has" } else { "have" };
            let methods = methods.join(" and ");
            return Err(error!(
                Request,
                "setting-unused", "{methods} {verb} no setting `{name}`; leave it out", name, methods, verb
            ));
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
                let wrong = || {
                    error!(
                        Request,
                        "setting-syntax",
                        "`{found}` is not a setting; write a name and a number, such as samples=32",
                        found = pair
                    )
                };
                read.ok_or_else(wrong)
            })
            .collect()
    }
}
