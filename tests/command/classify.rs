//! `classify`: the classes of a picture.

use crate::{Desk, by_library, fixture};

#[test]
fn classify_names_the_classes() {
    let desk = Desk::new();
    let labels: Vec<String> = (0..10).map(|i| format!("kind {i}")).collect();
    std::fs::write(desk.path("labels.json"), serde_json::to_vec(&labels).unwrap()).unwrap();
    let output =
        desk.run("classify", &["-i", &fixture("photo.png"), "--labels", "labels.json", "--top", "3"]);
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 3);
    let (logits, ..) = by_library();
    let best = (0..10).max_by(|&a, &b| logits[a].total_cmp(&logits[b])).unwrap();
    assert!(text.lines().next().unwrap().contains(&format!("kind {best}")), "{text}");
}
