//! Arguments that are numbers. The error for another text, or a number out of bounds, says the bounds.

use std::ops::RangeInclusive;
use std::str::FromStr;

/// Reads a whole number within `bounds`.
pub fn whole<T>(bounds: RangeInclusive<u64>) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync
where
    T: TryFrom<u64>,
{
    move |text| {
        let number = text.trim().parse::<u64>().ok().filter(|number| bounds.contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        number.ok_or_else(|| format!("pass a whole number, {} to {}", bounds.start(), bounds.end()))
    }
}

/// Reads a number; its user checks the `bounds`, which are words for the error.
pub fn number(bounds: &'static str) -> impl Fn(&str) -> Result<f32, String> + Clone + Send + Sync {
    move |text| text.trim().parse().map_err(|_| format!("pass a number, {bounds}"))
}

/// Reads the means of three colours.
pub fn means(text: &str) -> Result<[f32; 3], String> {
    colours(text, |_| true).ok_or_else(|| "pass three numbers, such as 0.485,0.456,0.406".into())
}

/// Reads the standard deviations of three colours.
pub fn deviations(text: &str) -> Result<[f32; 3], String> {
    colours(text, |number| number > 0.0)
        .ok_or_else(|| "pass three numbers above 0, such as 0.229,0.224,0.225".into())
}

/// Reads a colour.
pub fn colour(text: &str) -> Result<[u8; 3], String> {
    let parts: Result<Vec<u8>, _> = text.split(',').map(|part| part.trim().parse()).collect();
    let colour = parts.ok().and_then(|parts| parts.try_into().ok());
    colour.ok_or_else(|| "pass three whole numbers, 0 to 255, such as 114,114,114".into())
}

fn colours(text: &str, allowed: impl Fn(f32) -> bool) -> Option<[f32; 3]> {
    let numbers: Result<Vec<f32>, _> = text.split(',').map(|part| f32::from_str(part.trim())).collect();
    let numbers: [f32; 3] = numbers.ok()?.try_into().ok()?;
    numbers.iter().all(|&number| number.is_finite() && allowed(number)).then_some(numbers)
}
