//! Wrong things that do not compile. Each file in `leaks/` is one, with what the compiler says of it beside.

#[test]
fn leaking_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/leaks/*.rs");
}
