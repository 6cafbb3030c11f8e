//! Feeds the decoder, and all that looks at what it made, with whatever the fuzzer thinks of. With `cargo install cargo-fuzz` and a
//! nightly toolchain:
//!
//! ```text
//! cargo +nightly fuzz run decode fuzz/corpus/decode tests/decode/fixtures -- -max_total_time=600
//! ```
//!
//! `fuzz/corpus/decode` is what earlier runs found worth keeping, made small by `cargo fuzz cmin`;
//! the tests read it too. The decoder is compiled in by its path: it is pure, so that no database
//! driver needs to be built for this.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[allow(dead_code)]
#[path = "../../src/javaser/mod.rs"]
mod javaser;

use javaser::{ClassFilter, Limits, Parser, OutputBudget, Search, Value, decode, decode_many, hex, json, preview};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let _ = decode_many(bytes, limits).map_err(|error| error.to_string());
    if let Ok(decoded) = decode(bytes, limits) {
        let mut search = Search::default();
        search.attribute("cart=*book*").unwrap();
        search.user("ali*").unwrap();
        let _ = search.matches(&decoded);
        let mut room = OutputBudget::of(&decoded.tree);
        for attribute in &decoded.session.attributes {
            let _ = preview(&decoded.tree, attribute.value, false, 100);
            let _ = json(&decoded.tree, attribute.value, true, &mut room).to_string();
        }
    }
    let _ = ClassFilter { gadgets: true, ..ClassFilter::default() }.refuses(bytes);
    let Ok(mut parser) = Parser::new(bytes, limits) else { return };
    while let Ok(Some(_)) = parser.read() {}
    let tree = parser.into_tree();
    for (id, _) in tree.nodes() {
        let _ = tree.view(Value::Node(id));
    }
    let _ = hex(&tree);
});
