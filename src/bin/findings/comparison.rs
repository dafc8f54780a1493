//! Whether the figures support a statement.

use crate::estimate::{Estimate, Sample};

/// How a figure is shown.
#[derive(Clone, Copy)]
pub enum Unit {
    /// A share, in percent.
    Share,
    /// A number as it is.
    Ratio,
}

/// Whether `more` is greater than `less`, as `what` claims, by the mean difference on the scenes that both were measured
/// on. Each is a sample, or why there is none.
pub fn judge(what: &str, unit: Unit, more: Result<Sample, String>, less: Result<Sample, String>) -> String {
    let (more, less) = match (more, less) {
        (Ok(more), Ok(less)) => (more, less),
        (Err(why), _) | (_, Err(why)) => return format!("{what}: **not tested**: {why}."),
    };
    let Some(difference) = more.minus(&less).estimate() else {
        return format!("{what}: **not tested**: no scene was measured for both.");
    };
    let outcome = outcome(&difference);
    let [more, less] =
        [more.shared_with(&less), less.shared_with(&more)].map(|shared| unit.show(shared.mean()));
    format!(
        "{what}: **{outcome}**: {more} against {less}, a difference of {}.",
        unit.show_difference(&difference)
    )
}

/// Whether `sample` is at least `least`, as `what` claims, by its mean.
pub fn reaches(what: &str, unit: Unit, sample: &Sample, least: f64) -> String {
    let Some(beyond) = sample.minus_constant(least).estimate() else {
        return format!("{what}: **not tested**: no scene was measured.");
    };
    let (mean, difference) = (unit.show(sample.mean()), unit.show_difference(&beyond));
    format!("{what}: **{}**: {mean}, a difference of {difference}.", outcome(&beyond))
}

/// What a difference says of the claim that it is positive.
fn outcome(difference: &Estimate) -> &'static str {
    if difference.low > 0.0 {
        "supported"
    } else if difference.high < 0.0 {
        "contradicted"
    } else {
        "not decided, since the interval of the difference holds zero"
    }
}

/// Whether a share cannot be told from one half, as `what` claims.
pub fn even(what: &str, share: Result<Sample, String>) -> String {
    let share = match share {
        Ok(share) => share,
        Err(why) => return format!("{what}: **not tested**: {why}."),
    };
    let Some(beyond) = share.minus_constant(0.5).estimate() else {
        return format!("{what}: **not tested**: no scene was measured.");
    };
    let contradicted = beyond.low > 0.0 || beyond.high < 0.0;
    let outcome =
        if contradicted { "contradicted" } else { "not contradicted, since the interval holds one half" };
    let (mean, difference) = (Unit::Share.show(share.mean()), Unit::Share.show_difference(&beyond));
    format!("{what}: **{outcome}**: {mean}, from one half a difference of {difference}.")
}

impl Unit {
    fn show(self, value: f64) -> String {
        match self {
            Self::Share => format!("{:.1} %", 100.0 * value),
            Self::Ratio => format!("{value:.2}"),
        }
    }

    fn show_difference(self, Estimate { mean, low, high, scenes }: &Estimate) -> String {
        match self {
            Self::Share => {
                let [mean, low, high] = [mean, low, high].map(|value| 100.0 * value);
                format!("{mean:+.1} points ({low:+.1} to {high:+.1}, {scenes} scenes)")
            }
            Self::Ratio => format!("{mean:+.2} ({low:+.2} to {high:+.2}, {scenes} scenes)"),
        }
    }
}
