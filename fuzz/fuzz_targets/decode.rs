//! Feeds the decoder with whatever the fuzzer thinks of. With `cargo install cargo-fuzz` and a
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

use javaser::{Limits, Parser, Value, decode, decode_many};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let _ = decode_many(bytes, limits).map_err(|error| error.to_string());
    let _ = decode(bytes, limits);
    let Ok(mut parser) = Parser::new(bytes, limits) else { return };
    while let Ok(Some(_)) = parser.read() {}
    let tree = parser.into_tree();
    for (id, _) in tree.nodes() {
        let _ = tree.view(Value::Node(id));
    }
});
