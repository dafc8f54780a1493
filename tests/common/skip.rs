//! Tests that are skipped at run time, and that Cargo's summary counts as ignored. The built-in harness cannot do that:
//! a test that returns early counts as passed. A file of such tests sets `harness = false` in Cargo.toml.

#![allow(unused_imports, unused_macros)]

use std::fmt;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Completion, Trial};

/// Why a test cannot run on this machine.
#[derive(Clone)]
pub struct Skip(String);

impl Skip {
    pub fn new(reason: String) -> Self {
        Self(reason)
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A test, by its name; what it needs it asks for with `?`.
pub type Test = (&'static str, fn() -> Result<(), Skip>);

/// Runs `tests` with the arguments and the output of the built-in harness.
pub fn run(tests: Vec<Test>) -> ExitCode {
    let trial = |(name, test): Test| {
        Trial::ignorable_test(name, move || {
            Ok(match test() {
                Ok(()) => Completion::Completed,
                Err(skip) => Completion::ignored_with(skip),
            })
        })
    };
    libtest_mimic::run(&Arguments::from_args(), tests.into_iter().map(trial).collect()).exit_code()
}

/// The `main` of a test file without the built-in harness. The compiler warns of a test that is left out: it is dead code.
macro_rules! tests {
    ($($test:ident),* $(,)?) => {
        fn main() -> std::process::ExitCode {
            common::skip::run(vec![$((stringify!($test), $test)),*])
        }
    };
}
pub(crate) use tests;
