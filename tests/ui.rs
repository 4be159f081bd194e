//! What compiles, and what does not and says why.
#![cfg(all(feature = "input", feature = "image"))]

#[test]
fn mistakes_are_refused_with_a_message_and_the_rest_compiles() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/fail/*.rs");
    cases.pass("tests/ui/pass/*.rs");
}
