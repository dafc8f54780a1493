//! How far the work is: a spinner, a bar, and what is told beside it.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use cam_lucida::Note;
use cam_lucida::cam::Progress;
use indicatif::{ProgressBar, ProgressStyle};

use crate::terminal;

/// A spinner on a terminal, nothing in a pipe.
pub fn progress() -> ProgressBar {
    let progress = ProgressBar::new_spinner();
    progress.enable_steady_tick(Duration::from_millis(100));
    progress
}

/// Shows how many steps are done.
pub fn watch(progress: &ProgressBar) -> impl Fn(Progress) -> ControlFlow<()> {
    let pace = Cell::new(None);
    move |step| {
        let known = pace.take();
        let (next, estimate) = Pace::after(known, step, Instant::now());
        pace.set(Some(next));
        if let Some(estimate) = estimate.filter(|_| terminal::is_watched()) {
            progress.suspend(|| terminal::tell(estimate));
        }
        if progress.length() != Some(step.total as u64) {
            progress.set_length(step.total as u64);
            let style = ProgressStyle::with_template("{spinner} {msg} {wide_bar} {pos}/{len}, {eta} left");
            progress.set_style(style.expect("the template is a constant"));
        }
        progress.set_message(step.method);
        progress.set_position(step.done as u64);
        ControlFlow::Continue(())
    }
}

/// Tells notes, a line each.
pub fn tell_notes(progress: &ProgressBar, notes: &[Note]) {
    progress.suspend(|| notes.iter().for_each(|note| terminal::tell(format!("note: {note}"))));
}

/// How fast the steps of a method follow one another.
#[derive(Clone, Copy)]
struct Pace {
    /// The first step, and when it was done.
    first: Progress,
    since: Instant,
    told: bool,
}

impl Pace {
    /// What takes less is not worth a sentence.
    const LONG: Duration = Duration::from_secs(60);
    /// How long the pace is watched before it is told.
    const WATCHED: Duration = Duration::from_secs(2);

    /// The pace after one more step, and once for each method a sentence if it takes long.
    fn after(known: Option<Self>, step: Progress, now: Instant) -> (Self, Option<String>) {
        let same = |pace: &Self| pace.first.method == step.method && pace.first.total == step.total;
        let Some(pace) = known.filter(same) else {
            return (Self { first: step, since: now, told: false }, None);
        };
        let (done, took) = (step.done.saturating_sub(pace.first.done), now - pace.since);
        if pace.told || done == 0 || took < Self::WATCHED {
            return (pace, None);
        }
        let left = took.mul_f64((step.total - step.done) as f64 / done as f64);
        let sentence = format!(
            "note: {} takes {} passes of the network, about {} min more; fewer samples or steps, or a smaller input, take less",
            step.method,
            step.total,
            left.as_secs().div_ceil(60)
        );
        (Self { told: true, ..pace }, (left >= Self::LONG).then_some(sentence))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_says_once_how_many_passes_and_minutes_it_takes() {
        let step = |done| Progress { method: "masks", done, total: 100_000 };
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let (pace, said) = Pace::after(None, step(32), start);
        assert!(said.is_none());
        let (pace, said) = Pace::after(Some(pace), step(64), at(1));
        assert!(said.is_none(), "one second is too short to tell");
        let (pace, said) = Pace::after(Some(pace), step(1032), at(10));
        let said = said.unwrap();
        assert!(said.contains("100000 passes") && said.contains("about 17 min"), "{said}");
        assert!(Pace::after(Some(pace), step(2032), at(20)).1.is_none(), "once");
    }

    #[test]
    fn a_short_run_says_nothing() {
        let step = |done| Progress { method: "masks", done, total: 400 };
        let start = Instant::now();
        let (pace, _) = Pace::after(None, step(32), start);
        assert!(Pace::after(Some(pace), step(64), start + Duration::from_secs(3)).1.is_none());
    }
}
