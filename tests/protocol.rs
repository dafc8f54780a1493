//! The TypeScript declarations of the web engine's messages, made from its Rust types.

#[path = "common/committed.rs"]
mod committed;
// The engine alone makes messages.
#[allow(dead_code)]
#[path = "../src/bin/web/messages/mod.rs"]
mod messages;

use committed::assert_committed;
use messages::{
    About, Asked, Compare, Compared, CoverMeasured, CurveMeasured, Decomposed, Draw, Explain, ExplainPhrase,
    Explained, FreshLoaded, FreshModules, LanguageLoaded, Loaded, LookInside, MeasureCover, MeasureCurve,
    ModelFiles, Opened, PhraseExplained, Profiled, RawMap, Score, Scored, Sheet, Start, Step, TextRead,
    Thrown, Write, Written,
};
use ts_rs::{Config, ExportError, TS};

type Export = fn(&Config) -> Result<(), ExportError>;

/// Every message with all that it holds, in alphabetical order.
fn export(config: &Config) -> Result<(), ExportError> {
    let messages: [Export; 32] = [
        About::export_all,
        Asked::<'static>::export_all,
        Compare::export_all,
        Compared::export_all,
        CoverMeasured::export_all,
        CurveMeasured::export_all,
        Decomposed::export_all,
        Draw::export_all,
        Explain::export_all,
        ExplainPhrase::export_all,
        Explained::export_all,
        FreshLoaded::<'static>::export_all,
        FreshModules::export_all,
        LanguageLoaded::<'static>::export_all,
        Loaded::<'static>::export_all,
        LookInside::export_all,
        MeasureCover::export_all,
        MeasureCurve::export_all,
        ModelFiles::export_all,
        Opened::export_all,
        PhraseExplained::export_all,
        Profiled::export_all,
        RawMap::export_all,
        Score::export_all,
        Scored::export_all,
        Sheet::export_all,
        Start::export_all,
        Step::export_all,
        TextRead::export_all,
        Thrown::<'static>::export_all,
        Write::export_all,
        Written::export_all,
    ];
    messages.into_iter().try_for_each(|export| export(config))
}

#[test]
fn the_declarations_are_those_of_the_engine() {
    let folder = tempfile::tempdir().unwrap();
    export(&Config::new().with_out_dir(folder.path())).unwrap();
    let generated = std::fs::read_to_string(folder.path().join("protocol.d.ts")).unwrap();
    let generated: String = generated.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    assert_committed("www/engine/protocol.d.ts", &generated, "--test protocol");
}
