//! An argument that takes one of a table's names.

use std::ffi::OsStr;
use std::marker::PhantomData;
use std::str::FromStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Command};

/// Reads a `T` from its name. The help lists the names; the error of an unknown one is the library's.
#[derive(Clone)]
pub struct Choice<T> {
    names: Vec<&'static str>,
    chosen: PhantomData<T>,
}

impl<T> Choice<T> {
    /// One of `variants`.
    pub fn new<V: Copy + Into<&'static str>>(variants: &[V]) -> Self {
        Self { names: variants.iter().map(|&variant| variant.into()).collect(), chosen: PhantomData }
    }
}

impl<T> TypedValueParser for Choice<T>
where
    T: FromStr<Err = cam_lucida::Error> + Clone + Send + Sync + 'static,
{
    type Value = T;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<T, clap::Error> {
        let read = |text: &str| text.parse::<T>();
        read.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.names.iter().copied().map(PossibleValue::new)))
    }
}
