//! The words of a text, as networks of language read them.

/// The words of a text in lower case, without punctuation. "What's" is "what is".
pub fn split(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace("'s", " is").replace("’s", " is");
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(String::from).collect()
}
